use aws::{Connection, Resource, Service, Site, Trouble, api_call};
use aws_sdk_organizations::types::PolicyType;
use model::Dataset;

use super::{Page, Pages, pages, present};
use crate::pace::Pace;

api_call! {
    /// Lists the organization's service control policies. Made once a run, for the rules that need them.
    {
        service: Service::Organizations,
        operation: "ListPolicies",
        actions: &["organizations:ListPolicies"],
        site: Site::Management,
        resource: Resource::Any,
        feeds: &[Dataset::ServiceControlPolicies],
        without: "service control policies are a gap in every member account",
    }
}

/// A service control policy.
#[derive(Clone, Debug)]
pub(crate) struct ListedPolicy {
    /// The identifier, `p-…`.
    pub(crate) id: String,
    /// The name.
    pub(crate) name: String,
}

/// Lists the service control policies.
pub(crate) async fn list_policies(connection: &Connection, pace: &Pace) -> Pages<ListedPolicy> {
    let client = connection.organizations();
    pages(CALL.operation, async |token| {
        pace.turn(connection, CALL.operation).await;
        let request = client.list_policies().filter(PolicyType::ServiceControlPolicy);
        let answer = request.max_results(20).set_next_token(token).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let policies = present(CALL.operation, answer.policies)?.into_iter();
        let items = policies.filter_map(|it| Some(ListedPolicy { id: it.id?, name: it.name.unwrap_or_default() }));
        Ok(Page { items: items.collect(), next: answer.next_token })
    })
    .await
}
