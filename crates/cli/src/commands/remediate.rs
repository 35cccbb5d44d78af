//! `mfaudit remediate`: writes who has to do what about each failure. Nothing is sent, and nothing is changed at AWS.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use reporting::{EarlierError, Kit, KitTally, ReportForm, read_kit};

use crate::{
    args::Remediate,
    config::Environment,
    config_file::ConfigFile,
    error::{CliError, Kind},
    exit::ExitStatus,
    folder::Folder,
    kept::{self, Kept},
    output,
    storage::Storage,
};

pub(super) fn run(args: Remediate, environment: &Environment) -> Result<ExitStatus, CliError> {
    let config = ConfigFile::read(args.config.config.as_deref())?;
    let storage = Storage::to_read(environment)?;
    let args = &Remediate {
        from: storage.fetch(&args.from)?,
        ..args
    };
    let folder = Folder::begin(&args.output)?;
    let kit = if Kept::of(&args.from) == Kept::Neither {
        of_report(args, &config)?
    } else {
        of_snapshot(args, &config)?
    };
    let mut files = 0;
    for file in kit.files() {
        folder.file(&file.path, &file.text)?;
        files += 1;
    }
    folder.finish()?;
    output::say(&format!(
        "{}: {files} files; {}",
        args.output.display(),
        kit.in_brief()
    ));
    Ok(ExitStatus::Clean)
}

fn of_snapshot(args: &Remediate, config: &ConfigFile) -> Result<Kit, CliError> {
    let criteria = config.criteria(&args.rules)?;
    let owners = config.owners()?;
    let mut source = kept::open(&args.from)?;
    let waivers = config.coverage_waivers.clone();
    let mut tally = KitTally::new(source.header(), &criteria, waivers, owners);
    rules::evaluate(source.as_mut(), &criteria, |record, findings| {
        tally.add(record, findings);
        Ok::<_, CliError>(())
    })?;
    Ok(tally.finish())
}

fn of_report(args: &Remediate, config: &ConfigFile) -> Result<Kit, CliError> {
    let path = &args.from;
    let unreadable = |error: io::Error| unusable(path, format!("it cannot be read: {error}"));
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().is_ok_and(|it| it.is_dir()) {
        return Err(unusable(path, "it is a folder".to_owned()).hint(NAME_ONE));
    }
    let mut report = BufReader::new(file);
    let Some(form) = ReportForm::of(report.fill_buf().map_err(unreadable)?) else {
        let what = "it is neither a report in JSON nor a snapshot".to_owned();
        return Err(unusable(path, what).hint(NAME_ONE));
    };
    let rules = &args.rules;
    if rules.choose() || !rules.skipped.is_empty() || !rules.frameworks.is_empty() {
        let what = "a report says itself which rules were evaluated";
        let error = CliError::new(Kind::Usage, what);
        return Err(error.hint("choose rules where the kit is made of a snapshot"));
    }
    let kit = read_kit(report, form, &config.owners()?, &config.rules.known());
    kit.map_err(|error| match error {
        EarlierError::Malformed(error) => unusable(path, error.to_string()).hint(NAME_ONE),
        EarlierError::Partial { listed, counted } => {
            let what = format!("it counts {counted} failures and lists {listed} of them");
            unusable(path, what).hint("take the report as it was written, of all failures")
        }
    })
}

const NAME_ONE: &str = "name a JSON report (--format json=FILE or ndjson=FILE) or a snapshot (--snapshot FILE of an audit)";

fn unusable(path: &Path, what: String) -> CliError {
    let path = path.to_owned();
    CliError::new(Kind::Failed, Unusable { path, what })
}

/// What a kit is to be made of cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot make a kit of {}: {what}", path.display())]
struct Unusable {
    path: PathBuf,
    what: String,
}
