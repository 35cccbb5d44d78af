//! The section `[[report]]`.

use std::{fmt::Write, path::PathBuf};

use reporting::FORMATS;
use serde_json::{Value as Json, json};

use super::{
    mistakes::Mistakes,
    origin::Origin,
    table::Table,
    value::{self, Value},
};
use crate::{
    args::{Report, ReportArgs},
    given::Given,
};

pub(super) const SECTION: &str = "report";

/// The options that say the same, by the names clap has for them, and as they are written.
const FLAGS: [(&str, &str); 2] = [("reports", "--format"), ("formats", "--formats")];

/// The reports that the file asks for, each with its line.
#[derive(Debug, Default)]
pub(crate) struct ReportsSection(Vec<(Report, usize)>);

/// Takes the reports out of the document.
pub(super) fn take(document: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> ReportsSection {
    let mut reports: Vec<(Report, usize)> = Vec::new();
    for mut table in document.tables(SECTION, mistakes) {
        let place = table.span();
        let Some(report) = report(&mut table, mistakes) else {
            table.end(mistakes);
            continue;
        };
        table.end(mistakes);
        if reports.iter().any(|(it, _)| it.file == report.file) {
            mistakes.add(
                place.clone(),
                if report.file.is_some() {
                    "two reports cannot both go to the same file"
                } else {
                    "two reports cannot both go to standard output: give one a `file`"
                },
            );
        }
        reports.push((report, mistakes.line(place.start)));
    }
    ReportsSection(reports)
}

fn report(table: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Option<Report> {
    let names: Vec<_> = FORMATS.iter().map(|it| it.name).collect();
    let format = if let Some(value) = table.take("format") {
        value::choice("format", value, &names, mistakes)
    } else {
        table.lacks("`format`", "format = \"json\"", mistakes);
        None
    };
    let has_file = table.key_span("file").is_some();
    let file = table.text("file", mistakes);
    if has_file && file.is_none() {
        return None;
    }
    let format = FORMATS.iter().copied().find(|it| Some(it.name) == format)?;
    Some(Report {
        format,
        file: file.map(|it| PathBuf::from(*it.get_ref())),
    })
}

impl ReportsSection {
    /// Sets the reports, unless the command line asks for any.
    pub(crate) fn apply(&self, options: &mut ReportArgs, given: &Given) {
        if !FLAGS.iter().any(|(id, _)| given.has(id)) && !self.0.is_empty() {
            options.reports = self.0.iter().map(|(it, _)| it.clone()).collect();
        }
    }

    /// Returns the sections as TOML, each with where it comes from.
    pub(super) fn print(&self, options: &ReportArgs, given: &Given, file: &str) -> String {
        let mut text = String::new();
        let of_command_line = FLAGS.iter().find(|(id, _)| given.has(id));
        for (index, report) in options.all().iter().enumerate() {
            let origin = match (of_command_line, self.0.get(index)) {
                (Some((_, flag)), _) if index < options.reports.len() => Origin::Flag(flag),
                (Some(_), _) => Origin::Flag("--formats"),
                (None, Some((_, line))) => Origin::File(file, *line),
                (None, None) => Origin::Default,
            };
            let format = Value::Text(report.format.name.to_owned());
            // Writing to a string cannot fail.
            let _ = writeln!(text, "[[{SECTION}]] # {origin}\nformat = {format}");
            if let Some(path) = &report.file {
                let path = Value::Text(path.display().to_string());
                let _ = writeln!(text, "file = {path}");
            }
            text.push('\n');
        }
        if text.is_empty() {
            text = format!("[[{SECTION}]] # default\nformat = \"table\"\n\n");
        }
        text
    }
}

/// Returns the schema of the list.
pub(super) fn schema() -> Json {
    let names: Vec<_> = FORMATS.iter().map(|it| it.name).collect();
    json!({
        "description": "The reports to write; one of them may go to standard output",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "format": { "description": "The format", "enum": names },
                "file": {
                    "description": "The file to write, from the working directory; standard output if there is none",
                    "type": "string",
                    "minLength": 1,
                },
            },
            "required": ["format"],
            "additionalProperties": false,
        },
    })
}
