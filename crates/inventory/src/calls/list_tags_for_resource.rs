use aws::{Connection, Resource, Service, Site, Trouble, api_call};
use model::{AccountId, Dataset};

use super::{Page, pages};
use crate::pace::Pace;

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
pub(crate) async fn list_tags_for_resource(
    connection: &Connection,
    pace: &Pace,
    account: &AccountId,
    key: &str,
) -> Result<Option<Box<str>>, Trouble> {
    let client = connection.organizations();
    let read = pages(CALL.operation, async |token| {
        pace.turn(connection, CALL.operation).await;
        let request = client.list_tags_for_resource().resource_id(account.as_str());
        let answer = request.set_next_token(token).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
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
