//! Finds the users and keys of an account without walking through all of them.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::world::{Account, User};

/// Up to so many users, a walk is as fast.
const FEW: usize = 32;

/// Where an account's users and their keys are. It is made when it is first needed: most accounts are small, and of
/// most no one asks for a key.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    users: OnceLock<HashMap<String, usize>>,
    keys: OnceLock<HashMap<String, (usize, usize)>>,
}

impl Directory {
    /// Returns the user with this name.
    pub(crate) fn user<'a>(&self, account: &'a Account, name: &str) -> Option<&'a User> {
        if account.users.len() <= FEW {
            return account.users.iter().find(|it| it.name == name);
        }
        let users = account.users.iter().enumerate();
        let places = self
            .users
            .get_or_init(|| users.map(|(place, it)| (it.name.clone(), place)).collect());
        account.users.get(*places.get(name)?)
    }

    /// Returns the user who owns the access key with this id, and the key's place among the user's.
    pub(crate) fn key_owner<'a>(
        &self,
        account: &'a Account,
        id: &str,
    ) -> Option<(&'a User, usize)> {
        let keys_of = |(owner, user): (usize, &User)| {
            let ids = user.access_keys.iter().enumerate();
            ids.map(|(place, key)| (key.id(&account.id, &user.name, place), (owner, place)))
                .collect::<Vec<_>>()
        };
        let users = account.users.iter().enumerate();
        let places = self.keys.get_or_init(|| users.flat_map(keys_of).collect());
        let (owner, place) = *places.get(id)?;
        Some((account.users.get(owner)?, place))
    }
}

#[cfg(test)]
mod tests {
    use super::Directory;
    use crate::world::World;

    #[test]
    fn users_and_keys_are_found_in_small_accounts_and_large_ones() {
        for users in [5, 500] {
            let world = World::generate(1, users, 1);
            let account = &world.accounts[0];
            let directory = Directory::default();
            for user in &account.users {
                let found = directory.user(account, &user.name).unwrap();
                assert!(std::ptr::eq(found, user));
                for (place, key) in user.access_keys.iter().enumerate() {
                    let id = key.id(&account.id, &user.name, place);
                    let (owner, at) = directory.key_owner(account, &id).unwrap();
                    assert!(std::ptr::eq(owner, user) && at == place);
                }
            }
            assert!(directory.user(account, "nobody").is_none());
            assert!(directory.key_owner(account, "AKIANONE").is_none());
        }
    }
}
