//! What was asked, in order.

use std::sync::{Mutex, PoisonError};

/// One request, as the journal remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The account it was about: the caller's, or for `AssumeRole` the role's; empty if the caller is unknown.
    pub account: String,
    /// `iam`, `organizations` or `sts`.
    pub service: &'static str,
    /// The operation, such as `ListUsers`; empty if there was none.
    pub action: String,
    /// `200`, the error's code, or the fault that was served instead of an answer.
    pub outcome: String,
}

/// The list of requests since the start.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<Vec<Entry>>);

impl Journal {
    pub(crate) fn add(&self, entry: Entry) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(entry);
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
