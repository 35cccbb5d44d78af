//! Apache Parquet: one row for each finding, in typed columns, for query engines.

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use rules::Strictness;

use crate::{
    Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary,
    columnar::{Columns, TableFile},
    typed::{ControlCells, TYPED},
};

pub(super) static FORMAT: Format = Format {
    name: "parquet",
    file_name: "report.parquet",
    content: Content::Binary,
    about: "one row a finding in typed columns, for DuckDB, pandas and the like; binary; what was seen is in the file's metadata",
    accounts: Accounts::NotTold,
    summary: Placement::Below,
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Parquet {
        file: TableFile::new(out, "mfaudit_finding", &TYPED).map_err(Some),
        columns: Columns::new(&TYPED),
        controls: ControlCells::default(),
        metadata: Vec::new(),
    })
}

struct Parquet {
    /// The file, or why it could not be begun, which the first who asks is told.
    file: Result<TableFile, Option<io::Error>>,
    /// The rows of the row group that is not full yet.
    columns: Columns,
    controls: ControlCells,
    metadata: Vec<(String, String)>,
}

impl Sink for Parquet {
    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        self.metadata = metadata(summary);
        Ok(())
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.columns.add(&self.controls.values(row));
        if self.columns.are_full() {
            self.write_row_group()?;
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        if !self.columns.are_empty() {
            self.write_row_group()?;
        }
        let file = std::mem::replace(&mut self.file, Err(None));
        file.map_err(not_begun)?.finish(self.metadata.drain(..))
    }
}

impl Parquet {
    fn write_row_group(&mut self) -> io::Result<()> {
        match &mut self.file {
            Ok(file) => file.write(&mut self.columns),
            Err(why) => Err(not_begun(why.take())),
        }
    }
}

fn not_begun(why: Option<io::Error>) -> io::Error {
    why.unwrap_or_else(|| io::Error::other("the file was not begun, or is ended"))
}

/// What a reader of no rows should know before it is taken for good news.
fn metadata(summary: &Summary) -> Vec<(String, String)> {
    let coverage = &summary.totals.coverage;
    let share = summary.coverage(Strictness::Visible);
    let listed: Vec<_> = summary.outcome.listed.iter().map(|it| it.name()).collect();
    let pairs = [
        ("collected_at", summary.header.collected_at.map(|it| it.to_string())),
        ("organization", summary.header.organization.as_ref().map(|it| it.id.clone())),
        ("rules", Some(summary.totals.rules.iter().map(|(it, _)| it.id).collect::<Vec<_>>().join(" "))),
        ("coverage_percent", share.map(|it| format!("{}.{:02}", it / 100, it % 100))),
        ("accounts", Some(coverage.accounts.to_string())),
        ("accounts_not_fully_seen", Some(coverage.accounts_short.to_string())),
        ("account_list", Some(if summary.totals.account_list.is_whole() { "whole" } else { "cut" }.to_owned())),
        ("exit_code", Some(summary.outcome.exit_code.to_string())),
        ("listed_statuses", (!listed.is_empty()).then(|| listed.join(" "))),
    ];
    let told = pairs.into_iter().filter_map(|(key, value)| Some((key, value?)));
    told.map(|(key, value)| (format!("mfaudit.{key}"), value)).collect()
}
