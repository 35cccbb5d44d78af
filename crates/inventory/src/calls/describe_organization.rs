use aws::{Connection, Resource, Service, Site, Trouble, api_call};
use model::{GapReason, Organization};

api_call! {
    /// Tells the organization's id and its management account. Any member account may ask.
    {
        service: Service::Organizations,
        operation: "DescribeOrganization",
        actions: &["organizations:DescribeOrganization"],
        site: Site::Management,
        resource: Resource::Any,
        feeds: &[],
        without: "the organization is told from the ARNs of its accounts",
    }
}

/// Returns the organization, or `None` if the caller's account is in none.
pub(crate) async fn describe_organization(
    connection: &Connection,
) -> Result<Option<Organization>, Trouble> {
    let answer = match connection.organizations().describe_organization().send().await {
        Ok(answer) => answer,
        Err(error) => {
            let trouble = Trouble::from_sdk(CALL.operation, &error);
            let none = trouble.code == "AWSOrganizationsNotInUseException";
            return if none { Ok(None) } else { Err(trouble) };
        }
    };
    let described = answer.organization().and_then(|it| {
        let management_account = it.master_account_id()?.parse().ok()?;
        Some(Organization { id: it.id()?.to_owned(), management_account })
    });
    let malformed = "the answer names no organization or no management account";
    described.map(Some).ok_or_else(|| Trouble::new(CALL.operation, GapReason::Malformed, malformed))
}
