use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::Client;
use model::{Dataset, Presence};

use super::{Page, pages};

api_call! {
    /// Lists the root user's signing certificates, in a session of the root user itself, which AWS's task policy
    /// permits. Made with `--assume-root` alone.
    {
        service: Service::Iam,
        operation: "ListSigningCertificates",
        actions: &["iam:ListSigningCertificates"],
        site: Site::RootSession,
        resource: Resource::Any,
        feeds: &[Dataset::RootCredentials],
        without: "whether the root user has a signing certificate is taken from the account summary",
    }
}

/// Returns whether the session's own user has a signing certificate, active or not.
pub(crate) async fn list_signing_certificates(iam: &Client) -> Result<Presence, Trouble> {
    let read = pages(CALL.operation, async |marker| {
        let answer = iam.list_signing_certificates().set_marker(marker).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        Ok(Page { items: answer.certificates, next: answer.marker.filter(|_| answer.is_truncated) })
    })
    .await;
    match read.trouble {
        Some(trouble) => Err(trouble),
        None if read.items.is_empty() => Ok(Presence::Absent),
        None => Ok(Presence::Present),
    }
}
