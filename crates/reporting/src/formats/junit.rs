//! `JUnit` XML: a suite an account, a test a finding, for what CI servers show.

mod case;

#[cfg(test)]
mod tests;

use std::io::{self, BufWriter, Write};

use model::snapshot::AccountList;
use quick_xml::{Writer, events::BytesText};
use rules::Status;

use self::case::{Counts, Suite};
use crate::{Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary};

pub(super) static FORMAT: Format = Format {
    name: "junit",
    file_name: "junit.xml",
    content: Content::Text,
    about: "for CI servers: a test suite an account, a test a finding; a failure fails, what could not be judged is an error, what is waived or does not apply is skipped",
    accounts: Accounts::NotTold,
    summary: Placement::Above,
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Junit {
        out: BufWriter::new(out),
        suite: None,
    })
}

/// One account is held, for its counts stand above its tests.
struct Junit {
    out: BufWriter<Box<dyn Write>>,
    suite: Option<Suite>,
}

impl Junit {
    fn close_suite(&mut self) -> io::Result<()> {
        self.suite.take().map_or(Ok(()), |it| it.write(&mut self.out))
    }
}

/// Returns the counts of the findings that are listed.
fn counts(summary: &Summary) -> Counts {
    let found = summary.statuses();
    let listed = &summary.outcome.listed;
    let of = |status: Status, count: u64| {
        let is_listed = listed.is_empty() || listed.contains(&status);
        if is_listed { count } else { 0 }
    };
    let waived = of(Status::Fail, found.waived);
    let failures = of(Status::Fail, found.fail);
    let errors = of(Status::Indeterminate, found.indeterminate);
    let not_applicable = of(Status::NotApplicable, found.not_applicable);
    Counts {
        tests: of(Status::Pass, found.pass) + failures + errors + not_applicable,
        failures: failures.saturating_sub(waived),
        errors,
        skipped: not_applicable + waived,
    }
}

impl Sink for Junit {
    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        let mut counts = counts(summary);
        let cut = match &summary.header.account_list {
            AccountList::Whole => None,
            AccountList::Cut(reason) => Some(Suite::of_cut_list(reason, summary.header.collected_at)),
        };
        if let Some(suite) = &cut {
            counts.add(suite.counts());
        }
        writeln!(self.out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
        write!(self.out, r#"<testsuites name="mfaudit" {counts}>"#)?;
        writeln!(self.out)?;
        cut.map_or(Ok(()), |it| it.write(&mut self.out))
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        let is_other = |it: &Suite| it.account() != Some(&row.account().id);
        if self.suite.as_ref().is_some_and(is_other) {
            self.close_suite()?;
        }
        self.suite.get_or_insert_with(|| Suite::of(row)).add(row)
    }

    fn end(&mut self) -> io::Result<()> {
        self.close_suite()?;
        writeln!(self.out, "</testsuites>")?;
        self.out.flush()
    }
}

/// Writes XML behind text that is written already.
fn xml(out: &mut Vec<u8>) -> Writer<&mut Vec<u8>> {
    Writer::new(out)
}

/// Returns text of which nothing is obeyed or dropped: what XML may not hold is spelt out like everything else that cannot
/// be seen. Markup is escaped by the writer.
fn legal(text: &str) -> String {
    let shown = crate::escape::visible(text);
    shown.replace('\u{fffe}', r"\u{fffe}").replace('\u{ffff}', r"\u{ffff}")
}

fn text(text: &str) -> BytesText<'static> {
    BytesText::new(&legal(text)).into_owned()
}
