use aws::{Connection, Resource, Service, Site, Trouble, api_call};
use aws_sdk_organizations::types;
use model::{AccountId, AccountState, Arn, GapReason};

use super::{Page, Wanted, each_page, present};
use crate::pace::Pace;

api_call! {
    /// Lists the organization's accounts, with their states and the organizational units above them.
    {
        service: Service::Organizations,
        operation: "ListAccounts",
        actions: &["organizations:ListAccounts"],
        site: Site::Management,
        resource: Resource::Any,
        feeds: &[],
        without: "no audit of the organization; `--account self` audits the caller's account alone",
    }
}

/// An account as Organizations lists it.
#[derive(Clone, Debug)]
pub(crate) struct ListedAccount {
    /// The identifier.
    pub(crate) id: AccountId,
    /// `arn:aws:organizations::MANAGEMENT:account/ORGANIZATION/ACCOUNT`, where the answer has it.
    pub(crate) arn: Option<Arn>,
    /// The name; empty where the answer has none.
    pub(crate) name: String,
    /// The state, from `State` or, where that is missing, the older `Status`.
    pub(crate) state: AccountState,
    /// `o-…/r-…/ou-…/ACCOUNT/`, since 2026; `None` where the answer has none.
    pub(crate) path: Option<String>,
}

impl ListedAccount {
    /// Returns the identifiers of the units above the account, outermost first, where the answer says where it is.
    pub(crate) fn units(&self) -> Option<Vec<String>> {
        let steps = self.path.as_deref()?.split('/');
        Some(steps.filter(|it| it.starts_with("ou-")).map(str::to_owned).collect())
    }
}

impl ListedAccount {
    /// Returns the identifier of the root above the account, where the answer says where it is.
    pub(crate) fn root(&self) -> Option<&str> {
        self.path.as_deref()?.split('/').find(|it| it.starts_with("r-"))
    }
}

/// The most accounts on a page; AWS refuses more.
pub(crate) const PAGE: i32 = 20;

/// Lists the accounts, and hands on each page as it comes.
///
/// # Errors
///
/// Returns what kept the rest from being listed.
pub(crate) async fn list_accounts(
    connection: &Connection,
    pace: &Pace,
    each: impl AsyncFnMut(Vec<ListedAccount>) -> Wanted,
) -> Result<(), Trouble> {
    let client = connection.organizations();
    let fetch = async |token| {
        pace.turn(connection, CALL.operation).await;
        let answer = client.list_accounts().max_results(PAGE).set_next_token(token).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let items = present(CALL.operation, answer.accounts)?.into_iter().map(listed);
        Ok(Page { items: items.collect::<Result<_, _>>()?, next: answer.next_token })
    };
    each_page(CALL.operation, fetch, each).await
}

/// Reads one account of an answer.
pub(super) fn listed(account: types::Account) -> Result<ListedAccount, Trouble> {
    let id = account.id.unwrap_or_default();
    let id = id.parse().map_err(|error: model::InvalidAccountId| {
        Trouble::new(CALL.operation, GapReason::Malformed, error.to_string())
    })?;
    // `Status` is retired since 2026-09-09 but was still served then; either may be missing.
    let state = match (&account.state, &account.status) {
        (Some(state), _) => AccountState::from_aws(state.as_str()),
        (None, Some(status)) => AccountState::from_aws(status.as_str()),
        (None, None) => AccountState::Unstated,
    };
    Ok(ListedAccount {
        id,
        arn: account.arn.and_then(|it| it.parse().ok()),
        name: account.name.unwrap_or_default(),
        state,
        path: account.paths.and_then(|it| it.into_iter().next()).filter(|it| !it.is_empty()),
    })
}
