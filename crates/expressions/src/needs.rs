//! Which facts an expression reads.

use std::collections::BTreeMap;

/// The fields that an expression reads, and those of their members.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Needs(BTreeMap<&'static str, Needs>);

impl Needs {
    /// Adds a path of fields. The members of a list stand where the list does.
    pub(crate) fn add(&mut self, path: &[&'static str]) {
        if let [first, rest @ ..] = path {
            self.0.entry(first).or_default().add(rest);
        }
    }

    /// Returns the fields, with what is needed of each.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'static str, &Self)> {
        self.0.iter().map(|(name, needs)| (*name, needs))
    }
}
