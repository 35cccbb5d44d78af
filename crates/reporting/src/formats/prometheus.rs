//! Counts in Prometheus's text exposition format, for the textfile collector.
//!
//! What was not seen must not read as fine: a count of verdicts is left out where there is no verdict, and what tells
//! that all is well is a metric of its own, which is 0 unless all was seen.

mod exposition;
mod metrics;
#[cfg(test)]
mod tests;

use std::io::{self, BufWriter, Write};

use crate::{Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary};

pub(super) static FORMAT: Format = Format {
    name: "prometheus",
    file_name: "report.prom",
    content: Content::Text,
    about: "counts for the node exporter's textfile collector: findings by rule, severity and status, by OU, coverage, age of the evidence",
    accounts: Accounts::NotTold,
    summary: Placement::Below,
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Prometheus(BufWriter::new(out)))
}

struct Prometheus(BufWriter<Box<dyn Write>>);

impl Sink for Prometheus {
    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        self.0.write_all(metrics::text(summary).as_bytes())
    }

    fn finding(&mut self, _: &Row<'_>) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
