use aws::{Connection, Resource, Service, Site, Trouble, api_call};

use super::{
    Page, Pages,
    list_accounts::{ListedAccount, listed},
    pages, present,
};
use crate::pace::Pace;

api_call! {
    /// Tells which accounts are directly in a root or organizational unit; asked only where `ListAccounts` gives no
    /// `Paths`.
    {
        service: Service::Organizations,
        operation: "ListAccountsForParent",
        actions: &["organizations:ListAccountsForParent"],
        site: Site::Management,
        resource: Resource::Any,
        feeds: &[],
        without: "where `ListAccounts` gives no `Paths`, accounts have no organizational unit",
    }
}

/// Lists the accounts directly below `parent`.
pub(crate) async fn list_accounts_for_parent(
    connection: &Connection,
    pace: &Pace,
    parent: &str,
) -> Pages<ListedAccount> {
    let client = connection.organizations();
    pages(CALL.operation, async |token| {
        pace.turn(connection, CALL.operation).await;
        let request = client.list_accounts_for_parent().parent_id(parent);
        let answer = request.max_results(20).set_next_token(token).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let items = present(CALL.operation, answer.accounts)?.into_iter().map(listed);
        Ok(Page { items: items.collect::<Result<_, _>>()?, next: answer.next_token })
    })
    .await
}
