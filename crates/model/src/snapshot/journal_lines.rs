//! Where each account's best line stands in a journal: a table of numbers, since a journal may hold fifty thousand.

use super::SnapshotError;
use crate::{AccountId, GapReason};

/// How many lines more there may be before those that better ones replaced are dropped: most accounts have two.
const TIDY: usize = 4096;

/// The lines of a journal, those of one account each replaced by a better one.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    spans: Vec<Span>,
    tidy_at: usize,
    /// Where the next line begins.
    end: u64,
}

/// Where a line stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) account: u64,
    pub(super) offset: u64,
    pub(super) length: u32,
    pub(super) state: State,
}

/// How far an account is; a later state replaces an earlier one.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum State {
    /// It is to be collected.
    Announced,
    /// It has a record, and something that has nothing to do with the account kept part of it from being seen.
    Disturbed,
    /// It has a whole record.
    Recorded,
}

impl State {
    /// Returns the state of an account whose record has gaps for these reasons.
    pub(super) fn of(mut reasons: impl Iterator<Item = GapReason>) -> Self {
        let elsewhere = |reason: GapReason| match reason {
            GapReason::Unreachable
            | GapReason::ExpiredCredentials
            | GapReason::Interrupted
            | GapReason::ShardMissing => true,
            GapReason::EntryDenied
            | GapReason::AccessDenied
            | GapReason::Throttled
            | GapReason::Failed
            | GapReason::Deadline
            | GapReason::Malformed
            | GapReason::Contradictory
            | GapReason::Stale
            | GapReason::NotVisible
            | GapReason::NotRequested
            | GapReason::NotInEvidence
            | GapReason::Unclear
            | GapReason::Undefined => false,
        };
        if reasons.any(elsewhere) {
            Self::Disturbed
        } else {
            Self::Recorded
        }
    }
}

impl Lines {
    /// Passes a line that is about no account.
    pub(super) const fn pass(&mut self, length: u64) {
        self.end += length;
    }

    /// Takes note of the next line, which is about `account`.
    ///
    /// # Errors
    ///
    /// Fails if the line is longer than four gigabytes.
    pub(super) fn add(
        &mut self,
        account: &AccountId,
        state: State,
        length: u64,
    ) -> Result<(), SnapshotError> {
        let too_long = |_| SnapshotError::Altered("a line is too long");
        self.spans.push(Span {
            account: account.number(),
            offset: self.end,
            length: u32::try_from(length).map_err(too_long)?,
            state,
        });
        self.end += length;
        if self.spans.len() >= self.tidy_at.max(TIDY) {
            self.tidy();
            self.tidy_at = self.spans.len() + self.spans.len() / 2 + TIDY;
        }
        Ok(())
    }

    /// Keeps the best line of each account, in order of the accounts; of two equally good ones, the later.
    pub(super) fn tidy(&mut self) {
        let better_first = |it: &Span| {
            let (state, offset) = (it.state, it.offset);
            (it.account, std::cmp::Reverse((state, offset)))
        };
        self.spans.sort_unstable_by_key(better_first);
        self.spans.dedup_by_key(|it| it.account);
    }

    /// Puts tidy lines in another order of the accounts.
    pub(super) fn order_by(&mut self, place: impl Fn(u64) -> u64) {
        self.spans.sort_by_cached_key(|it| place(it.account));
    }

    /// Returns the lines, which are in order of the accounts once they are tidy.
    pub(super) fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Returns an account's line, of tidy ones.
    pub(super) fn of(&self, account: &AccountId) -> Option<Span> {
        let number = account.number();
        let place = self.spans.binary_search_by_key(&number, |it| it.account);
        self.spans.get(place.ok()?).copied()
    }

    /// Returns where the last line ends.
    pub(super) const fn end(&self) -> u64 {
        self.end
    }
}
