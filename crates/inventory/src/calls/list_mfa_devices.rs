use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::Client;
use model::{Dataset, MfaDevice, Timestamp};

use super::{Page, distinct, pages};

api_call! {
    /// Lists a user's MFA devices now: to confirm a failing user, for users whose device is no authenticator app, and
    /// for users the report does not know.
    {
        service: Service::Iam,
        operation: "ListMFADevices",
        actions: &["iam:ListMFADevices"],
        site: Site::Member,
        resource: Resource::Any,
        feeds: &[Dataset::MfaStatus, Dataset::MfaDevices],
        without: "failing users cannot be confirmed, and are a gap; passkeys are taken from the report, as of its time",
    }
}

/// Returns the user's devices. A list that could not be read to its end is no answer: one device more decides.
pub(crate) async fn list_mfa_devices(iam: &Client, user: Option<&str>) -> Result<Vec<MfaDevice>, Trouble> {
    let read = pages(CALL.operation, async |marker| {
        let answer = iam.list_mfa_devices().set_user_name(user.map(str::to_owned)).set_marker(marker).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let device = |it: aws_sdk_iam::types::MfaDevice| {
            let enabled_at = Timestamp::from_epoch_seconds(it.enable_date.secs());
            MfaDevice::new(&it.serial_number, enabled_at.filter(|it| *it != Timestamp::EPOCH))
        };
        let items = answer.mfa_devices.into_iter().map(device).collect();
        Ok(Page { items, next: answer.marker.filter(|_| answer.is_truncated) })
    })
    .await;
    match read.trouble {
        None => Ok(distinct(read.items, |it| Some(it.serial_number.clone()))),
        Some(trouble) => Err(trouble),
    }
}
