//! The JSON report, version 1: one document, its findings one a line.

use std::io::{self, BufWriter, Write};

use crate::{
    Appearance, Format, Row, Sink, Summary,
    document::{FindingDocument, ReportDocument},
    escape,
};

pub(super) static FORMAT: Format = Format {
    name: "json",
    extension: "json",
    about: "one document with summary, rules and findings; schema in docs/schema",
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Json {
        out: BufWriter::new(out),
        before_next: "\n    ",
    })
}

struct Json {
    out: BufWriter<Box<dyn Write>>,
    /// What stands between the last thing written and the next finding.
    before_next: &'static str,
}

impl Sink for Json {
    fn begin(&mut self, summary: &Summary) -> io::Result<()> {
        let document = serde_json::to_string_pretty(&ReportDocument::without_findings(summary))?;
        // The findings are the last key, so that they can be streamed into the document's end.
        let head = document
            .strip_suffix("]\n}")
            .ok_or_else(|| io::Error::other("the findings are not the last key of the report"))?;
        self.out.write_all(escape::json(head).as_bytes())
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        let finding = serde_json::to_string(&FindingDocument::of(row))?;
        write!(self.out, "{}{}", self.before_next, escape::json(&finding))?;
        self.before_next = ",\n    ";
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        let close = if self.before_next.starts_with(',') {
            "\n  ]\n}\n"
        } else {
            "]\n}\n"
        };
        self.out.write_all(close.as_bytes())?;
        self.out.flush()
    }
}
