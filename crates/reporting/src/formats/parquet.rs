//! Apache Parquet: one row for each finding, in typed columns, for query engines.

mod columns;
mod schema;
#[cfg(test)]
mod tests;

use std::{
    io::{self, Write},
    sync::Arc,
};

use ::parquet::{
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::{WriterProperties, WriterPropertiesPtr},
        writer::SerializedFileWriter,
    },
    schema::types::ColumnPath,
};
use rules::Strictness;

use self::columns::Columns;
use crate::{Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary, typed::ControlCells};

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
        out,
        file: None,
        columns: Columns::new(),
        controls: ControlCells::default(),
        metadata: Vec::new(),
    })
}

struct Parquet {
    out: Box<dyn Write>,
    /// The file, of which only what is not written yet is held; `None` before its first row.
    file: Option<SerializedFileWriter<Vec<u8>>>,
    /// The rows of the row group that is not full yet.
    columns: Columns,
    controls: ControlCells,
    metadata: Vec<KeyValue>,
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
        let mut file = self.file()?;
        for pair in self.metadata.drain(..) {
            file.append_key_value_metadata(pair);
        }
        self.out.write_all(&file.into_inner().map_err(failed)?)?;
        self.out.flush()
    }
}

impl Parquet {
    /// Takes the file, begun if it is not yet.
    fn file(&mut self) -> io::Result<SerializedFileWriter<Vec<u8>>> {
        match self.file.take() {
            Some(file) => Ok(file),
            None => SerializedFileWriter::new(Vec::new(), schema::schema().map_err(failed)?, properties()?)
                .map_err(failed),
        }
    }

    fn write_row_group(&mut self) -> io::Result<()> {
        let mut file = self.file()?;
        let mut group = file.next_row_group().map_err(failed)?;
        self.columns.write(&mut group).map_err(failed)?;
        group.close().map_err(failed)?;
        file.flush()?;
        // Offsets are counted by the file itself, so that what was written need not be held.
        let bytes = std::mem::take(file.inner_mut());
        self.file = Some(file);
        self.out.write_all(&bytes)
    }
}

fn properties() -> io::Result<WriterPropertiesPtr> {
    let level = ZstdLevel::try_new(3).map_err(failed)?;
    let properties = WriterProperties::builder()
        .set_created_by(concat!("mfaudit version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(level))
        // No two rows have the same name.
        .set_column_dictionary_enabled(ColumnPath::from("finding_id"), false);
    Ok(Arc::new(properties.build()))
}

/// What a reader of no rows should know before it is taken for good news.
fn metadata(summary: &Summary) -> Vec<KeyValue> {
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
    told.map(|(key, value)| KeyValue::new(format!("mfaudit.{key}"), value)).collect()
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}
