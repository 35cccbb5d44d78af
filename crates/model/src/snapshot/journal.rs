//! The journal of a run: what is on disk before the run has ended, and survives a kill.
//!
//! Its lines are the header, then, as they come, each account that is to be collected, its record once that is whole,
//! and what discovery learned by its end. A line that a kill cut short is the last one, and is left out when the
//! journal is read.

use std::{borrow::Cow, collections::BTreeMap, io::Write};

use serde::{Deserialize, Serialize};

use super::{
    AccountList, FORMAT_VERSION, Header, IdentityCenter, JournalFile, Line, SnapshotError,
    journal_lines::{Lines, State},
    to_line,
};
use crate::{Account, Organization, Record, ServiceControlPolicy};

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
    /// The organization's service control policies, if they were asked for, ordered by identifier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service_control_policies: Vec<ServiceControlPolicy>,
    /// What a reader should know, as sentences without a full stop; added to the header's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Discovered {
    /// Returns the header of the run with what discovery learned, as it stands in the snapshot.
    pub fn complete(&self, mut header: Header) -> Header {
        header.parameters.collection_sha256 = None;
        header.organization = header.organization.or_else(|| self.organization.clone());
        header.account_list.clone_from(&self.account_list);
        header.identity_center = self.identity_center;
        header
            .service_control_policies
            .clone_from(&self.service_control_policies);
        header.notes.extend(self.notes.iter().cloned());
        header
    }

    /// Returns a path of identifiers by the names of its units; a unit whose name was not seen stands as its
    /// identifier. The root, which a path of identifiers begins with, has no place in it.
    pub fn path(&self, path: &str) -> String {
        let name = |id| self.units.get(id).map_or(id, String::as_str);
        named(path, name)
    }
}

/// Returns a path with each of its parts named.
pub(super) fn named<'a>(path: &'a str, name: impl Fn(&'a str) -> &'a str) -> String {
    let names = path.split('/').map(name).filter(|it| !it.is_empty());
    names.collect::<Vec<_>>().join("/")
}

/// Appends to the journal of a run. Every line is handed to the operating system at once.
pub struct Journal<W: Write> {
    pub(super) out: W,
    pub(super) header: Header,
    pub(super) discovered: Option<Discovered>,
    pub(super) lines: Lines,
}

impl<W: Write> Journal<W> {
    /// Begins a journal.
    ///
    /// # Errors
    ///
    /// Fails if `out` does.
    pub fn new(out: W, header: &Header) -> Result<Self, SnapshotError> {
        let header = Header {
            format: FORMAT_VERSION,
            ..header.clone()
        };
        let mut journal = Self {
            out,
            header: header.clone(),
            discovered: None,
            lines: Lines::default(),
        };
        let length = journal.write(&Line::Header(Box::new(header)))?;
        journal.lines.pass(length);
        Ok(journal)
    }

    /// Goes on with a journal that was opened; `out` must stand behind its last whole line.
    pub fn resume<R>(out: W, opened: &JournalFile<R>) -> Self {
        Self {
            out,
            header: opened.written.clone(),
            discovered: None,
            lines: opened.lines.clone(),
        }
    }

    /// Notes that `account` is to be collected.
    ///
    /// # Errors
    ///
    /// Fails if the output does.
    pub fn announce(&mut self, account: &Account) -> Result<(), SnapshotError> {
        let length = self.write(&Line::Account(Cow::Borrowed(account)))?;
        self.lines.add(&account.id, State::Announced, length)
    }

    /// Appends a whole record.
    ///
    /// # Errors
    ///
    /// Fails if the output does.
    pub fn append(&mut self, record: &Record) -> Result<(), SnapshotError> {
        let length = self.write(&Line::Record(Box::new(Cow::Borrowed(record))))?;
        let reasons = record.gaps.iter().map(|it| it.reason);
        self.lines
            .add(&record.account.id, State::of(reasons), length)
    }

    /// Notes that no more accounts will be announced. Without it, a reader takes the list of accounts for cut.
    ///
    /// # Errors
    ///
    /// Fails if the output does.
    pub fn discovered(&mut self, discovered: &Discovered) -> Result<(), SnapshotError> {
        let length = self.write(&Line::Discovered(Cow::Borrowed(discovered)))?;
        self.lines.pass(length);
        self.discovered = Some(discovered.clone());
        Ok(())
    }

    fn write(&mut self, line: &Line<'_>) -> Result<u64, SnapshotError> {
        let line = to_line(line)?;
        self.out.write_all(&line)?;
        self.out.flush()?;
        Ok(line.len() as u64)
    }
}
