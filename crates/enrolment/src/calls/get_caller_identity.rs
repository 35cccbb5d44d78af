use aws::{Connection, Resource, Service, Site, Trouble, api_call};
use model::{Arn, GapReason};

api_call! {
    /// Tells who calls, and so the account and the partition. AWS asks no permission for it.
    {
        service: Service::Sts,
        operation: "GetCallerIdentity",
        actions: &[],
        site: Site::Enrolment,
        resource: Resource::Any,
        feeds: &[],
        without: "needs no permission",
    }
}

/// Returns the caller's ARN.
pub(crate) async fn get_caller_identity(connection: &Connection) -> Result<Arn, Trouble> {
    let answer = connection.sts().get_caller_identity().send().await;
    let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    let arn = answer.arn().unwrap_or_default();
    arn.parse().map_err(|_| {
        Trouble::new(
            CALL.operation,
            GapReason::Malformed,
            format!("`{arn}` is not an ARN"),
        )
    })
}
