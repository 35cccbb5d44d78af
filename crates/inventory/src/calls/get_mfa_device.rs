use std::collections::BTreeMap;

use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::Client;
use model::{Dataset, FidoCertifications};

api_call! {
    /// Tells how a passkey or security key of an IAM user is certified. Made for each such device where
    /// a rule or `--also fido-certifications` asks for it.
    {
        service: Service::Iam,
        operation: "GetMFADevice",
        actions: &["iam:GetMFADevice"],
        site: Site::Member,
        resource: Resource::Any,
        feeds: &[Dataset::FidoCertifications],
        without: "certifications are not seen",
    }
}

/// Returns the certifications of a user's FIDO device. AWS knows this operation for no other kind.
pub(crate) async fn get_mfa_device(
    iam: &Client,
    user: &str,
    serial_number: &str,
) -> Result<FidoCertifications, Trouble> {
    let asked = iam.get_mfa_device().user_name(user).serial_number(serial_number);
    let answer = asked.send().await;
    let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    let certifications: BTreeMap<_, _> = answer.certifications.unwrap_or_default().into_iter().collect();
    Ok(FidoCertifications { serial_number: serial_number.into(), certifications })
}
