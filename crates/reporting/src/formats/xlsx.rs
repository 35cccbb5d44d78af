//! A workbook: summary, findings, coverage and waivers, each a sheet that can be filtered.

mod sheets;
mod summary;
#[cfg(test)]
mod tests;
mod waivers;

use std::{
    io::{self, Write},
    panic::{AssertUnwindSafe, catch_unwind},
};

use model::Timestamp;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::sheets::{MOST_ROWS, Sheets};
use super::coverage;
use crate::{
    AccountLedger, Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary,
    columnar::Value,
    typed::{ControlCells, TYPED},
};

pub(super) static FORMAT: Format = Format {
    name: "xlsx",
    file_name: "report.xlsx",
    content: Content::Binary,
    about: "a workbook with sheets for summary, findings, coverage and waivers, to filter and to hand on; binary",
    accounts: Accounts::Told,
    summary: Placement::Above,
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Xlsx {
        out,
        workbook: Workbook::new(),
        summary: Sheets::plain("summary", &[("", 22), ("", 90)]),
        findings: Sheets::new("findings", &columns(), MOST_ROWS),
        coverage: Sheets::new("coverage", &of_coverage(), MOST_ROWS),
        waivers: Sheets::new("waivers", &waivers::COLUMNS, MOST_ROWS),
        controls: ControlCells::default(),
    })
}

/// Rows go to files without a name as they come; what is held is the workbook when it is whole, compressed.
struct Xlsx {
    out: Box<dyn Write>,
    workbook: Workbook,
    summary: Sheets,
    findings: Sheets,
    coverage: Sheets,
    waivers: Sheets,
    controls: ControlCells,
}

impl Sink for Xlsx {
    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        let created = summary.header.collected_at.unwrap_or(Timestamp::EPOCH);
        let created = ExcelDateTime::from_timestamp(created.epoch_seconds()).unwrap_or_default();
        let properties = DocProperties::new()
            .set_title("mfaudit report")
            .set_creation_datetime(&created);
        self.workbook.set_properties(&properties);
        guarded(|| {
            summary::write(&mut self.summary, &mut self.workbook, summary)?;
            waivers::write(&mut self.waivers, &mut self.workbook, summary)
        })
    }

    fn account(&mut self, ledger: &AccountLedger<'_>) -> io::Result<()> {
        guarded(|| {
            for row in coverage::rows(ledger) {
                let cells = coverage::COLUMNS.iter().zip(row);
                let cells = cells.map(|(column, it)| match it.parse() {
                    Ok(facts) if *column == coverage::FACTS => Value::Number(facts),
                    _ => Value::Text(it.into()),
                });
                self.coverage.row(&mut self.workbook, &cells.collect::<Vec<_>>())?;
            }
            Ok(())
        })
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        let values = self.controls.values(row);
        guarded(|| self.findings.row(&mut self.workbook, &values))
    }

    fn end(&mut self) -> io::Result<()> {
        let bytes = guarded(|| {
            let all = [&mut self.summary, &mut self.findings, &mut self.coverage, &mut self.waivers];
            for sheets in all {
                sheets.finish(&mut self.workbook)?;
            }
            self.workbook.save_to_buffer()
        })?;
        self.out.write_all(&bytes)?;
        self.out.flush()
    }
}

/// Runs what writes to files without a name. Where these cannot be written, as on a full disk, the library panics.
fn guarded<T>(write: impl FnOnce() -> Result<T, XlsxError>) -> io::Result<T> {
    match catch_unwind(AssertUnwindSafe(write)) {
        Ok(done) => done.map_err(io::Error::other),
        Err(_) => Err(io::Error::other(
            "the folder for temporary files ran out of space, or cannot be written (TMPDIR names another)",
        )),
    }
}

fn columns() -> Vec<(&'static str, u16)> {
    let width = |name: &str| match name {
        "principal_arn" | "reason" => 60,
        "evidence_source" | "controls" | "account_name" | "ou_path" | "waiver_reason" => 30,
        "rule" | "owner" | "waiver_owner" => 26,
        "evidence_time" | "grace_until" | "first_seen" | "finding_id" => 20,
        _ => 15,
    };
    TYPED.iter().map(|it| (it.name, width(it.name))).collect()
}

fn of_coverage() -> Vec<(&'static str, u16)> {
    let width = |name: &str| match name {
        "detail" | "waived" => 60,
        "account_name" | "ou_path" | "dataset" | "operation" => 30,
        _ => 15,
    };
    coverage::COLUMNS.iter().map(|it| (*it, width(it))).collect()
}
