//! Two runs against each other, written for people and for programs.

mod markdown;
mod sections;

#[cfg(test)]
mod tests;

use rules::Diff;

pub(crate) use self::sections::{SectionRow, Sections};
use crate::{Appearance, document::DiffDocument, escape, formats};

/// How a comparison of two runs is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DiffFormat {
    /// For a terminal.
    Table,
    /// One document, whose schema is [`diff_schema`](crate::diff_schema).
    Json,
    /// For a pull request or a ticket.
    Markdown,
}

/// Returns a comparison of two runs as text.
///
/// # Errors
///
/// Fails if it cannot be written as JSON, which every comparison can.
pub fn write_diff(
    diff: &Diff,
    format: DiffFormat,
    look: &Appearance,
) -> Result<String, serde_json::Error> {
    match format {
        DiffFormat::Table => Ok(formats::diff_table(&sections::of(diff), look)),
        DiffFormat::Markdown => Ok(markdown::text(&sections::of(diff))),
        DiffFormat::Json => {
            let text = serde_json::to_string_pretty(&DiffDocument::of(diff))?;
            Ok(format!("{}\n", escape::json(&text)))
        }
    }
}
