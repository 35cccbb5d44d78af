//! `mfaudit diff`: tells what changed between two runs.

use std::path::Path;

use reporting::{Verbosity, visible, write_diff};
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
    note_organizations(&before, &after);
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

/// Says that the runs are of two organizations, so that nothing of the one is in the other.
fn note_organizations(before: &Run, after: &Run) {
    if let (Some(before), Some(after)) = (&before.head.organization, &after.head.organization)
        && before != after
    {
        output::say(&format!(
            "note: the first run is of organization {}, and the second of {}",
            visible(before),
            visible(after)
        ));
    }
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
