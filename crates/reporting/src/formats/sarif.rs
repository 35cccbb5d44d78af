//! SARIF 2.1.0: for code scanning pages; failures first, then what could not be judged.

mod driver;
mod invocation;
mod result;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    io::{self, BufWriter, Write},
};

use rules::{Severity, Status};
use serde::Serialize;

use self::{
    driver::Tool,
    invocation::{AutomationDetails, Invocation},
    result::SarifResult,
};
use crate::{Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary, escape};

pub(super) static FORMAT: Format = Format {
    name: "sarif",
    file_name: "report.sarif",
    content: Content::Text,
    about: "SARIF 2.1.0 for code scanning: what fails, then what could not be judged, at most 25 000 results; it publishes account ids and user names to whoever may read the page",
    accounts: Accounts::NotTold,
    summary: Placement::Above,
    open,
};

/// How many results a run may have: GitHub refuses more.
const RESULTS: u64 = 25_000;

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Sarif::new(out, RESULTS))
}

struct Sarif {
    out: BufWriter<Box<dyn Write>>,
    /// The most results there may be.
    most: u64,
    /// How many more failures of each severity there is room for: the worst come first.
    room: BTreeMap<Severity, u64>,
    /// How many results that are no failures there is room for.
    room_behind: u64,
    /// What could not be judged: it stands behind the failures, so that it is held, which the most of results bounds.
    behind: Vec<String>,
    rules: BTreeMap<&'static str, usize>,
    counts: ResultCounts,
    invocation: Option<Invocation>,
}

/// What became of the findings that are results, as the run's properties tell.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultCounts {
    failures: u64,
    failures_left_out: u64,
    indeterminate: u64,
    indeterminate_left_out: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    results: &'a ResultCounts,
}

impl ResultCounts {
    const fn left_out(&self) -> u64 {
        self.failures_left_out + self.indeterminate_left_out
    }

    const fn told(&self) -> u64 {
        self.failures + self.indeterminate
    }
}

impl Sarif {
    fn new(out: Box<dyn Write>, most: u64) -> Self {
        Self {
            out: BufWriter::new(out),
            most,
            room: BTreeMap::new(),
            room_behind: 0,
            behind: Vec::new(),
            rules: BTreeMap::new(),
            counts: ResultCounts::default(),
            invocation: None,
        }
    }

    fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(value)?;
        self.out.write_all(escape::json(&text).as_bytes())
    }

    /// Shares out the results there may be: failures by severity, then the rest.
    fn make_room(&mut self, summary: &Summary) {
        let listed = &summary.outcome.listed;
        let mut left = self.most;
        if listed.is_empty() || listed.contains(&Status::Fail) {
            for severity in Severity::ALL.into_iter().rev() {
                let room = left.min(summary.failures_of(severity));
                self.room.insert(severity, room);
                left -= room;
            }
        }
        self.room_behind = left;
    }

    fn result(&self, row: &Row<'_>) -> io::Result<String> {
        let index = self.rules.get(row.rule().id).copied();
        let text = serde_json::to_string(&SarifResult::of(row, index))?;
        Ok(escape::json(&text).into_owned())
    }

    fn write_result(&mut self, result: &str, before: u64) -> io::Result<()> {
        let start = if before == 0 { "\n" } else { ",\n" };
        write!(self.out, "{start}{result}")
    }
}

impl Sink for Sarif {
    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        self.make_room(summary);
        let ids = summary.totals.rules.iter().map(|(it, _)| it.id);
        self.rules = ids.enumerate().map(|(index, id)| (id, index)).collect();
        let tool = Tool::of(summary);
        self.out.write_all(b"{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\n\"tool\":")?;
        self.json(&tool)?;
        self.out.write_all(b",\n\"taxonomies\":")?;
        self.json(&tool.taxonomies())?;
        self.out.write_all(b",\n\"automationDetails\":")?;
        self.json(&AutomationDetails::of(summary))?;
        self.out.write_all(b",\n\"columnKind\":\"unicodeCodePoints\",\n\"results\":[")?;
        self.invocation = Some(Invocation::of(summary));
        Ok(())
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        match row.status() {
            Status::Pass | Status::NotApplicable => {}
            Status::Fail => match self.room.get_mut(&row.rule().severity) {
                Some(room @ 1..) => {
                    *room -= 1;
                    let result = self.result(row)?;
                    self.write_result(&result, self.counts.failures)?;
                    self.counts.failures += 1;
                }
                Some(0) | None => self.counts.failures_left_out += 1,
            },
            Status::Indeterminate => {
                if (self.behind.len() as u64) < self.room_behind {
                    let result = self.result(row)?;
                    self.behind.push(result);
                } else {
                    self.counts.indeterminate_left_out += 1;
                }
            }
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        for result in std::mem::take(&mut self.behind) {
            self.write_result(&result, self.counts.told())?;
            self.counts.indeterminate += 1;
        }
        self.out.write_all(b"\n],\n\"invocations\":")?;
        let mut invocations: Vec<_> = self.invocation.take().into_iter().collect();
        for invocation in &mut invocations {
            invocation.tell_cut(&self.counts);
        }
        self.json(&invocations)?;
        self.out.write_all(b",\n\"properties\":")?;
        let counts = self.counts;
        self.json(&Properties { results: &counts })?;
        self.out.write_all(b"\n}]}\n")?;
        self.out.flush()
    }
}
