//! The JSON report, version 1: one document, its accounts and findings one a line.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use crate::{
    AccountLedger, Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary,
    document::{AccountLedgerDocument, ControlTexts, FindingDocument, ReportDocument},
    escape,
};

pub(super) static FORMAT: Format = Format {
    name: "json",
    file_name: "report.json",
    content: Content::Text,
    about: "one document with summary, rules, accounts and findings; schema in docs/schema",
    accounts: Accounts::Told,
    summary: Placement::Above,
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Json {
        out: BufWriter::new(out),
        list: List::Accounts,
        before_next: FIRST,
        controls: ControlTexts::default(),
    })
}

/// What stands before the first and before every other entry of a list.
const FIRST: &str = "\n    ";
const OTHER: &str = ",\n    ";

struct Json {
    out: BufWriter<Box<dyn Write>>,
    /// The list that is being written.
    list: List,
    /// What stands between the last thing written and the list's next entry.
    before_next: &'static str,
    controls: ControlTexts,
}

/// The lists that are streamed into the document's end.
#[derive(Clone, Copy, Eq, PartialEq)]
enum List {
    Accounts,
    Findings,
}

impl Json {
    fn entry(&mut self, entry: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(entry)?;
        write!(self.out, "{}{}", self.before_next, escape::json(&text))?;
        self.before_next = OTHER;
        Ok(())
    }

    fn close_list(&mut self) -> io::Result<()> {
        let close = if self.before_next == OTHER { "\n  ]" } else { "]" };
        self.before_next = FIRST;
        self.out.write_all(close.as_bytes())
    }

    fn begin_findings(&mut self) -> io::Result<()> {
        if self.list == List::Findings {
            return Ok(());
        }
        self.list = List::Findings;
        self.close_list()?;
        self.out.write_all(b",\n  \"findings\": [")
    }
}

impl Sink for Json {
    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        let document = serde_json::to_string_pretty(&ReportDocument::head(summary))?;
        let head = document
            .strip_suffix("],\n  \"findings\": []\n}")
            .ok_or_else(|| {
                io::Error::other("accounts and findings are not the last keys of the report")
            })?;
        self.out.write_all(escape::json(head).as_bytes())
    }

    fn account(&mut self, ledger: &AccountLedger<'_>) -> io::Result<()> {
        self.entry(&AccountLedgerDocument::of(ledger))
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.begin_findings()?;
        let mut controls = std::mem::take(&mut self.controls);
        let written = self.entry(&FindingDocument::of(row, controls.of(row.rule())));
        self.controls = controls;
        written
    }

    fn end(&mut self) -> io::Result<()> {
        self.begin_findings()?;
        self.close_list()?;
        self.out.write_all(b"\n}\n")?;
        self.out.flush()
    }
}
