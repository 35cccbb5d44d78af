use aws::{Connection, Resource, Service, Site, Trouble, api_call};

use super::{Page, Pages, pages, present};
use crate::pace::Pace;

api_call! {
    /// Names the organizational units below a root or unit.
    {
        service: Service::Organizations,
        operation: "ListOrganizationalUnitsForParent",
        actions: &["organizations:ListOrganizationalUnitsForParent"],
        site: Site::Management,
        resource: Resource::Any,
        feeds: &[],
        without: "organizational units are shown by their ids, and `--ou` takes ids only",
    }
}

/// An organizational unit.
#[derive(Clone, Debug)]
pub(crate) struct ListedUnit {
    /// The identifier, `ou-…`.
    pub(crate) id: String,
    /// The name.
    pub(crate) name: String,
}

/// Lists the units directly below `parent`.
pub(crate) async fn list_organizational_units_for_parent(
    connection: &Connection,
    pace: &Pace,
    parent: &str,
) -> Pages<ListedUnit> {
    let client = connection.organizations();
    pages(CALL.operation, async |token| {
        pace.turn(connection, CALL.operation).await;
        let request = client.list_organizational_units_for_parent().parent_id(parent);
        let answer = request.max_results(20).set_next_token(token).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let units = present(CALL.operation, answer.organizational_units)?.into_iter();
        let items = units.filter_map(|it| Some(ListedUnit { id: it.id?, name: it.name.unwrap_or_default() }));
        Ok(Page { items: items.collect(), next: answer.next_token })
    })
    .await
}
