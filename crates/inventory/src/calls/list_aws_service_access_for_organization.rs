use aws::{Connection, Resource, Service, Site, Trouble, api_call};

use super::{Page, Pages, pages, present};
use crate::pace::Pace;

api_call! {
    /// Tells whether IAM Identity Center is in use, whose users and their MFA no API shows.
    {
        service: Service::Organizations,
        operation: "ListAWSServiceAccessForOrganization",
        actions: &["organizations:ListAWSServiceAccessForOrganization"],
        site: Site::Management,
        resource: Resource::Any,
        feeds: &[],
        without: "whether Identity Center is in use is not seen",
    }
}

/// The name by which Organizations knows IAM Identity Center.
pub(crate) const IDENTITY_CENTER: &str = "sso.amazonaws.com";

/// Lists the services that are trusted in the organization, by their names.
pub(crate) async fn list_aws_service_access_for_organization(
    connection: &Connection,
    pace: &Pace,
) -> Pages<String> {
    let client = connection.organizations();
    pages(CALL.operation, async |token| {
        pace.turn(connection, CALL.operation).await;
        let asked = client.list_aws_service_access_for_organization();
        let answer = asked.set_next_token(token).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let services = present(CALL.operation, answer.enabled_service_principals)?;
        let items = services.into_iter().filter_map(|it| it.service_principal);
        Ok(Page { items: items.collect(), next: answer.next_token })
    })
    .await
}
