use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::Client;

use crate::codes::Pair;

api_call! {
    /// Binds a device to a user, by two consecutive codes of it.
    {
        service: Service::Iam,
        operation: "EnableMFADevice",
        actions: &["iam:EnableMFADevice"],
        site: Site::Enrolment,
        resource: Resource::User,
        feeds: &[],
        without: "no device can be enrolled",
    }
}

/// Enables a device for a user.
pub(crate) async fn enable_mfa_device(
    iam: &Client,
    user: &str,
    serial_number: &str,
    codes: &Pair,
) -> Result<(), Trouble> {
    let asked = iam
        .enable_mfa_device()
        .user_name(user)
        .serial_number(serial_number)
        .authentication_code1(codes.first.as_str())
        .authentication_code2(codes.second.as_str());
    let answer = asked.send().await;
    answer
        .map(drop)
        .map_err(|error| Trouble::from_sdk(CALL.operation, &error))
}
