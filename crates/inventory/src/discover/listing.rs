//! The list of accounts as its pages come: which are in scope, each once.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use aws::Trouble;
use model::{Account, AccountId, GapReason, Organization, Partition, snapshot::ScopeFilter};

use super::{Membership, organization_of};
use crate::{
    StartError,
    calls::{Wanted, list_accounts::ListedAccount},
    units::Units,
};

/// How many pages without a new account are taken for a list without an end.
const NOTHING_NEW: usize = 20;

/// The list of accounts as its pages come.
pub(super) struct Listing<'a> {
    filter: &'a ScopeFilter,
    partition: &'a Partition,
    organization: Option<Organization>,
    /// The identifiers of the units that were asked for.
    units: Vec<String>,
    /// Accounts that were listed, each as a number: pages may overlap while accounts come and go.
    seen: HashSet<u64>,
    /// Accounts asked for by their ids: held until all are found, so that a mistyped one costs nothing.
    named: Vec<ListedAccount>,
    /// Accounts of which the list does not say where they are.
    unlocated: Vec<ListedAccount>,
    /// The identifiers of the roots that accounts are below (there is one).
    roots: BTreeSet<String>,
    /// How many are in the units that were asked for.
    in_units: usize,
    /// How many pages, one after the other, told of no account that was not known.
    nothing_new: usize,
}

impl<'a> Listing<'a> {
    pub(super) fn new(
        filter: &'a ScopeFilter,
        partition: &'a Partition,
        organization: Option<Organization>,
    ) -> Self {
        Self {
            filter,
            partition,
            organization,
            units: Vec::new(),
            seen: HashSet::new(),
            named: Vec::new(),
            unlocated: Vec::new(),
            roots: BTreeSet::new(),
            in_units: 0,
            nothing_new: 0,
        }
    }

    /// Finds the units that were asked for.
    pub(super) fn only_in(&mut self, tree: &Units) -> Result<(), StartError> {
        let given = self.filter.organizational_units.iter();
        self.units = given.map(|it| tree.find(it)).collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Returns what is wrong with a list that told nothing new for many pages.
    pub(super) fn endless(&self) -> Option<Trouble> {
        let detail = || {
            let accounts = self.seen.len();
            format!("AWS gives page after page without another account, after {accounts} of them")
        };
        let endless = self.nothing_new >= NOTHING_NEW;
        endless.then(|| Trouble::new("ListAccounts", GapReason::Malformed, detail()))
    }

    /// Takes a page.
    pub(super) async fn page(
        &mut self,
        page: Vec<ListedAccount>,
        found: &mut impl AsyncFnMut(Account),
    ) -> Wanted {
        let known = self.seen.len();
        for account in page {
            if !self.seen.insert(account.id.number()) {
                continue;
            }
            if self.organization.is_none() {
                self.organization = organization_of(&account);
            }
            if !self.filter.accounts.is_empty() {
                if self.filter.accounts.contains(&account.id) {
                    self.named.push(account);
                }
            } else if self.filter.excluded_accounts.contains(&account.id) {
                // Listed, so that it is known to exist.
            } else if let Some(units) = account.units() {
                let root = account.root().map(str::to_owned);
                self.pass(&account, root, &units, found).await;
            } else {
                self.unlocated.push(account);
            }
        }
        self.nothing_new = if self.seen.len() == known {
            self.nothing_new + 1
        } else {
            0
        };
        if self.nothing_new >= NOTHING_NEW {
            return Wanted::Enough;
        }
        let names: HashSet<_> = self.filter.accounts.iter().collect();
        if !names.is_empty() && self.named.len() == names.len() {
            Wanted::Enough
        } else {
            Wanted::More
        }
    }

    /// Hands on what was held, and returns what a reader should know.
    pub(super) async fn finish(
        &mut self,
        tree: &Units,
        whole: bool,
        found: &mut impl AsyncFnMut(Account),
    ) -> Result<Vec<String>, StartError> {
        let is_named = |id: &AccountId| self.named.iter().any(|it| it.id == *id);
        if whole && let Some(unknown) = self.filter.accounts.iter().find(|it| !is_named(it)) {
            return Err(StartError::UnknownAccount(unknown.clone()));
        }
        let excluded = &self.filter.excluded_accounts;
        let mut notes = Vec::new();
        if self.filter.accounts.is_empty() {
            let unknown = excluded
                .iter()
                .filter(|it| !self.seen.contains(&it.number()));
            notes.extend(
                unknown
                    .map(|it| format!("account {it} was excluded and is not in the organization")),
            );
        }
        let named = std::mem::take(&mut self.named).into_iter();
        let held = named.filter(|it| !excluded.contains(&it.id));
        let held: Vec<_> = held.chain(std::mem::take(&mut self.unlocated)).collect();
        for account in &held {
            // An account whose unit was not seen may be in the one asked for.
            if let Some(trouble) = &tree.trouble
                && account.path.is_none()
                && !self.units.is_empty()
            {
                return Err(StartError::Listing(trouble.clone()));
            }
            let root = tree.root_above(account);
            self.pass(account, root, &tree.above(account), found).await;
        }
        if whole && self.in_units == 0 && tree.trouble.is_some() {
            // The tree was not seen, and no account says that it is in such a unit.
            if let Some(given) = self.units.first() {
                return Err(StartError::UnknownUnit {
                    given: given.clone(),
                    known: tree.paths(),
                });
            }
        }
        if let Some(trouble) = &tree.trouble {
            notes.push(format!(
                "not all organizational units were seen: {}",
                trouble.detail
            ));
        }
        Ok(notes)
    }

    /// Tells whether some accounts must be asked for unit by unit.
    pub(super) fn has_unlocated(&self) -> bool {
        !self.unlocated.is_empty() || self.named.iter().any(|it| it.path.is_none())
    }

    /// Returns the names of what paths are made of, by identifier. A root's is empty: no path shows it.
    pub(super) fn names(&self, tree: &Units) -> BTreeMap<String, String> {
        let roots = self.roots.iter().map(|it| (it.clone(), String::new()));
        tree.names().into_iter().chain(roots).collect()
    }

    /// Returns the organization, as the caller or the list told.
    pub(super) fn organization(&self) -> Option<Organization> {
        self.organization.clone()
    }

    async fn pass(
        &mut self,
        account: &ListedAccount,
        root: Option<String>,
        above: &[String],
        found: &mut impl AsyncFnMut(Account),
    ) {
        if !self.units.is_empty() && !above.iter().any(|it| self.units.contains(it)) {
            return;
        }
        self.in_units += 1;
        let membership = Membership {
            partition: self.partition,
            organization: self.organization.as_ref(),
        };
        let account = membership.account(account, root.as_deref(), above);
        self.roots.extend(root);
        found(account).await;
    }
}
