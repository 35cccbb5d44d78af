//! What an operation changes in the world, once it has been answered.

use std::cell::Cell;

use crate::world::Account;

/// A change of one account's devices. It leaves alone what the index is made of: accounts, units, users and keys.
pub(crate) struct Change {
    pub(crate) account: String,
    pub(crate) edit: Box<dyn FnOnce(&mut Account)>,
}

/// The change that a call asks for, if it does.
#[derive(Default)]
pub(crate) struct Changes(Cell<Option<Change>>);

impl Changes {
    /// Asks for a change.
    pub(crate) fn ask(&self, account: &str, edit: impl FnOnce(&mut Account) + 'static) {
        self.0.set(Some(Change {
            account: account.to_owned(),
            edit: Box::new(edit),
        }));
    }

    /// Returns what was asked for.
    pub(crate) fn take(&self) -> Option<Change> {
        self.0.take()
    }
}
