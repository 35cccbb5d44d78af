use aws::{Connection, Resource, Service, Site, Trouble, api_call};
use model::{Dataset, GapReason};

use crate::pace::Pace;

api_call! {
    /// Tells what a service control policy says. Made once a run for each that is attached to anything.
    {
        service: Service::Organizations,
        operation: "DescribePolicy",
        actions: &["organizations:DescribePolicy"],
        site: Site::Management,
        resource: Resource::Any,
        feeds: &[Dataset::ServiceControlPolicies],
        without: "service control policies are a gap in every account below what such a policy is attached to",
    }
}

/// Returns the document of a policy.
pub(crate) async fn describe_policy(
    connection: &Connection,
    pace: &Pace,
    policy: &str,
) -> Result<String, Trouble> {
    pace.turn(connection, CALL.operation).await;
    let answer = connection.organizations().describe_policy().policy_id(policy).send().await;
    let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    let content = answer.policy.and_then(|it| it.content);
    content.ok_or_else(|| Trouble::new(CALL.operation, GapReason::Malformed, "the answer has no document"))
}
