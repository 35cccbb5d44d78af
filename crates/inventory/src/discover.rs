//! Which accounts exist, and which are in scope.

mod listing;
mod survey;

use aws::{Connection, Trouble};
use model::{
    Account, AccountId, AccountKind, AccountState, Arn, GapReason, Organization, Partition, Scope,
    snapshot::ScopeFilter,
};

pub(crate) use self::survey::within;
pub use self::survey::{Listed, Survey};
use crate::{
    Pace, StartError,
    calls::{get_caller_identity::get_caller_identity, list_accounts::ListedAccount},
};

/// Which accounts to look for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reach {
    /// Those of the organization that the filter lets through.
    Organization(ScopeFilter),
    /// The caller's own alone.
    OwnAccount,
}

/// What was discovered, all at once.
#[derive(Clone, Debug)]
pub struct Discovery {
    /// Who asks.
    pub caller: Arn,
    /// The account the caller is in.
    pub own_account: AccountId,
    /// The organization; `None` for an account that belongs to none, or if nothing tells.
    pub organization: Option<Organization>,
    /// The accounts the filter lets through, in order of their ids; those not active included.
    pub accounts: Vec<Account>,
    /// What a reader should know, as sentences without a full stop.
    pub notes: Vec<String>,
}

/// Tells who asks.
///
/// # Errors
///
/// Fails if AWS does not say, or names an account that is none.
pub async fn caller(connection: &Connection) -> Result<(Arn, AccountId), StartError> {
    let caller = get_caller_identity(connection)
        .await
        .map_err(StartError::Caller)?;
    let own = caller
        .account()
        .parse()
        .map_err(|error: model::InvalidAccountId| {
            StartError::Caller(Trouble::new(
                "GetCallerIdentity",
                GapReason::Malformed,
                error.to_string(),
            ))
        })?;
    Ok((caller, own))
}

/// Discovers the accounts, and returns when all are listed. Where accounts are to be used as they come, use
/// [`Survey`].
///
/// # Errors
///
/// Fails if the accounts cannot be listed, or if the filter names what does not exist.
pub async fn discover(connection: &Connection, reach: &Reach) -> Result<Discovery, StartError> {
    let pace = Pace::new(1);
    let survey = Survey::begin(connection, &pace, reach).await?;
    let mut accounts = Vec::new();
    let listed = survey
        .accounts(None, async |account| accounts.push(account))
        .await?;
    for account in &mut accounts {
        account.ou_path = named(&account.ou_path, &listed.units);
    }
    accounts.sort_by(|one: &Account, other| one.id.cmp(&other.id));
    Ok(Discovery {
        caller: survey.caller,
        own_account: survey.own_account,
        organization: listed.organization,
        accounts,
        notes: [survey.notes, listed.notes].concat(),
    })
}

/// Returns a path of units by their names; a unit whose name was not seen stands as its identifier.
fn named(path: &str, units: &std::collections::BTreeMap<String, String>) -> String {
    let name = |id| units.get(id).map_or(id, String::as_str);
    let names = path.split('/').map(name).filter(|it| !it.is_empty());
    names.collect::<Vec<_>>().join("/")
}

/// What tells an account of the organization from a line of its list.
struct Membership<'a> {
    partition: &'a Partition,
    organization: Option<&'a Organization>,
}

impl Membership<'_> {
    /// Returns an account, the root above it and its units by their identifiers.
    fn account(&self, listed: &ListedAccount, root: Option<&str>, units: &[String]) -> Account {
        let management = self
            .organization
            .map(|it| it.management_account == listed.id);
        Account {
            id: listed.id.clone(),
            name: listed.name.clone(),
            partition: self.partition.clone(),
            kind: match management {
                Some(true) => AccountKind::Management,
                Some(false) => AccountKind::Member,
                None => AccountKind::Unstated,
            },
            scope: if listed.state.is_audited() {
                Scope::Audited
            } else {
                Scope::NotActive
            },
            state: listed.state.clone(),
            ou_path: root
                .into_iter()
                .chain(units.iter().map(String::as_str))
                .collect::<Vec<_>>()
                .join("/"),
        }
    }
}

/// Returns the caller's own account, of which Organizations was not asked.
fn own_account(
    caller: &Arn,
    id: &AccountId,
    organization: Option<&Organization>,
    in_organization: Option<bool>,
) -> Account {
    let management = organization.is_some_and(|it| it.management_account == *id);
    Account {
        id: id.clone(),
        name: String::new(),
        partition: caller.partition(),
        kind: match in_organization {
            _ if management => AccountKind::Management,
            Some(true) => AccountKind::Member,
            Some(false) => AccountKind::Standalone,
            None => AccountKind::Unstated,
        },
        state: AccountState::Unstated,
        scope: Scope::Audited,
        ou_path: String::new(),
    }
}

/// An account's ARN names its organization: `arn:aws:organizations::MANAGEMENT:account/ORGANIZATION/ACCOUNT`.
fn organization_of(account: &ListedAccount) -> Option<Organization> {
    let arn = account.arn.as_ref()?;
    let mut resource = arn.resource().split('/');
    let id = (resource.next() == Some("account")).then(|| resource.next())??;
    Some(Organization {
        id: id.to_owned(),
        management_account: arn.account().parse().ok()?,
    })
}
