//! Reads the journal of a run, ended or not.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    sync::Arc,
};

use serde::{Deserialize, de::IgnoredAny};

use super::{
    AccountList, Batch, Discovered, FORMAT_VERSION, Header, Line, RecordSource, SnapshotError,
    SourceError, Versioned,
};
use crate::{Account, AccountId, Gap, GapReason, Record};

/// How many records of a journal are decoded as one batch.
const BATCH: usize = 16;

/// An open journal: each account's whole record, or a gap for each account whose turn did not come.
pub struct JournalFile<R> {
    input: R,
    header: Header,
    units: Arc<BTreeMap<String, String>>,
    /// Where each account's best line stands, in order of the accounts: a table of numbers, since a journal may hold
    /// fifty thousand.
    lines: Vec<Span>,
    whole_length: u64,
    next: usize,
}

#[derive(Clone, Copy)]
struct Span {
    account: u64,
    offset: u64,
    length: u64,
    state: State,
}

/// How far an account is; a later state replaces an earlier one.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
enum State {
    /// It is to be collected.
    Announced,
    /// It has a record, and something that has nothing to do with the account kept part of it from being seen.
    Disturbed,
    /// It has a whole record.
    Recorded,
}

impl<R: Read + Seek> JournalFile<R> {
    /// Opens a journal. A last line that was cut by a kill is left out.
    ///
    /// # Errors
    ///
    /// Fails if the file is not a journal, or a line before the last is malformed.
    pub fn open(mut input: R) -> Result<Self, SnapshotError> {
        input.rewind()?;
        let mut reader = BufReader::new(&mut input);
        let mut line = Vec::new();
        let mut offset = reader.read_until(b'\n', &mut line)? as u64;
        if let Ok(Versioned { header }) = serde_json::from_slice(&line)
            && header.format > FORMAT_VERSION
        {
            return Err(SnapshotError::Newer(header.format));
        }
        let Ok(Line::Header(header)) = serde_json::from_slice(&line) else {
            return Err(SnapshotError::NotASnapshot);
        };
        let mut lines = Vec::new();
        let mut discovered = None;
        loop {
            line.clear();
            let length = reader.read_until(b'\n', &mut line)? as u64;
            if line.last() != Some(&b'\n') {
                break;
            }
            let span = |account: &AccountId, state| Span {
                account: account.number(),
                offset,
                length,
                state,
            };
            match glance(&line)? {
                Glance::Account(account) => lines.push(span(&account.id, State::Announced)),
                Glance::Record(record) => lines.push(span(&record.account.id, state(&record))),
                Glance::Discovered(it) => discovered = Some(it),
                Glance::Header(_) | Glance::Index(_) | Glance::Footer(_) => {
                    return Err(SnapshotError::Altered("a line has no place in a journal"));
                }
            }
            offset += length;
        }
        let (header, units) = completed(*header, discovered);
        Ok(Self {
            input,
            header,
            units: Arc::new(units),
            lines: best(lines),
            whole_length: offset,
            next: 0,
        })
    }

    /// Returns how many accounts have a whole record, and how many were announced in all.
    pub fn progress(&self) -> (usize, usize) {
        let recorded = self.lines.iter().filter(|it| it.state == State::Recorded);
        (recorded.count(), self.lines.len())
    }

    /// Tells whether `account` has a whole record, so that a run that goes on need not ask it again. A record from
    /// which something is missing that has nothing to do with the account (AWS was out of reach, the caller's
    /// credentials ended) is not whole.
    pub fn has_record(&self, account: &AccountId) -> bool {
        self.line(account)
            .is_some_and(|it| it.state == State::Recorded)
    }

    /// Tells whether `account` was announced.
    pub fn is_announced(&self, account: &AccountId) -> bool {
        self.line(account).is_some()
    }

    /// Returns the accounts that were announced and have no whole record, in order, as they stand in the journal.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read again.
    pub fn pending(&mut self) -> Result<Vec<Account>, SnapshotError> {
        let open: Vec<_> = self
            .lines
            .iter()
            .filter(|it| it.state != State::Recorded)
            .copied()
            .collect();
        let mut accounts = Vec::with_capacity(open.len());
        for span in open {
            match parse(&self.read(span)?)? {
                Line::Account(account) => accounts.push(account.into_owned()),
                Line::Record(record) => accounts.push(record.into_owned().account),
                Line::Header(_) | Line::Discovered(_) | Line::Index(_) | Line::Footer(_) => {}
            }
        }
        Ok(accounts)
    }

    /// Returns how many bytes the whole lines take; what follows was cut.
    pub const fn whole_length(&self) -> u64 {
        self.whole_length
    }

