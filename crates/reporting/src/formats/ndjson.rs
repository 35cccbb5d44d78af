//! JSON lines: one finding each, then one waiver each, then one each of what is no failure any more.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use crate::{
    Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary,
    document::{ControlTexts, CoverageWaiverDocument, FindingDocument, PastDocument, WaiverDocument},
    escape,
};

pub(super) static FORMAT: Format = Format {
    name: "ndjson",
    file_name: "report.ndjson",
    content: Content::Text,
    about: "one finding a line, for jq and log pipelines; then `{\"coverage_waiver\":…}` or `{\"finding_waiver\":…}` for each waiver, and `{\"baseline_change\":…}` for each failure of the baseline that is fixed or unknown",
    accounts: Accounts::NotTold,
    summary: Placement::Below,
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Ndjson {
        out: BufWriter::new(out),
        controls: ControlTexts::default(),
    })
}

struct Ndjson {
    out: BufWriter<Box<dyn Write>>,
    controls: ControlTexts,
}

fn line(out: &mut impl Write, entry: &impl Serialize) -> io::Result<()> {
    let line = serde_json::to_string(entry)?;
    writeln!(out, "{}", escape::json(&line))
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

/// Likewise, of a failure of the baseline.
#[derive(Serialize)]
struct PastLine<'a> {
    baseline_change: PastDocument<'a>,
}

impl Sink for Ndjson {
    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        for waiver in summary.totals.waivers.uses() {
            let waiver = WaiverLine {
                coverage_waiver: CoverageWaiverDocument::of(waiver),
            };
            line(&mut self.out, &waiver)?;
        }
        for waiver in summary.totals.waiver_uses.outcomes() {
            let waiver = FindingWaiverLine {
                finding_waiver: WaiverDocument::of(waiver),
            };
            line(&mut self.out, &waiver)?;
        }
        for past in summary.changes.iter().flat_map(|it| it.fixed.iter().chain(&it.unknown)) {
            let past = PastLine {
                baseline_change: PastDocument::of(past),
            };
            line(&mut self.out, &past)?;
        }
        Ok(())
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        let controls = self.controls.of(row.rule());
        line(&mut self.out, &FindingDocument::of(row, controls))
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
