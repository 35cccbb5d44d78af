use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::Client;

use crate::codes::Pair;

api_call! {
    /// Tells AWS by two consecutive codes how far a device's clock is off.
    {
        service: Service::Iam,
        operation: "ResyncMFADevice",
        actions: &["iam:ResyncMFADevice"],
        site: Site::Enrolment,
        resource: Resource::User,
        feeds: &[],
        without: "no device can be resynchronized",
    }
}

/// Resynchronizes a user's device.
pub(crate) async fn resync_mfa_device(
    iam: &Client,
    user: &str,
    serial_number: &str,
    codes: &Pair,
) -> Result<(), Trouble> {
    let asked = iam
        .resync_mfa_device()
        .user_name(user)
        .serial_number(serial_number)
        .authentication_code1(codes.first.as_str())
        .authentication_code2(codes.second.as_str());
    let answer = asked.send().await;
    answer
        .map(drop)
        .map_err(|error| Trouble::from_sdk(CALL.operation, &error))
}
