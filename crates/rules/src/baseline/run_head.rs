//! What a run was a run of: when, of which organization, in which scope, by which rules.

use std::collections::BTreeSet;

use model::{
    Account, AccountId, AccountState, Scope, Timestamp,
    snapshot::{Header, Mode, ScopeFilter},
};

use super::{AccountNow, change::Evaluated, names};
use crate::Rule;

/// What a run was a run of.
#[derive(Clone, Debug, Default)]
pub struct RunHead {
    /// When it began, if that is known.
    pub collected_at: Option<Timestamp>,
    /// The organization's identifier.
    pub organization: Option<String>,
    /// Which accounts were asked for.
    pub scope: ScopeFilter,
    /// How the accounts were found.
    pub accounts: AccountsFound,
    /// The rules that were evaluated.
    pub rules: BTreeSet<Box<str>>,
}

/// How the accounts of a run were found, which tells whether one that is missing is gone.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AccountsFound {
    /// They were listed to the end.
    Listed,
    /// The list was not read to its end.
    Cut,
    /// They are those that the evidence speaks of.
    #[default]
    InEvidence,
}

impl RunHead {
    /// Returns what a snapshot's header tells. A rule counts as evaluated if what it needs was asked for: what could
    /// never be seen is no verdict.
    pub fn of(header: &Header, rules: &[&'static Rule]) -> Self {
        let asked = &header.parameters.datasets;
        let evidence = header.mode == Mode::SavedEvidence;
        let evaluated = rules
            .iter()
            .filter(|rule| evidence || rule.datasets().all(|it| asked.contains(&it)));
        Self {
            collected_at: header.collected_at,
            organization: header.organization.as_ref().map(|it| it.id.clone()),
            scope: header.scope.clone(),
            accounts: match (header.mode, header.account_list.is_whole()) {
                (Mode::SavedEvidence, _) => AccountsFound::InEvidence,
                (Mode::ReportFirst | Mode::Live, true) => AccountsFound::Listed,
                (Mode::ReportFirst | Mode::Live, false) => AccountsFound::Cut,
            },
            rules: names(evaluated.map(|it| it.id)),
        }
    }

    pub(crate) fn evaluated(&self, rule: &str) -> Evaluated {
        if self.rules.contains(rule) {
            Evaluated::Yes
        } else {
            Evaluated::No
        }
    }

    /// Returns what this run knows of an account that it does not tell of, and that a run of `organization` did.
    ///
    /// Only a list that was read whole, of the same organization, proves that an account is gone.
    pub(crate) fn missing(&self, account: u64, organization: Option<&str>) -> AccountNow {
        let named = |ids: &[AccountId]| ids.iter().any(|it| it.number() == account);
        let scope = &self.scope;
        let left_out = named(&scope.excluded_accounts)
            || !scope.accounts.is_empty() && !named(&scope.accounts)
            || !scope.organizational_units.is_empty();
        let same = self.organization.is_some() && self.organization.as_deref() == organization;
        // Whoever names accounts does not list the organization.
        let all = scope.accounts.is_empty();
        match self.accounts {
            AccountsFound::Listed | AccountsFound::Cut if left_out => AccountNow::OutOfScope,
            AccountsFound::Listed if same && all => AccountNow::Gone,
            AccountsFound::Listed | AccountsFound::Cut | AccountsFound::InEvidence => {
                AccountNow::NotSeen
            }
        }
    }
}

impl AccountNow {
    /// Returns what a record tells of its account.
    pub(crate) fn of(account: &Account) -> Self {
        match (account.scope, &account.state) {
            (Scope::Audited, _) => Self::Audited,
            (Scope::NotActive, AccountState::Closed) => Self::Closed,
            (Scope::NotActive, _) => Self::NotActive,
        }
    }
}
