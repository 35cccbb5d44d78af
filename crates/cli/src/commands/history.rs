//! `mfaudit history`: tells how runs stand over time, and answers the documented questions.

use std::io;

use delivery::{
    dataset::{self, Dataset, Query, sql},
    storage::Provider,
};
use reporting::{Appearance, Verbosity, columnar::Value, visible};

use super::publish::dataset_error;
use crate::{
    args::{History, HistoryForm, When},
    config::{self, Environment},
    error::{CliError, Kind},
    exit::ExitStatus,
    output,
    storage::Storage,
};

/// How many organizations are named where none is the one that was asked for.
const NAMED: usize = 10;

pub(super) fn run(
    args: &History,
    colour: When,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    if let Some(engine) = args.sql {
        output::print(&script(args, engine.into()))?;
        return Ok(ExitStatus::Clean);
    }
    if let Some(folder) = args.dataset.local_path()
        && !folder.is_dir()
    {
        let what = format!("there is no folder {}", folder.display());
        return Err(CliError::new(Kind::Failed, what).hint("check the address"));
    }
    let storage = Storage::to_read(environment)?;
    let dataset = Dataset::new(storage.open(&args.dataset)?);
    let opened = dataset::History::open(dataset, args.organization.as_deref(), args.since);
    let history = storage.block_on(opened)?.map_err(dataset_error)?;
    if history.runs().is_empty() {
        say_why_none(args, history.organizations_there())?;
    }
    let look = config::appearance(environment, colour, Verbosity::Everything);
    let query = args.query.map(Query::from);
    let text = match (query, args.form) {
        (None, HistoryForm::Table) => {
            let trend = storage.block_on(history.trend())?.map_err(dataset_error)?;
            reporting::write_trend(&trend, &look)
        }
        (query, form) => {
            let query = query.unwrap_or(Query::Trend);
            let mut rows = Vec::new();
            let mut each = |row| rows.push(row);
            let answered = storage.block_on(history.answer(query, &mut each))?;
            answered.map_err(dataset_error)?;
            let names: Vec<_> = query.columns().iter().map(|it| it.name).collect();
            let written = match form {
                HistoryForm::Table => Ok(for_people(query, &names, &rows, &look)),
                HistoryForm::Json => json(&names, &rows),
                HistoryForm::Csv => csv_text(&names, &rows),
            };
            written.map_err(|error| CliError::new(Kind::Output, error))?
        }
    };
    output::print(&text)?;
    Ok(ExitStatus::Clean)
}

/// Says why no run is left to tell of.
///
/// # Errors
///
/// Fails if there are runs, and none of the organization that was asked for.
fn say_why_none(args: &History, there: &[String]) -> Result<(), CliError> {
    let at = &args.dataset;
    if there.is_empty() {
        output::say(&format!("note: no run is published at {at}"));
        return Ok(());
    }
    if let Some(wanted) = &args.organization
        && !there.contains(wanted)
    {
        let what = format!("no run at {at} is of organization `{}`", visible(wanted));
        let hint = format!("there are runs of {}", named(there));
        return Err(CliError::new(Kind::Failed, what).hint(hint));
    }
    if let Some(since) = args.since {
        output::say(&format!("note: no run at {at} is of {since} or later"));
    }
    Ok(())
}

/// Names some organizations, and says how many more there are. Whoever writes the dataset may have called them anything.
fn named(there: &[String]) -> String {
    let named: Vec<_> = there.iter().take(NAMED).map(|it| visible(it)).collect();
    let more = match there.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", named.join(", "))
}

/// Returns the statements for an engine, over this dataset.
fn script(args: &History, engine: sql::Engine) -> String {
    let at = args.dataset.to_string();
    let url = match (engine, args.dataset.provider()) {
        // Hadoop's name for S3.
        (sql::Engine::Spark, Provider::S3) => at.replacen("s3://", "s3a://", 1),
        _ => at,
    };
    // In a literal, a quote is written twice.
    engine
        .script()
        .replace(sql::PLACEHOLDER, &url.replace('\'', "''"))
}

/// Returns rows without what tells people nothing: the findings' names, and the organization where there is one alone.
fn for_people(
    query: Query,
    names: &[&str],
    rows: &[dataset::QueryRow],
    look: &Appearance,
) -> String {
    let organization = |row: &dataset::QueryRow| row.first().map(text);
    let first = rows.first().and_then(organization);
    let several = rows.iter().any(|it| organization(it) != first);
    let tells = |name: &str| name != "finding_id" && (several || name != "organization");
    let cells = |row: &dataset::QueryRow| {
        let told = names.iter().zip(row).filter(|(name, _)| tells(name));
        told.map(|(_, value)| text(value)).collect()
    };
    let rows: Vec<_> = rows.iter().map(cells).collect();
    let names: Vec<_> = names.iter().copied().filter(|it| tells(it)).collect();
    reporting::write_rows(query.title(), &names, &rows, look)
}

fn text(value: &Value<'_>) -> String {
    match value {
        Value::Nothing => String::new(),
        Value::Text(it) => it.to_string(),
        Value::Time(it) => it.to_string(),
        Value::Day(it) => it.to_string(),
        Value::Number(it) => it.to_string(),
        Value::Flag(it) => it.to_string(),
    }
}

fn json(names: &[&str], rows: &[dataset::QueryRow]) -> io::Result<String> {
    let mut out = String::from("[");
    for (index, row) in rows.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        let cells = names.iter().zip(row).map(|(name, value)| {
            let value = match value {
                Value::Nothing => serde_json::Value::Null,
                Value::Number(it) => (*it).into(),
                Value::Flag(it) => (*it).into(),
                Value::Text(_) | Value::Time(_) | Value::Day(_) => text(value).into(),
            };
            ((*name).to_owned(), value)
        });
        let object: serde_json::Map<_, _> = cells.collect();
        out.push_str(&serde_json::to_string(&object)?);
    }
    out.push_str(if rows.is_empty() { "]\n" } else { "\n]\n" });
    Ok(reporting::visible_json(&out).into_owned())
}

fn csv_text(names: &[&str], rows: &[dataset::QueryRow]) -> io::Result<String> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(names)?;
    for row in rows {
        let cells = row.iter().map(|it| {
            let cell = text(it);
            if matches!(it, Value::Text(_)) {
                reporting::spreadsheet_cell(&cell).into_owned()
            } else {
                cell
            }
        });
        out.write_record(cells)?;
    }
    out.flush()?;
    let bytes = out.into_inner().map_err(csv::IntoInnerError::into_error)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organizations_of_a_foreign_dataset_do_nothing_to_the_terminal() {
        let mut there = vec!["o-\u{1b}[2J".to_owned()];
        assert_eq!(named(&there), "o-\\u{1b}[2J");
        there.extend((0..NAMED).map(|it| format!("o-{it}")));
        assert!(named(&there).ends_with("o-8 and 1 more"));
    }
}
