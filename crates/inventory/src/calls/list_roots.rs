use aws::{Connection, Resource, Service, Site, Trouble, api_call};
use aws_sdk_organizations::types::{PolicyType, PolicyTypeSummary, Root};

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

/// A root.
#[derive(Clone, Debug)]
pub(crate) struct ListedRoot {
    /// The identifier, `r-…`.
    pub(crate) id: String,
    /// Whether service control policies hold below it; `None` if the answer does not say.
    pub(crate) has_service_control_policies: Option<bool>,
}

/// Lists the roots (there is one).
pub(crate) async fn list_roots(connection: &Connection, pace: &Pace) -> Pages<ListedRoot> {
    let client = connection.organizations();
    pages(CALL.operation, async |token| {
        pace.turn(connection, CALL.operation).await;
        let answer = client.list_roots().set_next_token(token).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let items = present(CALL.operation, answer.roots)?.into_iter().filter_map(listed);
        Ok(Page { items: items.collect(), next: answer.next_token })
    })
    .await
}

/// Types that are enabled are named, and those that are being enabled or disabled.
fn listed(root: Root) -> Option<ListedRoot> {
    let holds = |types: Vec<PolicyTypeSummary>| {
        types.iter().any(|it| it.r#type == Some(PolicyType::ServiceControlPolicy))
    };
    Some(ListedRoot { id: root.id?, has_service_control_policies: root.policy_types.map(holds) })
}
