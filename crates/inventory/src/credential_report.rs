//! The credential report's CSV: by header name, every token known or a gap.
//!
//! The format is documented in the IAM user guide ("Get credential reports"); what live reports do beyond it is
//! handled where it occurs: lower and upper case booleans, missing, further and reordered columns, a byte order mark
//! that spreadsheets add, CRLF, quoted names (a comma is legal in an IAM user name).

mod row;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use csv::StringRecord;
use model::{AccountId, Arn, GapReason};

use self::row::Columns;
pub(crate) use self::row::{RootPassword, RootRow, SaidKey, UserRow};

/// The name of the root user's row. No IAM user can have it: `<` is not allowed in user names.
const ROOT: &str = "<root_account>";

/// What a cell says, or why it says nothing.
pub(crate) type Said<T> = Result<T, Unsaid>;

/// Why a cell says nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Unsaid {
    /// The reason.
    pub(crate) reason: GapReason,
    /// The particulars.
    pub(crate) detail: String,
}

/// A credential report that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CredentialReport {
    /// The root user's row; several rows are one.
    pub(crate) root: Option<RootRow>,
    /// The users' rows by name; several rows of one user are one.
    pub(crate) users: BTreeMap<String, UserRow>,
    /// Rows of which not even the user can be told: more users may exist than are named.
    pub(crate) unreadable: Vec<String>,
}

/// Why a text is not a credential report.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum ReportError {
    /// The text has no header line.
    #[error("the report is empty")]
    Empty,
    /// The header is another table's.
    #[error("the header has no column `{0}`")]
    NoColumn(&'static str),
    /// A line is not CSV.
    #[error("line {line}: {why}")]
    NotCsv {
        /// The line, counted from 1.
        line: u64,
        /// What is wrong.
        why: String,
    },
}

impl CredentialReport {
    /// Reads a report.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a credential report at all; a row that is broken is a gap of that user alone.
    pub(crate) fn parse(content: &[u8]) -> Result<Self, ReportError> {
        let mut one = Self::read(content, |_| ())?;
        Ok(one.remove(&()).unwrap_or_default())
    }

    /// Reads a file that may join the reports of several accounts, each with its own root user and perhaps an `alice`:
    /// one report for each account that the rows' ARNs name, and one for the rows that name none.
    ///
    /// # Errors
    ///
    /// Fails as [`parse`](Self::parse) does.
    pub(crate) fn parse_joined(
        content: &[u8],
    ) -> Result<BTreeMap<Option<AccountId>, Self>, ReportError> {
        Self::read(content, |arn| arn?.account().parse().ok())
    }

    /// Returns the ARN of the first row, if it has one, without reading the others.
    ///
    /// # Errors
    ///
    /// Fails if the first line is not the header of a credential report, or the second is not CSV.
    pub(crate) fn first_arn(content: &[u8]) -> Result<Option<Arn>, ReportError> {
        let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(content);
        let columns = Columns::of(reader.headers().map_err(|it| not_csv(&it))?)?;
        let Some(row) = reader.records().next() else {
            return Ok(None);
        };
        let row = row.map_err(|it| not_csv(&it))?;
        Ok(columns.arn(&row).and_then(|it| it.parse().ok()))
    }

    fn read<K: Ord>(
        content: &[u8],
        key: impl Fn(Option<&Arn>) -> K,
    ) -> Result<BTreeMap<K, Self>, ReportError> {
        let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(content);
        let header = reader.headers().map_err(|it| not_csv(&it))?.clone();
        if header.is_empty() {
            return Err(ReportError::Empty);
        }
        let columns = Columns::of(&header)?;
        let mut reports: BTreeMap<K, Self> = BTreeMap::new();
        for row in reader.records() {
            let row = row.map_err(|it| not_csv(&it))?;
            let line = row.position().map_or(0, csv::Position::line);
            // Reports that were joined with `cat` repeat the header.
            if row != header && !is_blank(&row) {
                let arn: Option<Arn> = columns.arn(&row).and_then(|it| it.parse().ok());
                let report = reports.entry(key(arn.as_ref())).or_default();
                report.add(&columns, &row, arn, line);
            }
        }
        Ok(reports)
    }

    fn add(&mut self, columns: &Columns, row: &StringRecord, arn: Option<Arn>, line: u64) {
        let whole = row.len() == columns.len();
        let name = columns.name(row).unwrap_or_default();
        let ends_so = |it: &Arn| it.as_str().ends_with(":root");
        let root_arn = arn
            .as_ref()
            .is_some_and(|it| ends_so(it) && it.is_root_user());
        if name == ROOT || (whole && root_arn) {
            let row = if whole {
                columns.root(row, arn)
            } else {
                RootRow::unsaid(&ragged(columns, row, line), arn)
            };
            let merged = self
                .root
                .take()
                .map_or_else(|| row.clone(), |first| first.merge(&row));
            self.root = Some(merged);
            return;
        }
        let user = match (whole, name) {
            (_, "") => None,
            (true, _) => Some(columns.user(row, arn)),
            // In a row of the wrong length a name is believed only if the ARN beside it agrees.
            (false, _) => arn
                .filter(|it| it.resource().rsplit('/').next() == Some(name))
                .map(|arn| UserRow::unsaid(name, &ragged(columns, row, line), Some(arn))),
        };
        let Some(user) = user else {
            self.unreadable.push(ragged(columns, row, line));
            return;
        };
        let merged = self
            .users
            .remove(&user.name)
            .map_or_else(|| user.clone(), |first| first.merge(&user));
        self.users.insert(merged.name.clone(), merged);
    }
}

fn ragged(columns: &Columns, row: &StringRecord, line: u64) -> String {
    if row.len() == columns.len() {
        return format!("line {line}: the row names no user");
    }
    format!(
        "line {line}: the row has {} fields and the header {}",
        row.len(),
        columns.len()
    )
}

fn not_csv(error: &csv::Error) -> ReportError {
    let line = error.position().map_or(1, csv::Position::line);
    let why = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "the text is not UTF-8".to_owned(),
        csv::ErrorKind::Io(_)
        | csv::ErrorKind::UnequalLengths { .. }
        | csv::ErrorKind::Seek
        | csv::ErrorKind::Serialize(_)
        | csv::ErrorKind::Deserialize { .. }
        | _ => error.to_string(),
    };
    ReportError::NotCsv { line, why }
}

fn is_blank(row: &StringRecord) -> bool {
    row.iter().all(str::is_empty)
}
