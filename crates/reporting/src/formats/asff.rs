//! AWS Security Finding Format: for `BatchImportFindings` of Security Hub, a batch a line.

mod finding;
mod rule_texts;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    io::{self, BufWriter, Write},
};

use self::{finding::AsffFinding, rule_texts::RuleTexts};
use crate::{Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary, escape};

pub(super) static FORMAT: Format = Format {
    name: "asff",
    file_name: "asff.ndjson",
    content: Content::Text,
    about: "for AWS Security Hub: a line for each call of `BatchImportFindings`, an array of at most 100 findings of one account, passes included so that findings close; the guide has the loop that sends it",
    accounts: Accounts::NotTold,
    summary: Placement::Below,
    open,
};

/// How many findings `BatchImportFindings` takes at once.
const BATCH: u32 = 100;

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Asff {
        out: BufWriter::new(out),
        account: String::new(),
        batch: 0,
        rules: BTreeMap::new(),
    })
}

/// Security Hub takes an account's findings from that account alone, so a batch is of one account.
struct Asff {
    out: BufWriter<Box<dyn Write>>,
    /// The account of the batch that is being written.
    account: String,
    /// How many findings the batch has; none: no batch is open.
    batch: u32,
    rules: BTreeMap<&'static str, RuleTexts>,
}

impl Asff {
    fn close_batch(&mut self) -> io::Result<()> {
        if self.batch > 0 {
            self.batch = 0;
            self.out.write_all(b"]\n")?;
        }
        Ok(())
    }
}

impl Sink for Asff {
    fn summary(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        let account = row.account().id.as_str();
        if self.batch == BATCH || self.account != account {
            self.close_batch()?;
            account.clone_into(&mut self.account);
        }
        let start = if self.batch == 0 { "[" } else { "," };
        let rule = row.rule();
        let texts = self.rules.entry(rule.id);
        let texts = texts.or_insert_with(|| RuleTexts::of(rule));
        let finding = serde_json::to_string(&AsffFinding::of(row, texts))?;
        write!(self.out, "{start}{}", escape::json(&finding))?;
        self.batch += 1;
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.close_batch()?;
        self.out.flush()
    }
}
