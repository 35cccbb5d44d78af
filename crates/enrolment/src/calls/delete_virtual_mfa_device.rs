use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::Client;

api_call! {
    /// Removes a virtual device that nobody has enabled. AWS refuses to remove one that somebody has.
    {
        service: Service::Iam,
        operation: "DeleteVirtualMFADevice",
        actions: &["iam:DeleteVirtualMFADevice"],
        site: Site::Enrolment,
        resource: Resource::VirtualMfaDevice,
        feeds: &[],
        without: "what a failed enrolment leaves stays, and is told with the command that removes it",
    }
}

/// Deletes a virtual device.
pub(crate) async fn delete_virtual_mfa_device(
    iam: &Client,
    serial_number: &str,
) -> Result<(), Trouble> {
    let asked = iam.delete_virtual_mfa_device().serial_number(serial_number);
    let answer = asked.send().await;
    answer
        .map(drop)
        .map_err(|error| Trouble::from_sdk(CALL.operation, &error))
}
