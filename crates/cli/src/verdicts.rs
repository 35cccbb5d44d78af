//! The verdicts of two reports on the same snapshot, compared account by account.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs::File,
    path::Path,
};

use crate::error::{CliError, Kind};

/// How many verdicts are named for each change.
const EXAMPLES: usize = 10;

/// Where verdicts changed, by rule.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    rules: BTreeMap<Change, (u64, Vec<String>)>,
}

/// The rule, and the status before and now; empty where there is no such finding.
type Change = (String, String, String);

impl Changes {
    /// Tells whether every verdict is the same.
    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Returns a line for each rule and change, and the first few principals below.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for ((rule, before, now), (count, examples)) in &self.rules {
            let before = named(before);
            let now = named(now);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{rule}: {before} is now {now}: {count}");
            for principal in examples {
                let _ = writeln!(text, "  {}", reporting::visible(principal));
            }
            let more = *count - examples.len() as u64;
            if more > 0 {
                let _ = writeln!(text, "  and {more} more");
            }
        }
        text
    }

    fn add(&mut self, rule: &str, before: &str, now: &str, principal: &str) {
        let change = (rule.to_owned(), before.to_owned(), now.to_owned());
        let (count, examples) = self.rules.entry(change).or_default();
        *count += 1;
        if examples.len() < EXAMPLES {
            examples.push(principal.to_owned());
        }
    }
}

fn named(status: &str) -> &str {
    if status.is_empty() {
        "no finding"
    } else {
        status
    }
}

/// Compares two reports in the format `csv`, both in account order, so that one account of each is held at a time.
pub(crate) fn compare(before: &Path, now: &Path) -> Result<Changes, CliError> {
    let mut changes = Changes::default();
    let (mut before, mut now) = (Verdicts::open(before)?, Verdicts::open(now)?);
    let (mut old, mut new) = (before.next()?, now.next()?);
    while old.is_some() || new.is_some() {
        let first = [&old, &new].into_iter().flatten().map(|it| &it.id).min();
        let first = first.cloned().unwrap_or_default();
        let of_first = |it: &Option<Account>| it.as_ref().is_some_and(|it| it.id == first);
        let (has_old, has_new) = (of_first(&old), of_first(&new));
        let none = BTreeMap::new();
        let one = old
            .as_ref()
            .filter(|_| has_old)
            .map_or(&none, |it| &it.statuses);
        let other = new
            .as_ref()
            .filter(|_| has_new)
            .map_or(&none, |it| &it.statuses);
        let keys: BTreeSet<_> = one.keys().chain(other.keys()).collect();
        for key in keys {
            let status = |it: &BTreeMap<Key, String>| it.get(key).cloned().unwrap_or_default();
            let (a, b) = (status(one), status(other));
            if a != b {
                changes.add(&key.0, &a, &b, &key.1);
            }
        }
        if has_old {
            old = before.next()?;
        }
        if has_new {
            new = now.next()?;
        }
    }
    Ok(changes)
}

/// The rule, the principal's ARN, and its kind.
type Key = (String, String, String);

/// The verdicts of one account.
struct Account {
    id: String,
    statuses: BTreeMap<Key, String>,
}

/// The verdicts of a report.
struct Verdicts {
    rows: csv::StringRecordsIntoIter<File>,
    columns: [usize; 5],
    /// The first row of the next account.
    ahead: Option<csv::StringRecord>,
}

impl Verdicts {
    fn open(path: &Path) -> Result<Self, CliError> {
        let mut reader = csv::Reader::from_path(path).map_err(unreadable)?;
        let header = reader.headers().map_err(unreadable)?.clone();
        let column = |name| header.iter().position(|it| it == name);
        let columns = [
            column("account_id"),
            column("rule"),
            column("principal_arn"),
            column("principal_kind"),
            column("status"),
        ];
        let [
            Some(account),
            Some(rule),
            Some(arn),
            Some(kind),
            Some(status),
        ] = columns
        else {
            let what = "the report in CSV has not the columns of one";
            return Err(CliError::new(Kind::Failed, what));
        };
        Ok(Self {
            rows: reader.into_records(),
            columns: [account, rule, arn, kind, status],
            ahead: None,
        })
    }

    fn next(&mut self) -> Result<Option<Account>, CliError> {
        let mut account: Option<Account> = None;
        loop {
            let row = match self.ahead.take() {
                Some(row) => row,
                None => match self.rows.next() {
                    Some(row) => row.map_err(unreadable)?,
                    None => return Ok(account),
                },
            };
            let [id, rule, arn, kind, status] = self
                .columns
                .map(|it| row.get(it).unwrap_or_default().to_owned());
            let of = account.get_or_insert_with(|| Account {
                id: id.clone(),
                statuses: BTreeMap::new(),
            });
            if of.id != id {
                self.ahead = Some(row);
                return Ok(account);
            }
            of.statuses.insert((rule, arn, kind), status);
        }
    }
}

fn unreadable(error: csv::Error) -> CliError {
    CliError::new(Kind::Failed, error)
}
