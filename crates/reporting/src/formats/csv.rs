//! Comma-separated values: one row for each finding, harmless in a spreadsheet.

use std::{
    borrow::Borrow,
    collections::BTreeMap,
    io::{self, Write},
};

use model::{Source, Timestamp};

use crate::{Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary, document::COLUMNS, escape};

pub(super) static FORMAT: Format = Format {
    name: "csv",
    file_name: "report.csv",
    content: Content::Text,
    about: "one row a finding, for spreadsheets",
    accounts: Accounts::NotTold,
    summary: Placement::Below,
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Csv {
        out: csv::WriterBuilder::new().buffer_capacity(BUFFER).from_writer(out),
        head: Head::Due,
        row: csv::ByteRecord::new(),
        of_rules: BTreeMap::new(),
        name: Last::default(),
        unit: Last::default(),
        time: Last::default(),
        age: Last::default(),
    })
}

/// How many bytes are written at once.
const BUFFER: usize = 64 * 1024;

struct Csv {
    out: csv::Writer<Box<dyn Write>>,
    head: Head,
    /// The row that is being written: a whole one is written quicker than cell after cell.
    row: csv::ByteRecord,
    /// What is the same on most rows of a rule.
    of_rules: BTreeMap<&'static str, OfRule>,
    /// The cells of the last account's name and unit, which are the same on all its rows.
    name: Last<String>,
    unit: Last<String>,
    /// The cell of the last evidence's time, which is the same on most rows of an account.
    time: Last<Option<Timestamp>>,
    /// The same of its age.
    age: Last<Option<i64>>,
}

/// The cells of a rule that are long and seldom differ.
#[derive(Default)]
struct OfRule {
    controls: String,
    sources: Last<Vec<Source>>,
}

/// A cell, and what it was made of.
#[derive(Default)]
struct Last<K> {
    of: K,
    cell: String,
}

impl<K> Last<K> {
    /// Returns the cell of `of`, which is only made if the last one was of something else.
    fn cell<Q>(&mut self, of: &Q, make: impl FnOnce() -> String) -> &str
    where
        K: Borrow<Q>,
        Q: PartialEq + ToOwned<Owned = K> + ?Sized,
    {
        if self.of.borrow() != of {
            self.of = of.to_owned();
            self.cell = make();
        }
        &self.cell
    }
}

/// Whether the line of column names was written.
#[derive(Eq, PartialEq)]
enum Head {
    Due,
    Written,
}

impl Csv {
    fn head(&mut self) -> io::Result<()> {
        if self.head == Head::Due {
            self.head = Head::Written;
            self.out.write_record(COLUMNS)?;
        }
        Ok(())
    }
}

impl Sink for Csv {
    fn summary(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.head()?;
        let account = row.account();
        let name = self.name.cell(&*account.name, || escape::cell(&account.name).into_owned());
        let unit = self.unit.cell(&*account.ou_path, || escape::cell(&account.ou_path).into_owned());
        let time = row.evidence_time();
        let time = self.time.cell(&time, || time.map(|it| it.to_string()).unwrap_or_default());
        let age = row.evidence_age_seconds();
        let age = self.age.cell(&age, || age.map(|it| it.to_string()).unwrap_or_default());
        let first_seen = row.first_seen().map(|it| it.to_string()).unwrap_or_default();
        let age_days = row.age_days().map(|it| it.to_string()).unwrap_or_default();
        let unused = row.password_unused_days().map(|it| it.to_string()).unwrap_or_default();
        let of_rule = self.of_rules.entry(row.rule().id).or_insert_with(|| {
            let controls = row.controls().iter().map(ToString::to_string);
            OfRule {
                controls: controls.collect::<Vec<_>>().join("; "),
                ..OfRule::default()
            }
        });
        let sources = of_rule.sources.cell(row.sources(), || {
            row.evidence_sources().collect::<Vec<_>>().join(";")
        });
        let waiver = row.waiver();
        let of_waiver = |text: fn(&rules::Waiver) -> &str| waiver.map_or("", |it| text(it.waiver));
        let cells: [&str; COLUMNS.len()] = [
            row.status().name(),
            row.rule().severity.name(),
            row.rule().id,
            account.id.as_str(),
            name,
            unit,
            &escape::cell(row.principal_arn()),
            row.principal_kind().name(),
            &escape::cell(row.reason()),
            sources,
            time,
            // A number of ours: a leading minus stays one.
            age,
            &of_rule.controls,
            row.gap().map(|it| it.reason.name()).unwrap_or_default(),
            &row.id().to_string(),
            &escape::cell(row.owner().unwrap_or_default()),
            &escape::cell(of_waiver(|it| &it.owner)),
            &escape::cell(of_waiver(|it| &it.reason)),
            &waiver.map(|it| it.last_day.to_string()).unwrap_or_default(),
            &escape::cell(of_waiver(|it| it.ticket.as_deref().unwrap_or_default())),
            &row.grace_until().map(|it| it.to_string()).unwrap_or_default(),
            row.change().map(rules::Change::name).unwrap_or_default(),
            &first_seen,
            &age_days,
            &unused,
        ];
        self.row.clear();
        for cell in cells {
            self.row.push_field(cell.as_bytes());
        }
        Ok(self.out.write_byte_record(&self.row)?)
    }

    fn end(&mut self) -> io::Result<()> {
        self.head()?;
        self.out.flush()
    }
}
