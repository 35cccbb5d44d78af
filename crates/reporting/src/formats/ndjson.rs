//! JSON lines: one finding each, and nothing else.

use std::io::{self, BufWriter, Write};

use crate::{Appearance, Format, Row, Sink, Summary, document::FindingDocument, escape};

pub(super) static FORMAT: Format = Format {
    name: "ndjson",
    extension: "ndjson",
    about: "one finding a line, for jq and log pipelines",
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Ndjson(BufWriter::new(out)))
}

struct Ndjson(BufWriter<Box<dyn Write>>);

impl Sink for Ndjson {
    fn begin(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        let line = serde_json::to_string(&FindingDocument::of(row))?;
        writeln!(self.0, "{}", escape::json(&line))
    }

    fn end(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
