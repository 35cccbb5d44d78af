//! What identifies a run, and what it was judged by.

use std::fmt;

use model::{Date, Timestamp, snapshot::Header};
use rules::{AccountsFound, Rule, RunHead};

use super::DatasetError;

/// How many digits of the snapshot's digest are in a run's identifier.
const DIGITS: usize = 12;

/// A run's identifier: when it was collected, and which snapshot it is. The same snapshot is the same run.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct RunId(String);

impl RunId {
    /// Returns the identifier of the run that made a snapshot with this digest, in hexadecimal.
    pub fn new(collected_at: Timestamp, snapshot_sha256: &str) -> Self {
        let time: String = collected_at
            .to_string()
            .chars()
            .filter(|it| !matches!(it, '-' | ':'))
            .collect();
        let digits: String = snapshot_sha256.chars().take(DIGITS).collect();
        Self(format!("{time}-{digits}"))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A snapshot, and what it is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The snapshot's header.
    pub header: &'a Header,
    /// The SHA-256 of the snapshot file, in hexadecimal.
    pub snapshot_sha256: &'a str,
    /// The SHA-256 of everything it is judged by, in hexadecimal.
    pub criteria_sha256: &'a str,
    /// The rules.
    pub rules: &'a [&'static Rule],
    /// The version of mfaudit.
    pub tool_version: &'a str,
}

impl Judged<'_> {
    pub(super) fn collected_at(&self) -> Result<(Timestamp, Date), DatasetError> {
        if self.header.shard.is_some() {
            return Err(DatasetError::Shard);
        }
        let time = self.header.collected_at.ok_or(DatasetError::Untimed)?;
        let day = Date::of(time).ok_or(DatasetError::Untimed)?;
        Ok((time, day))
    }

    /// Returns the run's identifier.
    ///
    /// # Errors
    ///
    /// Fails if the snapshot does not tell when it was collected.
    pub fn run_id(&self) -> Result<RunId, DatasetError> {
        Ok(RunId::new(self.collected_at()?.0, self.snapshot_sha256))
    }

    /// Tells whether an account that the run does not list is not in the organization any more.
    pub(super) fn lists_all_accounts(&self) -> bool {
        let head = RunHead::of(self.header, self.rules);
        self.header.organization.is_some()
            && head.accounts == AccountsFound::Listed
            && self.header.scope.is_everything()
    }

    /// Returns the rules that could be evaluated, each between spaces.
    pub(super) fn rules_between_spaces(&self) -> String {
        let head = RunHead::of(self.header, self.rules);
        let names = head.rules.iter().map(|it| format!("{it} "));
        format!(" {}", names.collect::<String>())
    }
}
