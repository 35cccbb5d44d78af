//! Comma-separated values: one row for each finding, harmless in a spreadsheet.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use crate::{Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary, document::COLUMNS, escape};

pub(super) static FORMAT: Format = Format {
    name: "csv",
    extension: "csv",
    content: Content::Text,
    about: "one row a finding, for spreadsheets",
    accounts: Accounts::NotTold,
    summary: Placement::Below,
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Csv {
        out: csv::Writer::from_writer(out),
        head: Head::Due,
        controls: BTreeMap::new(),
    })
}

struct Csv {
    out: csv::Writer<Box<dyn Write>>,
    head: Head,
    /// The cell of each rule's controls, which is long and the same on every row of the rule.
    controls: BTreeMap<&'static str, String>,
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
        let sources = row.evidence_sources().collect::<Vec<_>>().join(";");
        let time = row.evidence_time().map(|it| it.to_string()).unwrap_or_default();
        let age = row.evidence_age_seconds().map(|it| it.to_string()).unwrap_or_default();
        let first_seen = row.first_seen().map(|it| it.to_string()).unwrap_or_default();
        let age_days = row.age_days().map(|it| it.to_string()).unwrap_or_default();
        let unused = row.password_unused_days().map(|it| it.to_string()).unwrap_or_default();
        let controls = self.controls.entry(row.rule().id).or_insert_with(|| {
            let texts = row.controls().iter().map(ToString::to_string);
            texts.collect::<Vec<_>>().join("; ")
        });
        let waiver = row.waiver();
        let of_waiver = |text: fn(&rules::Waiver) -> &str| waiver.map_or("", |it| text(it.waiver));
        let record: [&str; COLUMNS.len()] = [
            row.status().name(),
            row.rule().severity.name(),
            row.rule().id,
            account.id.as_str(),
            &escape::cell(&account.name),
            &escape::cell(&account.ou_path),
            &escape::cell(row.principal_arn()),
            row.principal_kind().name(),
            &escape::cell(row.reason()),
            &sources,
            &time,
            // A number of ours: a leading minus stays one.
            &age,
            controls,
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
        Ok(self.out.write_record(record)?)
    }

    fn end(&mut self) -> io::Result<()> {
        self.head()?;
        self.out.flush()
    }
}
