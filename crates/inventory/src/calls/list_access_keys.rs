use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::{Client, types::StatusType};
use model::{AccessKeyStatus, Dataset, GapReason, Timestamp};

use super::{Page, distinct, pages};
use crate::credential_report::{SaidKey, Unsaid};

api_call! {
    /// Lists a user's access keys now: to confirm a failing user, and for users the report does not know.
    {
        service: Service::Iam,
        operation: "ListAccessKeys",
        actions: &["iam:ListAccessKeys"],
        site: Site::Member,
        resource: Resource::Any,
        feeds: &[Dataset::AccessKeys, Dataset::AccessKeyUse],
        without: "users that fail a rule about access keys cannot be confirmed, and are a gap",
    }
}

/// Returns the user's access keys.
pub(crate) async fn list_access_keys(iam: &Client, user: Option<&str>) -> Result<Vec<SaidKey>, Trouble> {
    let read = pages(CALL.operation, async |marker| {
        let answer = iam.list_access_keys().set_user_name(user.map(str::to_owned)).set_marker(marker).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let items = answer.access_key_metadata.into_iter().map(|it| SaidKey {
            id: it.access_key_id.map(Into::into),
            // Anything but `Active` (`Inactive`, and `Expired` since 2026) cannot sign a request.
            status: match it.status {
                Some(StatusType::Active) => AccessKeyStatus::Active,
                _ => AccessKeyStatus::Inactive,
            },
            created_at: it.create_date.and_then(|it| Timestamp::from_epoch_seconds(it.secs())).ok_or_else(no_date),
            last_used: Err(Unsaid { reason: GapReason::NotRequested, detail: String::new() }),
        });
        Ok(Page { items: items.collect(), next: answer.marker.filter(|_| answer.is_truncated) })
    })
    .await;
    match read.trouble {
        None => Ok(distinct(read.items, |it| it.id.clone())),
        Some(trouble) => Err(trouble),
    }
}

fn no_date() -> Unsaid {
    Unsaid { reason: GapReason::NotInEvidence, detail: "the answer has no `CreateDate`".to_owned() }
}
