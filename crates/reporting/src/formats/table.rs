//! For people: what to know in ten seconds, and what to do first.

pub(super) mod changes;
pub(super) mod coverage;
mod diff;
pub(super) mod failures;
mod findings;
pub(super) mod first;
pub(super) mod foot;
mod frameworks;
mod grid;
pub(super) mod headline;
mod owners;
mod page;
mod paint;
mod places;
mod rows;
pub(super) mod text;
mod told;
mod trend;
pub(super) mod waivers;

#[cfg(test)]
mod tests;

use std::io::{self, BufWriter, Write};

use rules::Status;

pub(crate) use self::{
    changes::{change_counts, change_label},
    diff::{Meaning, diff_table},
    rows::rows_table,
    trend::trend_table,
};
pub(super) use self::{
    first::{Task, tasks},
    told::{Headline, excused, ou_name, percent, untied, waivers_to_look_at},
};
use self::{
    failures::{FEW, Failure},
    findings::Findings,
    page::Page,
};
use crate::{Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary, Verbosity};

pub(super) static FORMAT: Format = Format {
    name: "table",
    file_name: "report.txt",
    content: Content::Text,
    about: "for people, on a terminal: what to know and what to do first",
    accounts: Accounts::NotTold,
    summary: Placement::Above,
    open,
};

fn open(out: Box<dyn Write>, appearance: &Appearance) -> Box<dyn Sink> {
    Box::new(Table {
        out: BufWriter::new(out),
        page: Page::new(appearance),
        verbosity: appearance.verbosity,
        findings: Listed::None,
        tail: String::new(),
    })
}

struct Table {
    out: BufWriter<Box<dyn Write>>,
    page: Page,
    verbosity: Verbosity,
    findings: Listed,
    /// What stands below the findings, composed while the summary was at hand.
    tail: String,
}

/// Which findings are listed.
enum Listed {
    None,
    /// Those that fail, held until all are known.
    Few(Vec<Failure>),
    /// All, as they come.
    All(Findings),
}

impl Sink for Table {
    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        let Self { page, verbosity, .. } = self;
        headline::write(page, summary, *verbosity);
        changes::write(page, summary, *verbosity);
        first::write(page, summary, *verbosity);
        let head = page.take();
        let failures = summary.statuses().fail;
        self.findings = match verbosity {
            Verbosity::Everything => Listed::All(Findings::new(page, summary)),
            Verbosity::Summary if failures <= FEW => Listed::Few(Vec::new()),
            Verbosity::Summary => Listed::None,
        };
        match self.findings {
            // The list below names the accounts already.
            Listed::Few(_) => {}
            Listed::None | Listed::All(_) => places::worst_accounts(page, summary, *verbosity),
        }
        places::ous(page, summary, *verbosity);
        frameworks::write(page, summary);
        owners::write(page, summary, *verbosity);
        foot::write(page, summary, *verbosity);
        self.tail = page.take();
        self.out.write_all(head.as_bytes())?;
        match self.findings {
            Listed::Few(_) => Ok(()),
            Listed::None | Listed::All(_) => {
                self.out.write_all(std::mem::take(&mut self.tail).as_bytes())
            }
        }
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        match &mut self.findings {
            Listed::Few(failures) if row.status() == Status::Fail => {
                failures.push(Failure::of(row));
            }
            Listed::None | Listed::Few(_) => {}
            Listed::All(findings) => findings.add(&mut self.page, row),
        }
        self.out.write_all(self.page.take().as_bytes())
    }

    fn end(&mut self) -> io::Result<()> {
        if let Listed::Few(failures) = &mut self.findings {
            failures::write(&mut self.page, failures);
        }
        self.out.write_all(self.page.take().as_bytes())?;
        self.out.write_all(self.tail.as_bytes())?;
        self.out.flush()
    }
}
