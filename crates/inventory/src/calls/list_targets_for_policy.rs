use aws::{Connection, Resource, Service, Site, Trouble, api_call};
use model::Dataset;

use super::{Page, Pages, pages, present};
use crate::pace::Pace;

api_call! {
    /// Tells what a service control policy is attached to. Made once a run for each, and for each page: `FullAWSAccess`
    /// is attached to every account.
    {
        service: Service::Organizations,
        operation: "ListTargetsForPolicy",
        actions: &["organizations:ListTargetsForPolicy"],
        site: Site::Management,
        resource: Resource::Any,
        feeds: &[Dataset::ServiceControlPolicies],
        without: "service control policies are a gap in every member account",
    }
}

/// Lists the identifiers of the root, units and accounts that a policy is attached to.
pub(crate) async fn list_targets_for_policy(
    connection: &Connection,
    pace: &Pace,
    policy: &str,
) -> Pages<String> {
    let client = connection.organizations();
    pages(CALL.operation, async |token| {
        pace.turn(connection, CALL.operation).await;
        let request = client.list_targets_for_policy().policy_id(policy);
        let answer = request.max_results(20).set_next_token(token).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let targets = present(CALL.operation, answer.targets)?.into_iter();
        Ok(Page { items: targets.filter_map(|it| it.target_id).collect(), next: answer.next_token })
    })
    .await
}
