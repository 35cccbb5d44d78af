use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::Client;

api_call! {
    /// Tells the account's alias, by which the authenticator app labels the entry.
    {
        service: Service::Iam,
        operation: "ListAccountAliases",
        actions: &["iam:ListAccountAliases"],
        site: Site::Enrolment,
        resource: Resource::Any,
        feeds: &[],
        without: "the app labels the entry with the account's id",
    }
}

/// Returns the account's alias, if it has one.
pub(crate) async fn list_account_aliases(iam: &Client) -> Result<Option<String>, Trouble> {
    let answer = iam.list_account_aliases().send().await;
    let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    // An account has one alias at most, by the IAM API reference.
    Ok(answer.account_aliases.into_iter().next())
}
