use aws::{Connection, Resource, Service, Site, Trouble, api_call};

use super::{Page, Pages, pages, present};
use crate::pace::Pace;

api_call! {
    /// Finds the root of the organization, above its organizational units.
    {
        service: Service::Organizations,
        operation: "ListRoots",
        actions: &["organizations:ListRoots"],
        site: Site::Management,
        resource: Resource::Any,
        feeds: &[],
        without: "organizational units are shown by their ids, and `--ou` takes ids only",
    }
}

/// Lists the identifiers of the roots (there is one).
pub(crate) async fn list_roots(connection: &Connection, pace: &Pace) -> Pages<String> {
    let client = connection.organizations();
    pages(CALL.operation, async |token| {
        pace.turn(connection, CALL.operation).await;
        let answer = client.list_roots().set_next_token(token).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let items = present(CALL.operation, answer.roots)?.into_iter().filter_map(|it| it.id);
        Ok(Page { items: items.collect(), next: answer.next_token })
    })
    .await
}
