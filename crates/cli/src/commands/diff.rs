//! `mfaudit diff`: tells what changed between two runs.

use std::path::Path;

use reporting::{Verbosity, write_diff};
use rules::{Criteria, Run};

use crate::{
    args::{Diff, When},
    baseline::{Earlier, broken, earlier, unusable},
    config::{self, Environment},
    config_file::ConfigFile,
    error::{CliError, Kind},
    exit::ExitStatus,
    kept, output,
    storage::Storage,
};

pub(super) fn run(
    args: &Diff,
    colour: When,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    let config = ConfigFile::read(args.config.config.as_deref())?;
    let criteria = config.criteria(&args.rules)?;
    let storage = Storage::to_read(environment)?;
    let before = read(&storage.fetch(&args.before)?, &criteria, Run::default())?;
    let after = read(
        &storage.fetch(&args.after)?,
        &criteria,
        Run::watching(&before),
    )?;
    let diff = rules::Diff::between(&before, &after);
    let look = config::appearance(environment, colour, Verbosity::Everything);
    let text = write_diff(&diff, args.format.into(), &look);
    output::print(&text.map_err(|error| CliError::new(Kind::Output, error))?)?;
    Ok(if args.exit_code && diff.has_new() {
        ExitStatus::Failures
    } else {
        ExitStatus::Clean
    })
}

fn read(path: &Path, criteria: &Criteria, mut run: Run) -> Result<Run, CliError> {
    match earlier(path)? {
        Earlier::Kept => {
            let mut source = kept::open(path)?;
            let added = run.add_records(source.as_mut(), criteria);
            added.map_err(|error| broken(path, &error))?;
            Ok(run)
        }
        Earlier::Report(file) => {
            reporting::read_run(file, run).map_err(|error| unusable(path, &error))
        }
    }
}
