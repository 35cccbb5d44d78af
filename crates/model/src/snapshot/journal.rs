//! The journal of a run: what is on disk before the run has ended, and survives a kill.
//!
//! Its lines are the header, then, as they come, each account that is to be collected, its record once that is whole,
//! and what discovery learned by its end. A line that a kill cut short is the last one, and is left out when the
//! journal is read.

use std::{borrow::Cow, collections::BTreeMap, io::Write};

use serde::{Deserialize, Serialize};

use super::{AccountList, FORMAT_VERSION, Header, IdentityCenter, Line, SnapshotError, to_line};
use crate::{Account, Organization, Record};

/// What discovery learned by its end, while accounts were being collected.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Discovered {
    /// The organization, where the header could not tell it yet.
    pub organization: Option<Organization>,
    /// The names of the organizational units by their identifiers, of which the paths of a journal's accounts are
    /// made: a reader of the journal gets the names.
    pub units: BTreeMap<String, String>,
    /// Whether the list of accounts was read to its end.
    pub account_list: AccountList,
    /// Whether the organization uses Identity Center.
    #[serde(default)]
    pub identity_center: IdentityCenter,
    /// What a reader should know, as sentences without a full stop; added to the header's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Appends to the journal of a run. Every line is handed to the operating system at once.
pub struct Journal<W: Write> {
    out: W,
}

impl<W: Write> Journal<W> {
    /// Begins a journal.
    ///
    /// # Errors
    ///
    /// Fails if `out` does.
    pub fn new(out: W, header: &Header) -> Result<Self, SnapshotError> {
        let mut journal = Self { out };
        let header = Header {
            format: FORMAT_VERSION,
            ..header.clone()
        };
        journal.write(&Line::Header(Box::new(header)))?;
        Ok(journal)
    }

    /// Goes on with a journal; `out` must stand behind its last whole line.
    pub const fn resume(out: W) -> Self {
        Self { out }
    }

    /// Notes that `account` is to be collected.
    ///
    /// # Errors
    ///
    /// Fails if the output does.
    pub fn announce(&mut self, account: &Account) -> Result<(), SnapshotError> {
        self.write(&Line::Account(Cow::Borrowed(account)))
    }

    /// Appends a whole record.
    ///
    /// # Errors
    ///
    /// Fails if the output does.
    pub fn append(&mut self, record: &Record) -> Result<(), SnapshotError> {
        self.write(&Line::Record(Box::new(Cow::Borrowed(record))))
    }

    /// Notes that no more accounts will be announced. Without it, a reader takes the list of accounts for cut.
    ///
    /// # Errors
    ///
    /// Fails if the output does.
    pub fn discovered(&mut self, discovered: &Discovered) -> Result<(), SnapshotError> {
        self.write(&Line::Discovered(Cow::Borrowed(discovered)))
    }

    fn write(&mut self, line: &Line<'_>) -> Result<(), SnapshotError> {
        self.out.write_all(&to_line(line)?)?;
        self.out.flush()?;
        Ok(())
    }
}
