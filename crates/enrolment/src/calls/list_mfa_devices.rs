use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::Client;
use model::{MfaDevice, Timestamp};

api_call! {
    /// Lists the devices that a user has, before one is added and to prove that it was.
    {
        service: Service::Iam,
        operation: "ListMFADevices",
        actions: &["iam:ListMFADevices"],
        site: Site::Enrolment,
        resource: Resource::User,
        feeds: &[],
        without: "the devices that the user has are not told, and that a device was enabled is not verified",
    }
}

/// Returns the devices of a user, in AWS's order.
pub(crate) async fn list_mfa_devices(iam: &Client, user: &str) -> Result<Vec<MfaDevice>, Trouble> {
    let pages = iam.list_mfa_devices().user_name(user).into_paginator();
    let items: Result<Vec<_>, _> = pages.items().send().collect().await;
    let items = items.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    let device = |it: &aws_sdk_iam::types::MfaDevice| {
        let enabled = Timestamp::from_epoch_seconds(it.enable_date().secs());
        MfaDevice::new(it.serial_number(), enabled)
    };
    Ok(items.iter().map(device).collect())
}
