//! `mfaudit explain`: tells why a finding is what it is, from a snapshot, from saved evidence, or from a report.

mod in_records;
mod in_report;
mod wanted;

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use reporting::{ExplanationDocument, Verbosity};

use super::evaluate;
use crate::{
    args::{Explain, ExplainForm, When},
    config::{self, Environment},
    config_file::ConfigFile,
    error::{CliError, Kind},
    exit::ExitStatus,
    output,
    storage::Storage,
};

pub(super) fn run(
    args: Explain,
    colour: When,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    let config = ConfigFile::read(args.config.config.as_deref())?;
    let storage = Storage::to_read(environment)?;
    let args = Explain {
        from: storage.fetch(&args.from)?,
        ..args
    };
    let explanation = explanation(&args, &config)?;
    let text = match args.format {
        ExplainForm::Text => explanation.page(&config::appearance(
            environment,
            colour,
            Verbosity::Everything,
        )),
        ExplainForm::Json => {
            let json = explanation.json();
            json.map_err(|error| CliError::new(Kind::Failed, error))?
        }
    };
    output::print(&text)?;
    Ok(ExitStatus::Clean)
}

fn explanation(args: &Explain, config: &ConfigFile) -> Result<ExplanationDocument, CliError> {
    if is_report(&args.from) {
        let file = File::open(&args.from);
        let failed = |error: std::io::Error| unreadable(&args.from, &error.to_string());
        let report = serde_json::from_reader(BufReader::new(file.map_err(failed)?));
        let report = report.map_err(|error| unreadable(&args.from, &error.to_string()))?;
        return in_report::explain(args, &report, &config.rules);
    }
    let paths = std::slice::from_ref(&args.from);
    let mut source = evaluate::open(paths, args.account.as_ref(), args.as_of)?;
    in_records::explain(args, source.as_mut(), &config.rules)
}

/// Tells a JSON report by its first keys.
fn is_report(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(256).read_to_end(&mut start));
    let start = String::from_utf8_lossy(&start);
    read.is_ok() && start.trim_start().starts_with('{') && start.contains("\"mfaudit-report\"")
}

fn unreadable(path: &Path, error: &str) -> CliError {
    let what = format!("cannot read the report {}: {error}", path.display());
    CliError::new(Kind::Failed, what).hint("take a whole copy of the file")
}
