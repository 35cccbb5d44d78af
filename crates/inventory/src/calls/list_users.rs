use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::Client;
use model::{Arn, Dataset, GapReason, Timestamp};

use super::{Page, Pages, pages};

api_call! {
    /// Lists the IAM users there are now: some may be newer than the credential report, some in it may be gone.
    {
        service: Service::Iam,
        operation: "ListUsers",
        actions: &["iam:ListUsers"],
        site: Site::Member,
        resource: Resource::Any,
        feeds: &[Dataset::IamUsers],
        without: "users are those of the credential report; users created since are a gap",
    }
}

/// A user as IAM lists it.
#[derive(Clone, Debug)]
pub(crate) struct ListedUser {
    /// The name.
    pub(crate) name: String,
    /// The ARN.
    pub(crate) arn: Arn,
    /// When it was created; `None` where the answer does not say.
    pub(crate) created_at: Option<Timestamp>,
    /// When its password was last used; `None` says nothing at all: never, no password, or not recorded.
    pub(crate) password_last_used: Option<Timestamp>,
}

/// Lists the users.
pub(crate) async fn list_users(iam: &Client) -> Pages<ListedUser> {
    pages(CALL.operation, async |marker| {
        let answer = iam.list_users().max_items(1000).set_marker(marker).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let mut items = Vec::with_capacity(answer.users.len());
        for user in answer.users {
            let arn = user.arn.parse().map_err(|error: model::InvalidArn| {
                Trouble::new(CALL.operation, GapReason::Malformed, error.to_string())
            })?;
            if user.user_name.is_empty() {
                return Err(Trouble::new(CALL.operation, GapReason::Malformed, "a user has no name"));
            }
            let time = |seconds| Timestamp::from_epoch_seconds(seconds);
            items.push(ListedUser {
                name: user.user_name,
                arn,
                // The SDK fills the epoch in where the answer lacks the date.
                created_at: time(user.create_date.secs()).filter(|it| *it != Timestamp::EPOCH),
                password_last_used: user.password_last_used.and_then(|it| time(it.secs())),
            });
        }
        Ok(Page { items, next: answer.marker.filter(|_| answer.is_truncated) })
    })
    .await
}
