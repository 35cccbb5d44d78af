use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::{Client, types::StatusType};
use model::{AccessKeyStatus, Dataset};

use super::{Page, pages};

api_call! {
    /// Lists a user's signing certificates now: to confirm a failing user, and for users the report does not know. With
    /// `--assume-root` the root user's too, in a session of its own, which AWS's task policy permits.
    {
        service: Service::Iam,
        operation: "ListSigningCertificates",
        actions: &["iam:ListSigningCertificates"],
        site: Site::Member,
        resource: Resource::Any,
        feeds: &[Dataset::SigningCertificates],
        without: "users with a signing certificate cannot be confirmed, and are a gap",
    }
}

/// Returns whether each signing certificate can be used; of the session's own user if none is named.
pub(crate) async fn list_signing_certificates(
    iam: &Client,
    user: Option<&str>,
) -> Result<Vec<AccessKeyStatus>, Trouble> {
    let read = pages(CALL.operation, async |marker| {
        let request = iam.list_signing_certificates().set_user_name(user.map(str::to_owned));
        let answer = request.set_marker(marker).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let items = answer.certificates.into_iter().map(|it| {
            if it.status == StatusType::Active { AccessKeyStatus::Active } else { AccessKeyStatus::Inactive }
        });
        Ok(Page { items: items.collect(), next: answer.marker.filter(|_| answer.is_truncated) })
    })
    .await;
    match read.trouble {
        Some(trouble) => Err(trouble),
        None => Ok(read.items),
    }
}
