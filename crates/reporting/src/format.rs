//! What a report format is.

use std::io;

use crate::{Appearance, Row, Summary, ledger::AccountLedger};

/// A way to write an assessment.
#[derive(Debug)]
pub struct Format {
    /// The name on the command line.
    pub name: &'static str,
    /// What a file of the format is called where nobody says: `report.csv`. No two formats share it.
    pub file_name: &'static str,
    /// Whether it can be shown on a terminal.
    pub content: Content,
    /// What the format is for, for `--help`.
    pub about: &'static str,
    /// Whether the format tells of accounts, findings aside.
    pub accounts: Accounts,
    /// Where the format tells the summary.
    pub summary: Placement,
    /// Opens a sink that writes the format.
    pub open: fn(Box<dyn io::Write>, &Appearance) -> Box<dyn Sink>,
}

/// What a format writes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Content {
    /// Lines of UTF-8, each ended by a line feed.
    Text,
    /// Bytes that only programs read: they are not for a terminal.
    Binary,
}

/// Whether a format tells of each account, findings aside. To hand accounts over takes another pass over the records.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Accounts {
    /// It does: [`Sink::account`] is to be called.
    Told,
    /// It does not.
    NotTold,
}

/// Where a format tells the summary.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Placement {
    /// Above the findings, which takes a pass over the records before the one that writes them.
    Above,
    /// Below the findings, or nowhere: one pass over the records is enough.
    Below,
}

/// Where findings go, one after the other.
pub trait Sink {
    /// Writes what the summary tells: before anything else, or behind the last finding, as the format's [`Placement`]
    /// says.
    ///
    /// # Errors
    ///
    /// Fails if the output cannot be written.
    fn summary(&mut self, summary: &Summary) -> io::Result<()>;

    /// Writes one account's part of the coverage ledger. All accounts come before the first finding, those that are
    /// not audited among them.
    ///
    /// # Errors
    ///
    /// Fails if the output cannot be written.
    fn account(&mut self, _: &AccountLedger<'_>) -> io::Result<()> {
        Ok(())
    }

    /// Writes one finding. Findings of one account come one after the other.
    ///
    /// # Errors
    ///
    /// Fails if the output cannot be written.
    fn finding(&mut self, row: &Row<'_>) -> io::Result<()>;

    /// Writes what is left, and flushes.
    ///
    /// # Errors
    ///
    /// Fails if the output cannot be written.
    fn end(&mut self) -> io::Result<()>;
}
