//! Reads the journal of a run, ended or not.

use std::{
    io::{BufRead, BufReader, Read, Seek, SeekFrom, Write},
    sync::Arc,
};

use serde::{Deserialize, de::IgnoredAny};

use super::{
    AccountList, Batch, Discovered, FORMAT_VERSION, Header, Journal, Line, Parameters,
    RecordSource, SnapshotError, SourceError, Versioned,
    journal::named,
    journal_lines::{Lines, Span, State},
};
use crate::{Account, AccountId, Gap, GapReason, Record};

/// How many records of a journal are decoded as one batch.
const BATCH: usize = 16;

/// An open journal: each account's whole record, or a gap for each account whose turn did not come.
pub struct JournalFile<R> {
    input: R,
    /// The header as it was written.
    pub(super) written: Header,
    /// The header with what discovery learned.
    header: Header,
    units: Arc<UnitNames>,
    pub(super) lines: Lines,
    next: usize,
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
        let length = reader.read_until(b'\n', &mut line)? as u64;
        if let Ok(Versioned { header }) = serde_json::from_slice(&line)
            && header.format > FORMAT_VERSION
        {
            return Err(SnapshotError::Newer(header.format));
        }
        let Ok(Line::Header(header)) = serde_json::from_slice(&line) else {
            return Err(SnapshotError::NotASnapshot);
        };
        let mut lines = Lines::default();
        lines.pass(length);
        let mut discovered = None;
        loop {
            line.clear();
            let length = reader.read_until(b'\n', &mut line)? as u64;
            if line.last() != Some(&b'\n') {
                break;
            }
            match glance(&line)? {
                Glance::Account(account) => lines.add(&account.id, State::Announced, length)?,
                Glance::Record(record) => {
                    let reasons = record.gaps.iter().map(|it| it.reason);
                    lines.add(&record.account.id, State::of(reasons), length)?;
                }
                Glance::Discovered(it) => {
                    discovered = Some(it);
                    lines.pass(length);
                }
                Glance::Header(_) | Glance::Index(_) | Glance::Footer(_) => {
                    return Err(SnapshotError::Altered("a line has no place in a journal"));
                }
            }
        }
        Ok(Self::of(input, *header, discovered, lines))
    }

    /// Opens the journal that was just written, of which nothing need be looked at again; `input` reads what the
    /// journal wrote.
    pub fn written<W: Write>(input: R, journal: Journal<W>) -> Self {
        Self::of(input, journal.header, journal.discovered, journal.lines)
    }

    fn of(input: R, written: Header, discovered: Option<Discovered>, mut lines: Lines) -> Self {
        let (header, units) = completed(written.clone(), discovered);
        lines.tidy();
        Self {
            input,
            written,
            header,
            units: Arc::new(units),
            lines,
            next: 0,
        }
    }

    /// Returns the same records in another order of the accounts, to be read and not to be asked for one of them.
    #[must_use]
    pub fn in_order_of(mut self, place: impl Fn(u64) -> u64) -> Self {
        self.lines.order_by(place);
        self
    }

    /// Returns how many accounts have a whole record, and how many were announced in all.
    pub fn progress(&self) -> (usize, usize) {
        let lines = self.lines.spans();
        let recorded = lines.iter().filter(|it| it.state == State::Recorded);
        (recorded.count(), lines.len())
    }

    /// Returns the settings of the run as they were written, with what a run that goes on is held to.
    pub const fn parameters(&self) -> &Parameters {
        &self.written.parameters
    }

    /// Tells whether `account` has a whole record, so that a run that goes on need not ask it again. A record from
    /// which something is missing that has nothing to do with the account (AWS was out of reach, the caller's
    /// credentials ended) is not whole.
    pub fn has_record(&self, account: &AccountId) -> bool {
        self.lines
            .of(account)
            .is_some_and(|it| it.state == State::Recorded)
    }

    /// Tells whether `account` was announced.
    pub fn is_announced(&self, account: &AccountId) -> bool {
        self.lines.of(account).is_some()
    }

    /// Returns the accounts that were announced and have no whole record, in order, as they stand in the journal.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read again.
    pub fn pending(&mut self) -> Result<Vec<Account>, SnapshotError> {
        let open: Vec<_> = self
            .lines
            .spans()
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
        self.lines.end()
    }

    fn read(&mut self, span: Span) -> Result<Vec<u8>, SnapshotError> {
        self.input.seek(SeekFrom::Start(span.offset))?;
        // In one read: a buffer that grows takes a dozen for each line.
        let mut line = Vec::with_capacity(span.length as usize);
        (&mut self.input)
            .take(u64::from(span.length))
            .read_to_end(&mut line)?;
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
            .spans()
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
fn completed(mut header: Header, discovered: Option<Discovered>) -> (Header, UnitNames) {
    let Some(discovered) = discovered else {
        let why = "the run was interrupted while the accounts were listed";
        header.account_list = AccountList::Cut(why.to_owned());
        header.parameters.collection_sha256 = None;
        return (header, UnitNames(None));
    };
    (discovered.complete(header), UnitNames(Some(discovered)))
}

/// What names the units of paths; `None` where the run was interrupted before the accounts were listed.
struct UnitNames(Option<Discovered>);

impl UnitNames {
    fn path(&self, path: &str) -> String {
        match &self.0 {
            Some(discovered) => discovered.path(path),
            None => named(path, |id| if id.starts_with("r-") { "" } else { id }),
        }
    }
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

fn record(line: &[u8], units: &UnitNames) -> Result<Record, SnapshotError> {
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
    record.account.ou_path = units.path(&record.account.ou_path);
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
