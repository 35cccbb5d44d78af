//! JSON lines: one finding each, then one coverage waiver each, then one each of what is no failure any more.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use crate::{
    Accounts, Appearance, Format, Row, Sink, Summary,
    document::{CoverageWaiverDocument, FindingDocument, PastDocument},
    escape,
};

pub(super) static FORMAT: Format = Format {
    name: "ndjson",
    extension: "ndjson",
    about: "one finding a line, for jq and log pipelines; then `{\"coverage_waiver\":…}` for each waiver, and `{\"baseline_change\":…}` for each failure of the baseline that is fixed or unknown",
    accounts: Accounts::NotTold,
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Ndjson {
        out: BufWriter::new(out),
        below: Vec::new(),
    })
}

struct Ndjson {
    out: BufWriter<Box<dyn Write>>,
    /// The lines below the findings, made while the summary was at hand.
    below: Vec<String>,
}

/// A line that is no finding: it has this key alone.
#[derive(Serialize)]
struct WaiverLine<'a> {
    coverage_waiver: CoverageWaiverDocument<'a>,
}

/// Likewise, of a failure of the baseline.
#[derive(Serialize)]
struct PastLine<'a> {
    baseline_change: PastDocument<'a>,
}

impl Sink for Ndjson {
    fn begin(&mut self, summary: &Summary) -> io::Result<()> {
        let lines = summary.totals.waivers.uses().map(|it| {
            serde_json::to_string(&WaiverLine {
                coverage_waiver: CoverageWaiverDocument::of(it),
            })
        });
        self.below = lines.collect::<Result<_, _>>()?;
        for past in summary.changes.iter().flat_map(|it| it.fixed.iter().chain(&it.unknown)) {
            self.below.push(serde_json::to_string(&PastLine {
                baseline_change: PastDocument::of(past),
            })?);
        }
        Ok(())
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        let line = serde_json::to_string(&FindingDocument::of(row))?;
        writeln!(self.out, "{}", escape::json(&line))
    }

    fn end(&mut self) -> io::Result<()> {
        for line in &self.below {
            writeln!(self.out, "{}", escape::json(line))?;
        }
        self.out.flush()
    }
}
