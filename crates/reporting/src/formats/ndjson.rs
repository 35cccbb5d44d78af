//! JSON lines: one finding each, then one coverage waiver each.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use crate::{
    Accounts, Appearance, Format, Placement, Row, Sink, Summary,
    document::{CoverageWaiverDocument, FindingDocument},
    escape,
};

pub(super) static FORMAT: Format = Format {
    name: "ndjson",
    extension: "ndjson",
    about: "one finding a line, for jq and log pipelines; then `{\"coverage_waiver\":…}` for each waiver, if there are any",
    accounts: Accounts::NotTold,
    summary: Placement::Below,
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Ndjson(BufWriter::new(out)))
}

struct Ndjson(BufWriter<Box<dyn Write>>);

impl Ndjson {
    fn line(&mut self, entry: &impl Serialize) -> io::Result<()> {
        let line = serde_json::to_string(entry)?;
        writeln!(self.0, "{}", escape::json(&line))
    }
}

/// A line that is no finding: it has this key alone.
#[derive(Serialize)]
struct WaiverLine<'a> {
    coverage_waiver: CoverageWaiverDocument<'a>,
}

impl Sink for Ndjson {
    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        for waiver in summary.totals.waivers.uses() {
            self.line(&WaiverLine {
                coverage_waiver: CoverageWaiverDocument::of(waiver),
            })?;
        }
        Ok(())
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.line(&FindingDocument::of(row))
    }

    fn end(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
