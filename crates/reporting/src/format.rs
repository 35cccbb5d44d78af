//! What a report format is.

use std::io;

use crate::{Appearance, Row, Summary};

/// A way to write an assessment.
#[derive(Debug)]
pub struct Format {
    /// The name on the command line.
    pub name: &'static str,
    /// The file's extension, without the dot.
    pub extension: &'static str,
    /// What the format is for, for `--help`.
    pub about: &'static str,
    /// Opens a sink that writes the format.
    pub open: fn(Box<dyn io::Write>, &Appearance) -> Box<dyn Sink>,
}

/// Where findings go, one after the other: begun once, ended once.
pub trait Sink {
    /// Writes what stands above the findings.
    ///
    /// # Errors
    ///
    /// Fails if the output cannot be written.
    fn begin(&mut self, summary: &Summary) -> io::Result<()>;

    /// Writes one finding. Findings of one account come one after the other.
    ///
    /// # Errors
    ///
    /// Fails if the output cannot be written.
    fn finding(&mut self, row: &Row<'_>) -> io::Result<()>;

    /// Writes what stands below the findings, and flushes.
    ///
    /// # Errors
    ///
    /// Fails if the output cannot be written.
    fn end(&mut self) -> io::Result<()>;
}
