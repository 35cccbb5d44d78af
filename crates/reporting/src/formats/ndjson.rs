//! JSON lines: one finding each, then one waiver each.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use crate::{
    Accounts, Appearance, Format, Row, Sink, Summary,
    document::{CoverageWaiverDocument, FindingDocument, WaiverDocument},
    escape,
};

pub(super) static FORMAT: Format = Format {
    name: "ndjson",
    extension: "ndjson",
    about: "one finding a line, for jq and log pipelines; then `{\"coverage_waiver\":…}` or `{\"finding_waiver\":…}` for each waiver, if there are any",
    accounts: Accounts::NotTold,
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Ndjson {
        out: BufWriter::new(out),
        waivers: Vec::new(),
    })
}

struct Ndjson {
    out: BufWriter<Box<dyn Write>>,
    /// The lines below the findings, made while the summary was at hand.
    waivers: Vec<String>,
}

/// A line that is no finding: it has this key alone.
#[derive(Serialize)]
struct WaiverLine<'a> {
    coverage_waiver: CoverageWaiverDocument<'a>,
}

/// Likewise; a finding says `waiver` of the one that holds for it.
#[derive(Serialize)]
struct FindingWaiverLine<'a> {
    finding_waiver: WaiverDocument<'a>,
}

impl Sink for Ndjson {
    fn begin(&mut self, summary: &Summary) -> io::Result<()> {
        let lines = summary.totals.waivers.uses().map(|it| {
            serde_json::to_string(&WaiverLine {
                coverage_waiver: CoverageWaiverDocument::of(it),
            })
        });
        self.waivers = lines.collect::<Result<_, _>>()?;
        for it in summary.totals.waiver_uses.outcomes() {
            self.waivers.push(serde_json::to_string(&FindingWaiverLine {
                finding_waiver: WaiverDocument::of(it),
            })?);
        }
        Ok(())
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        let line = serde_json::to_string(&FindingDocument::of(row))?;
        writeln!(self.out, "{}", escape::json(&line))
    }

    fn end(&mut self) -> io::Result<()> {
        for line in &self.waivers {
            writeln!(self.out, "{}", escape::json(line))?;
        }
        self.out.flush()
    }
}