    fn line(&self, account: &AccountId) -> Option<&Span> {
        let number = account.number();
        let place = self.lines.binary_search_by_key(&number, |it| it.account);
        self.lines.get(place.ok()?)
    }

    fn read(&mut self, span: Span) -> Result<Vec<u8>, SnapshotError> {
        self.input.seek(SeekFrom::Start(span.offset))?;
        // In one read: a buffer that grows takes a dozen for each line.
        let mut line = Vec::with_capacity(usize::try_from(span.length).unwrap_or_default());
        (&mut self.input).take(span.length).read_to_end(&mut line)?;
        Ok(line)
    }
}

impl<R: Read + Seek> RecordSource for JournalFile<R> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn restart(&mut self) -> Result<(), SourceError> {
        self.next = 0;
        Ok(())
    }

    fn next_batch(&mut self) -> Option<Result<Batch, SourceError>> {
        let spans: Vec<_> = self
            .lines
            .iter()
            .skip(self.next)
            .take(BATCH)
            .copied()
            .collect();
        if spans.is_empty() {
            return None;
        }
        self.next += spans.len();
        let mut lines = Vec::with_capacity(spans.len());
        for span in spans {
            match self.read(span) {
                Ok(line) => lines.push(line),
                Err(error) => return Some(Err(error.into())),
            }
        }
        let units = Arc::clone(&self.units);
        let decode = move || lines.iter().map(|it| Ok(record(it, &units)?)).collect();
        Some(Ok(Box::new(decode)))
    }
}

/// Returns the header with what discovery learned, and the names of the units.
fn completed(
    mut header: Header,
    discovered: Option<Discovered>,
) -> (Header, BTreeMap<String, String>) {
    let Some(discovered) = discovered else {
        let why = "the run was interrupted while the accounts were listed";
        header.account_list = AccountList::Cut(why.to_owned());
        return (header, BTreeMap::new());
    };
    header.organization = header.organization.or(discovered.organization);
    header.account_list = discovered.account_list;
    header.identity_center = discovered.identity_center;
    header.notes.extend(discovered.notes);
    (header, discovered.units)
}

/// Keeps the best line of each account; of two equally good ones, the later.
fn best(mut lines: Vec<Span>) -> Vec<Span> {
    lines.sort_by_key(|it| (it.account, it.state, it.offset));
    lines.reverse();
    lines.dedup_by_key(|it| it.account);
    lines.reverse();
    lines.shrink_to_fit();
    lines
}

/// A line of which only that is read which tells how far an account is: most of opening a journal is this.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Glance {
    Header(IgnoredAny),
    Account(GlancedAccount),
    Discovered(Discovered),
    Record(GlancedRecord),
    Index(IgnoredAny),
    Footer(IgnoredAny),
}

#[derive(Deserialize)]
struct GlancedAccount {
    id: AccountId,
}

#[derive(Deserialize)]
struct GlancedRecord {
    account: GlancedAccount,
    gaps: Vec<GlancedGap>,
}

#[derive(Deserialize)]
struct GlancedGap {
    reason: GapReason,
}

fn state(record: &GlancedRecord) -> State {
    let elsewhere = |gap: &GlancedGap| match gap.reason {
        GapReason::Unreachable | GapReason::ExpiredCredentials | GapReason::Interrupted => true,
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
        | GapReason::NotInEvidence => false,
    };
    if record.gaps.iter().any(elsewhere) {
        State::Disturbed
    } else {
        State::Recorded
    }
}

fn record(line: &[u8], units: &BTreeMap<String, String>) -> Result<Record, SnapshotError> {
    let mut record = match parse(line)? {
        Line::Account(account) => Record::unseen(account.into_owned(), |dataset| {
            Gap::new(dataset, GapReason::Interrupted)
        }),
        Line::Record(record) if record.is_consistent() => record.into_owned(),
        Line::Record(_)
        | Line::Header(_)
        | Line::Discovered(_)
        | Line::Index(_)
        | Line::Footer(_) => {
            let misplaced = "a line is not a record whose facts have a source";
            return Err(SnapshotError::Altered(misplaced));
        }
    };
    let path = record.account.ou_path.split('/');
    let names: Vec<_> = path
        .map(|id| units.get(id).map_or(id, String::as_str))
        .collect();
    record.account.ou_path = names.join("/");
    Ok(record)
}

fn glance(line: &[u8]) -> Result<Glance, SnapshotError> {
    serde_json::from_slice(line).map_err(malformed)
}

fn parse(line: &[u8]) -> Result<Line<'static>, SnapshotError> {
    serde_json::from_slice(line).map_err(malformed)
}

fn malformed(source: serde_json::Error) -> SnapshotError {
    SnapshotError::Malformed {
        what: "a line of the journal".to_owned(),
        source,
    }
}
