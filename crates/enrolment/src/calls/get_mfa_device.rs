use std::collections::BTreeMap;

use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::Client;

api_call! {
    /// Tells how a passkey or security key is certified, when devices are listed.
    {
        service: Service::Iam,
        operation: "GetMFADevice",
        actions: &["iam:GetMFADevice"],
        site: Site::Enrolment,
        resource: Resource::User,
        feeds: &[],
        without: "certifications are not seen",
    }
}

/// Returns the certifications of a user's FIDO device. AWS knows this operation for no other kind.
pub(crate) async fn get_mfa_device(
    iam: &Client,
    user: &str,
    serial_number: &str,
) -> Result<BTreeMap<String, String>, Trouble> {
    let asked = iam.get_mfa_device().user_name(user).serial_number(serial_number);
    let answer = asked.send().await;
    let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    Ok(answer.certifications.unwrap_or_default().into_iter().collect())
}
