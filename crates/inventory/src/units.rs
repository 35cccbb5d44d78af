//! The organizational units: their names, and which accounts are in them.

use std::collections::BTreeMap;

use aws::{Connection, Trouble};
use futures_util::{StreamExt, stream};
use model::AccountId;

use crate::{
    StartError,
    calls::{
        list_accounts::ListedAccount, list_accounts_for_parent::list_accounts_for_parent,
        list_organizational_units_for_parent::list_organizational_units_for_parent,
        list_roots::list_roots,
    },
    pace::Pace,
};

/// How many units are asked about at once. AWS allows 5 such calls a second, 8 in a burst.
const AT_ONCE: usize = 4;

/// The tree of organizational units, as far as it was seen.
#[derive(Default)]
pub(crate) struct Units {
    /// Names and parents by identifier. A unit directly below the root has the root as parent.
    by_id: BTreeMap<String, Unit>,
    /// The root above them; there is one.
    roots: Vec<String>,
    /// The unit or root of each account, where it had to be asked for.
    parents: BTreeMap<AccountId, String>,
    /// What kept some of it from being seen.
    pub(crate) trouble: Option<Trouble>,
}

struct Unit {
    name: String,
    parent: String,
}

impl Units {
    /// Returns a tree of which nothing was seen.
    pub(crate) fn unseen(why: Trouble) -> Self {
        Self {
            trouble: Some(why),
            ..Self::default()
        }
    }

    /// Walks the tree.
    pub(crate) async fn walk(connection: &Connection, pace: &Pace) -> Self {
        let roots = list_roots(connection, pace).await;
        let mut tree = Self {
            trouble: roots.trouble,
            roots: roots.items.iter().map(|it| it.id.clone()).collect(),
            ..Self::default()
        };
        let mut level = tree.roots.clone();
        while !level.is_empty() {
            let asked = stream::iter(level).map(|parent| async move {
                let units = list_organizational_units_for_parent(connection, pace, &parent).await;
                (parent, units)
            });
            let answers: Vec<_> = asked.buffered(AT_ONCE).collect().await;
            level = Vec::new();
            for (parent, units) in answers {
                tree.trouble = tree.trouble.or(units.trouble);
                for unit in units.items {
                    let of_it = Unit {
                        name: unit.name,
                        parent: parent.clone(),
                    };
                    // A unit that comes twice would be walked for ever.
                    if tree.by_id.insert(unit.id.clone(), of_it).is_none() {
                        level.push(unit.id);
                    }
                }
            }
        }
        tree
    }

    /// Asks which accounts are in each unit, where `ListAccounts` did not say where an account is.
    pub(crate) async fn locate(&mut self, connection: &Connection, pace: &Pace) {
        let parents: Vec<_> = self
            .roots
            .iter()
            .chain(self.by_id.keys())
            .cloned()
            .collect();
        let asked = stream::iter(parents).map(|parent| async move {
            let accounts = list_accounts_for_parent(connection, pace, &parent).await;
            (parent, accounts)
        });
        let answers: Vec<_> = asked.buffered(AT_ONCE).collect().await;
        for (parent, accounts) in answers {
            self.trouble = self.trouble.take().or(accounts.trouble);
            let located = accounts.items.into_iter().map(|it| (it.id, parent.clone()));
            self.parents.extend(located);
        }
    }

    /// Returns the identifier of the root above an account; `None` if the account's place is not known.
    pub(crate) fn root_above(&self, account: &ListedAccount) -> Option<String> {
        if let Some(root) = account.root() {
            return Some(root.to_owned());
        }
        let mut at = self.parents.get(&account.id)?;
        // A tree is at most five deep; a longer chain is a loop in a malformed answer.
        for _ in 0..100 {
            if self.roots.contains(at) {
                return Some(at.clone());
            }
            at = &self.by_id.get(at)?.parent;
        }
        None
    }

    /// Returns the names of all units by their identifiers.
    pub(crate) fn names(&self) -> BTreeMap<String, String> {
        let name = |(id, unit): (&String, &Unit)| (id.clone(), unit.name.clone());
        self.by_id.iter().map(name).collect()
    }

    /// Returns the identifiers of the units above an account, outermost first; empty at the root or if unknown.
    pub(crate) fn above(&self, account: &ListedAccount) -> Vec<String> {
        if let Some(units) = account.units() {
            return units;
        }
        let mut chain = Vec::new();
        let mut at = self.parents.get(&account.id);
        while let Some((id, unit)) = at.and_then(|id| Some((id, self.by_id.get(id)?))) {
            chain.push(id.clone());
            at = Some(&unit.parent);
        }
        chain.reverse();
        chain
    }

    /// Returns the names of units, joined by `/`; a unit whose name was not seen stands as its identifier.
    pub(crate) fn path(&self, chain: &[String]) -> String {
        let name = |id: &String| {
            self.by_id
                .get(id)
                .map_or(id.as_str(), |it| it.name.as_str())
                .to_owned()
        };
        chain.iter().map(name).collect::<Vec<_>>().join("/")
    }

    /// Returns the identifier of the unit that was given by identifier, path or name.
    ///
    /// # Errors
    ///
    /// Fails if there is none, or if several have the name.
    pub(crate) fn find(&self, given: &str) -> Result<String, StartError> {
        let given_path = given.trim_matches('/');
        // Where the tree was not seen, the accounts' own paths tell whether there is such a unit.
        let may_be = given.starts_with("ou-") && self.trouble.is_some();
        if self.by_id.contains_key(given) || may_be {
            return Ok(given.to_owned());
        }
        let matching = |matches: &dyn Fn(&str, &Unit) -> bool| -> Vec<String> {
            self.by_id
                .iter()
                .filter(|(id, unit)| matches(id, unit))
                .map(|(id, _)| id.clone())
                .collect()
        };
        let by_path = matching(&|id, _| self.path(&self.chain(id)) == given_path);
        let found = if by_path.is_empty() {
            matching(&|_, unit| unit.name == given)
        } else {
            by_path
        };
        match found.as_slice() {
            [one] => Ok(one.clone()),
            [] => Err(StartError::UnknownUnit {
                given: given.to_owned(),
                known: self.paths(),
            }),
            several => {
                let paths = several
                    .iter()
                    .map(|id| self.path(&self.chain(id)))
                    .collect();
                Err(StartError::AmbiguousUnit {
                    given: given.to_owned(),
                    paths,
                })
            }
        }
    }

    /// Returns the paths of all units, in alphabetical order.
    pub(crate) fn paths(&self) -> Vec<String> {
        let mut paths: Vec<_> = self
            .by_id
            .keys()
            .map(|id| self.path(&self.chain(id)))
            .collect();
        paths.sort();
        paths
    }

    /// Returns a unit and the units above it, outermost first.
    fn chain(&self, id: &str) -> Vec<String> {
        let mut chain = vec![id.to_owned()];
        let mut at = self.by_id.get(id);
        // A tree is at most five deep; a longer chain is a loop in a malformed answer.
        while let Some(unit) =
            at.filter(|it| self.by_id.contains_key(&it.parent) && chain.len() < 100)
        {
            chain.push(unit.parent.clone());
            at = self.by_id.get(&unit.parent);
        }
        chain.reverse();
        chain
    }
}
