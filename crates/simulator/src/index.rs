//! Finds accounts and organizational units without walking through all of them.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::directory::Directory;
use crate::policy::Document;
use crate::random;
use crate::world::{Account, User, World};

/// Where a world's accounts and units are.
#[derive(Debug, Default)]
pub(crate) struct Index {
    accounts: HashMap<String, usize>,
    units: Vec<Unit>,
    unit_by_path: HashMap<String, usize>,
    unit_by_id: HashMap<String, usize>,
    children: HashMap<String, Children>,
    documents: HashMap<String, Document>,
    /// As many as there are accounts, in their order.
    directories: Vec<Directory>,
    /// The places of the users who own the active keys, and of their accounts. It is made when a key is first looked for.
    keys: OnceLock<HashMap<String, (usize, usize)>>,
}

/// A unit's id, and its path as AWS writes it, with its own id and a slash at the end.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub(crate) id: String,
    pub(crate) parent: String,
    pub(crate) path: String,
}

/// What a unit or the root holds, as places in the world.
#[derive(Debug, Default)]
pub(crate) struct Children {
    pub(crate) accounts: Vec<usize>,
    pub(crate) units: Vec<usize>,
}

static NO_CHILDREN: Children = Children {
    accounts: Vec::new(),
    units: Vec::new(),
};

impl Index {
    pub(crate) fn new(world: &World) -> Self {
        let mut index = Self::default();
        index.read_policies(world);
        index
            .directories
            .resize_with(world.accounts.len(), Directory::default);
        let Some(organization) = &world.organization else {
            index.list_accounts(world, "");
            return index;
        };
        let root = organization.root_id.as_str();
        let suffix = root.strip_prefix("r-").unwrap_or(root);
        for (place, unit) in world.ous.iter().enumerate() {
            let (named, code) = (
                unit.path(),
                random::code(&["unit", &unit.path()], 8).to_lowercase(),
            );
            let id = format!("ou-{suffix}-{code}");
            let holder = index
                .unit_by_path
                .get(&unit.parent)
                .and_then(|it| index.units.get(*it));
            let (parent, above) = match holder {
                Some(holder) => (holder.id.clone(), holder.path.clone()),
                None => (root.to_owned(), format!("{}/{root}/", organization.id)),
            };
            index
                .children
                .entry(parent.clone())
                .or_default()
                .units
                .push(place);
            index.unit_by_path.insert(named, place);
            index.unit_by_id.insert(id.clone(), place);
            index.units.push(Unit {
                path: format!("{above}{id}/"),
                id,
                parent,
            });
        }
        index.list_accounts(world, root);
        index
    }

    /// Returns an account's place in the world.
    pub(crate) fn account(&self, id: &str) -> Option<usize> {
        self.accounts.get(id).copied()
    }

    /// Returns where the users of the account with this id are.
    pub(crate) fn directory(&self, account: &str) -> Option<&Directory> {
        self.directories.get(self.account(account)?)
    }

    /// Returns the user who owns the active access key with this id, with the account.
    pub(crate) fn key_owner<'a>(
        &self,
        world: &'a World,
        key: &str,
    ) -> Option<(&'a Account, &'a User)> {
        let keys = self.keys.get_or_init(|| active_keys(world));
        let (account, user) = *keys.get(key)?;
        let account = world.accounts.get(account)?;
        Some((account, account.users.get(user)?))
    }

    /// Returns a policy of the world, which is read once, however many accounts have it.
    pub(crate) fn document(&self, text: &str) -> Option<&Document> {
        self.documents.get(text)
    }

    /// Returns the unit at a place in the world.
    pub(crate) fn unit(&self, place: usize) -> Option<&Unit> {
        self.units.get(place)
    }

    /// Returns the place of the unit with this id.
    pub(crate) fn unit_by_id(&self, id: &str) -> Option<usize> {
        self.unit_by_id.get(id).copied()
    }

    /// Returns the unit that the world names by this path.
    pub(crate) fn unit_by_path(&self, path: &str) -> Option<&Unit> {
        self.unit_by_path
            .get(path)
            .and_then(|it| self.units.get(*it))
    }

    /// Returns what the unit or root with this id holds.
    pub(crate) fn children(&self, id: &str) -> &Children {
        self.children.get(id).unwrap_or(&NO_CHILDREN)
    }

    fn read_policies(&mut self, world: &World) {
        let roles = world.accounts.iter().flat_map(|it| &it.roles);
        let texts = roles
            .flat_map(|it| [&it.policy, &it.boundary])
            .chain(world.scps.iter().map(|it| &it.policy))
            .chain([&world.caller.policy])
            .flatten();
        for text in texts {
            if !self.documents.contains_key(text)
                && let Ok(document) = Document::parse(text)
            {
                self.documents.insert(text.clone(), document);
            }
        }
    }

    fn list_accounts(&mut self, world: &World, root: &str) {
        for (place, account) in world.accounts.iter().enumerate() {
            self.accounts.insert(account.id.clone(), place);
            let parent = self
                .unit_by_path(&account.ou)
                .map_or(root, |it| it.id.as_str())
                .to_owned();
            self.children
                .entry(parent)
                .or_default()
                .accounts
                .push(place);
        }
    }
}

fn active_keys(world: &World) -> HashMap<String, (usize, usize)> {
    let mut keys = HashMap::new();
    for (place, account) in world.accounts.iter().enumerate() {
        for (owner, user) in account.users.iter().enumerate() {
            let of_user = user.access_keys.iter().enumerate();
            for (number, key) in of_user.filter(|(_, it)| it.status == "Active") {
                let id = key.id(&account.id, &user.name, number);
                keys.entry(id).or_insert((place, owner));
            }
        }
    }
    keys
}
