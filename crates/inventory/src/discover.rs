//! Which accounts exist, and which are in scope.

use std::collections::BTreeMap;

use aws::{Connection, Trouble};
use model::{
    Account, AccountId, AccountKind, AccountState, Arn, GapReason, Organization, Partition, Scope,
    snapshot::ScopeFilter,
};

use crate::{
    StartError,
    calls::{
        describe_organization::describe_organization,
        get_caller_identity::get_caller_identity,
        list_accounts::{ListedAccount, list_accounts},
    },
    units::{Members, Units},
};

/// Which accounts to look for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reach {
    /// Those of the organization that the filter lets through.
    Organization(ScopeFilter),
    /// The caller's own alone.
    OwnAccount,
}

/// What was discovered before any account is collected.
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

/// Discovers the accounts.
///
/// # Errors
///
/// Fails if the accounts cannot be listed, or if the filter names what does not exist.
pub async fn discover(connection: &Connection, reach: &Reach) -> Result<Discovery, StartError> {
    let (caller, own_account) = caller(connection).await?;
    let described = describe_organization(connection).await;
    let mut discovery = Discovery {
        organization: described.clone().unwrap_or_default(),
        accounts: Vec::new(),
        notes: Vec::new(),
        caller,
        own_account,
    };
    match (reach, &described) {
        (Reach::OwnAccount, _) => {
            if let Err(trouble) = &described {
                let note = format!("the organization was not seen: {}", trouble.detail);
                discovery.notes.push(note);
            }
            discovery.accounts = vec![discovery.own(described.as_ref().ok().map(Option::is_some))];
        }
        (Reach::Organization(filter), Ok(None)) => discovery.standalone(filter)?,
        (Reach::Organization(filter), _) => discovery.members(connection, filter).await?,
    }
    Ok(discovery)
}

impl Discovery {
    /// An account that belongs to no organization is audited alone.
    fn standalone(&mut self, filter: &ScopeFilter) -> Result<(), StartError> {
        if let Some(given) = filter.organizational_units.first() {
            return Err(StartError::UnknownUnit {
                given: given.clone(),
                known: Vec::new(),
            });
        }
        let wanted = filter.accounts.iter().chain(&filter.excluded_accounts);
        if let Some(other) = wanted.into_iter().find(|it| **it != self.own_account) {
            return Err(StartError::UnknownAccount(other.clone()));
        }
        self.notes
            .push("the account belongs to no organization, and is audited alone".to_owned());
        if !filter.excluded_accounts.contains(&self.own_account) {
            self.accounts = vec![self.own(Some(false))];
        }
        Ok(())
    }

    /// Returns the caller's own account, of which Organizations was not asked.
    fn own(&self, in_organization: Option<bool>) -> Account {
        let id = self.own_account.clone();
        let management = self
            .organization
            .as_ref()
            .is_some_and(|it| it.management_account == id);
        Account {
            id,
            name: String::new(),
            partition: self.caller.partition(),
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

    async fn members(
        &mut self,
        connection: &Connection,
        filter: &ScopeFilter,
    ) -> Result<(), StartError> {
        let listed = list_accounts(connection).await;
        if let Some(trouble) = listed.trouble {
            return Err(self.why_unlisted(trouble));
        }
        let listed: BTreeMap<_, _> = listed
            .items
            .into_iter()
            .map(|it| (it.id.clone(), it))
            .collect();
        let listed: Vec<_> = listed.into_values().collect();
        if self.organization.is_none() {
            self.organization = listed.iter().find_map(organization_of);
        }
        for wanted in filter.accounts.iter().chain(&filter.excluded_accounts) {
            if listed.iter().all(|it| it.id != *wanted) {
                return Err(StartError::UnknownAccount(wanted.clone()));
            }
        }
        let located = listed.iter().all(|it| it.path.is_some());
        let members = if located {
            Members::Known
        } else {
            Members::Wanted
        };
        let units = Units::walk(connection, members).await;
        if let Some(trouble) = &units.trouble {
            // An account whose unit was not seen may be in the one asked for.
            if !located && !filter.organizational_units.is_empty() {
                return Err(StartError::Listing(trouble.clone()));
            }
            let note = format!("not all organizational units were seen: {}", trouble.detail);
            self.notes.push(note);
        }
        let wanted = filter
            .organizational_units
            .iter()
            .map(|it| units.find(it, &listed));
        let wanted: Vec<_> = wanted.collect::<Result<_, _>>()?;
        let partition = self.caller.partition();
        for account in &listed {
            let above = units.above(account);
            let in_units = wanted.is_empty() || above.iter().any(|it| wanted.contains(it));
            let named = filter.accounts.is_empty() || filter.accounts.contains(&account.id);
            if in_units && named && !filter.excluded_accounts.contains(&account.id) {
                let account = self.account(account, &partition, units.path(&above));
                self.accounts.push(account);
            }
        }
        Ok(())
    }

    fn account(&self, listed: &ListedAccount, partition: &Partition, ou_path: String) -> Account {
        let management = self
            .organization
            .as_ref()
            .map(|it| it.management_account == listed.id);
        Account {
            id: listed.id.clone(),
            name: listed.name.clone(),
            partition: partition.clone(),
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
            ou_path,
        }
    }

    /// A denial means another thing to the management account than to a member that is no administrator.
    fn why_unlisted(&self, trouble: Trouble) -> StartError {
        let management = self
            .organization
            .as_ref()
            .is_some_and(|it| it.management_account == self.own_account);
        if trouble.reason != GapReason::AccessDenied || management {
            return StartError::Listing(trouble);
        }
        let organization = self.organization.as_ref();
        StartError::PlainMember {
            account: self.own_account.clone(),
            organization: organization
                .map_or_else(|| "its organization".to_owned(), |it| it.id.clone()),
        }
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
