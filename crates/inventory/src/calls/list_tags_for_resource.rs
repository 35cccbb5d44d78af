use std::time::Duration;

use aws::{Connection, Resource, Service, Site, Trouble, api_call};
use model::{AccountId, Dataset};

use super::{Page, pages};
use crate::{deadline::Deadline, pace::Pace};

api_call! {
    /// Tells an account's tags, of which the one is kept that names the account's owner. Made where `--owner-tag` asks
    /// for it, for each account.
    {
        service: Service::Organizations,
        operation: "ListTagsForResource",
        actions: &["organizations:ListTagsForResource"],
        site: Site::Management,
        resource: Resource::Any,
        feeds: &[Dataset::OwnerTag],
        without: "who owns an account is not seen, and it counts as nobody's",
    }
}

/// Returns the value of an account's tag; `None` if it has no such tag. Keys of tags differ by case.
///
/// What `allowed` bounds is how long AWS takes to answer. How long the account's turn does not come is no fault of the
/// account's: the limit is the organization's, and thousands of accounts may be before it.
pub(crate) async fn list_tags_for_resource(
    connection: &Connection,
    pace: &Pace,
    account: &AccountId,
    key: &str,
    allowed: Duration,
) -> Result<Option<Box<str>>, Trouble> {
    let client = connection.organizations();
    let read = pages(CALL.operation, async |token| {
        pace.turn(connection, CALL.operation).await;
        let request = client.list_tags_for_resource().resource_id(account.as_str());
        let answer = async {
            let answer = request.set_next_token(token).send().await;
            answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))
        };
        let deadline = Deadline::of_account(allowed, None);
        let answer = deadline.bound(CALL.operation, answer).await?;
        let tags = answer.tags.unwrap_or_default().into_iter();
        let own = tags.filter(|it| it.key == key).map(|it| it.value.into());
        Ok(Page { items: own.collect(), next: answer.next_token })
    })
    .await;
    match (read.items.into_iter().next(), read.trouble) {
        (Some(value), _) => Ok(Some(value)),
        (None, None) => Ok(None),
        (None, Some(trouble)) => Err(trouble),
    }
}
