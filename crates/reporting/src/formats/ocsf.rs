//! OCSF 1.5.0: a Compliance Finding a line, for data lakes and SIEMs.

mod event;
mod rule_texts;

#[cfg(test)]
mod tests;

use std::io::{self, BufWriter, Write};

use self::{event::{ComplianceFinding, Run}, rule_texts::RuleTexts};
use crate::{Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary, escape};

pub(super) static FORMAT: Format = Format {
    name: "ocsf",
    file_name: "ocsf.ndjson",
    content: Content::Text,
    about: "one OCSF 1.5.0 Compliance Finding (class 2003) a line, for data lakes and SIEMs; `jq -s .` makes an array of them",
    accounts: Accounts::NotTold,
    // Every event names the organization, which no finding knows.
    summary: Placement::Above,
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Ocsf {
        out: BufWriter::new(out),
        run: Run::default(),
        rules: RuleTexts::default(),
    })
}

/// Lines and no array: what loads events reads them one by one, and a stream that ends early is read to its end.
struct Ocsf {
    out: BufWriter<Box<dyn Write>>,
    run: Run,
    rules: RuleTexts,
}

impl Sink for Ocsf {
    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        self.run = Run::of(summary);
        Ok(())
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        let rule = self.rules.of(row.rule());
        let event = serde_json::to_string(&ComplianceFinding::of(row, &self.run, rule))?;
        writeln!(self.out, "{}", escape::json(&event))
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
