//! The journal of a run: what is on disk before the run has ended, and survives a kill.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Seek, SeekFrom, Write},
};

use super::{
    Batch, FORMAT_VERSION, Header, Line, RecordSource, SnapshotError, SourceError, Versioned,
    to_line,
};
use crate::{Account, AccountId, Gap, GapReason, Record};

/// How many records of a journal are decoded as one batch.
const BATCH: usize = 16;

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

    fn write(&mut self, line: &Line<'_>) -> Result<(), SnapshotError> {
        self.out.write_all(&to_line(line)?)?;
        self.out.flush()?;
        Ok(())
    }
}

/// An open journal: each account's whole record, or a gap for each account whose turn did not come.
pub struct JournalFile<R> {
    input: R,
    header: Header,
    /// Where each account's best line stands: its record, else its announcement.
    lines: BTreeMap<AccountId, Span>,
    next: Option<AccountId>,
}

#[derive(Clone, Copy)]
struct Span {
    offset: u64,
    length: u64,
    whole: Whole,
}

#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
enum Whole {
    Announced,
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
        let mut lines = BTreeMap::new();
        loop {
            line.clear();
            let length = reader.read_until(b'\n', &mut line)? as u64;
            if line.last() != Some(&b'\n') {
                break;
            }
            let (account, whole) = match parse(&line)? {
                Line::Account(account) => (account.id.clone(), Whole::Announced),
                Line::Record(record) => (record.account.id.clone(), Whole::Recorded),
                Line::Header(_) | Line::Index(_) | Line::Footer(_) => {
                    return Err(SnapshotError::Altered("a line has no place in a journal"));
                }
            };
            let span = Span {
                offset,
                length,
                whole,
            };
            let best = lines.entry(account).or_insert(span);
            if best.whole < whole {
                *best = span;
            }
            offset += length;
        }
        let next = lines.keys().next().cloned();
        Ok(Self {
            input,
            header: *header,
            lines,
            next,
        })
    }

    /// Returns how many accounts have a whole record, and how many were announced in all.
    pub fn progress(&self) -> (usize, usize) {
        let recorded = self
            .lines
            .values()
            .filter(|it| it.whole == Whole::Recorded)
            .count();
        (recorded, self.lines.len())
    }

    /// Tells whether `account` has a whole record.
    pub fn has_record(&self, account: &AccountId) -> bool {
        self.lines
            .get(account)
            .is_some_and(|it| it.whole == Whole::Recorded)
    }

    fn read(&mut self, span: Span) -> Result<Vec<u8>, SnapshotError> {
        self.input.seek(SeekFrom::Start(span.offset))?;
        let mut line = Vec::new();
        (&mut self.input).take(span.length).read_to_end(&mut line)?;
        Ok(line)
    }
}

impl<R: Read + Seek> RecordSource for JournalFile<R> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn restart(&mut self) -> Result<(), SourceError> {
        self.next = self.lines.keys().next().cloned();
        Ok(())
    }

    fn next_batch(&mut self) -> Option<Result<Batch, SourceError>> {
        let first = self.next.take()?;
        let mut spans: Vec<_> = self
            .lines
            .range(first..)
            .take(BATCH + 1)
            .map(|(id, span)| (id.clone(), *span))
            .collect();
        if spans.len() > BATCH {
            self.next = spans.pop().map(|(id, _)| id);
        }
        let mut lines = Vec::with_capacity(spans.len());
        for (_, span) in spans {
            match self.read(span) {
                Ok(line) => lines.push(line),
                Err(error) => return Some(Err(error.into())),
            }
        }
        let decode = move || lines.iter().map(|it| Ok(record(it)?)).collect();
        Some(Ok(Box::new(decode)))
    }
}

fn record(line: &[u8]) -> Result<Record, SnapshotError> {
    let line = parse(line)?;
    if let Line::Account(account) = line {
        return Ok(Record::unseen(account.into_owned(), |dataset| {
            Gap::new(dataset, GapReason::Interrupted)
        }));
    }
    let misplaced = "a line is not a record whose facts have a source";
    let Line::Record(record) = line else {
        return Err(SnapshotError::Altered(misplaced));
    };
    if record.is_consistent() {
        Ok(record.into_owned())
    } else {
        Err(SnapshotError::Altered(misplaced))
    }
}

fn parse(line: &[u8]) -> Result<Line<'static>, SnapshotError> {
    serde_json::from_slice(line).map_err(|source| SnapshotError::Malformed {
        what: "a line of the journal".to_owned(),
        source,
    })
}
