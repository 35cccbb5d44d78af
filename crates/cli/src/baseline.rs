//! The earlier run that `--baseline` names, opened and read before anything is collected.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

use model::{Organization, snapshot::SourceError};
use reporting::{EarlierError, visible};
use rules::{Baseline, CoverageWaiver, Criteria};

use crate::{
    args::{BaselineArgs, GateArgs},
    error::{CliError, Kind},
    kept::{self, Kept},
    storage::Storage,
};

/// What the gate of a run goes by: its settings, and whose gaps somebody answers for.
pub(crate) struct GatedBy<'a> {
    pub(crate) gate: &'a GateArgs,
    pub(crate) waivers: &'a [CoverageWaiver],
}

/// Returns the same criteria with the baseline that was named. A snapshot is evaluated by the same rules and settings.
pub(crate) fn compared(
    mut criteria: Criteria,
    args: &BaselineArgs,
    gated_by: &GatedBy<'_>,
    storage: &Storage,
) -> Result<Criteria, CliError> {
    if let Some(path) = &args.baseline {
        let mut baseline = read(&storage.fetch(path)?, &criteria, gated_by)?;
        baseline.new_rules = args.fail_on_new_rules.into();
        criteria.baseline = Some(Arc::new(baseline));
    }
    Ok(criteria)
}

/// Refuses to compare the runs of two organizations: all of one would be new, and nothing of the other known.
pub(crate) fn of_same_organization(
    criteria: &Criteria,
    organization: Option<&Organization>,
) -> Result<(), CliError> {
    let earlier = criteria.baseline.as_ref();
    let earlier = earlier.and_then(|it| it.head.organization.as_deref());
    let now = organization.map(|it| &*it.id);
    match (earlier, now) {
        (Some(earlier), Some(now)) if earlier != now => {
            let what = format!(
                "the baseline is of organization {}, and this run of {}",
                visible(earlier),
                visible(now)
            );
            let error = CliError::new(Kind::Usage, what);
            Err(error.hint(
                "name an earlier run of the same organization with --baseline, and no report that was redacted; or leave it out",
            ))
        }
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}

fn read(path: &Path, criteria: &Criteria, gated_by: &GatedBy<'_>) -> Result<Baseline, CliError> {
    match earlier(path)? {
        Earlier::Kept => {
            let mut source = kept::open(path)?;
            let gate = gated_by.gate.gate();
            let baseline = Baseline::of_records(source.as_mut(), criteria, &gate, gated_by.waivers);
            baseline.map_err(|error| broken(path, &error))
        }
        Earlier::Report(file) => {
            reporting::read_baseline(file).map_err(|error| unusable(path, &error))
        }
    }
}

/// What an earlier run left.
pub(crate) enum Earlier {
    /// A snapshot or journal.
    Kept,
    /// What may be a JSON report.
    Report(BufReader<File>),
}

/// Looks at what an earlier run is said to have left.
pub(crate) fn earlier(path: &Path) -> Result<Earlier, CliError> {
    let unreadable = |error: io::Error| failed(path, format!("it cannot be read: {error}"));
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().is_ok_and(|it| it.is_dir()) {
        let error = failed(path, "it is a folder".to_owned());
        return Err(error.hint(NAME_ONE));
    }
    if Kept::of(path) != Kept::Neither {
        return Ok(Earlier::Kept);
    }
    let mut report = BufReader::new(file);
    let start = report.fill_buf().map_err(unreadable)?;
    if start.trim_ascii_start().starts_with(b"{") {
        return Ok(Earlier::Report(report));
    }
    let what = "it is neither a snapshot nor a JSON report".to_owned();
    Err(failed(path, what).hint(NAME_ONE))
}

const NAME_ONE: &str =
    "name a snapshot (--snapshot FILE of an audit) or a JSON report (--format json=FILE)";

/// Says that a JSON report cannot be used.
pub(crate) fn unusable(path: &Path, error: &EarlierError) -> CliError {
    let is_whole = matches!(error, EarlierError::Partial { .. });
    let error = failed(path, error.to_string());
    error.hint(if is_whole {
        "take the report as it was written, of all findings"
    } else {
        NAME_ONE
    })
}

/// Says that the records of a snapshot cannot be read.
pub(crate) fn broken(path: &Path, source: &SourceError) -> CliError {
    let error = failed(path, source.to_string());
    error.hint("nothing of it was used; take a whole copy of the file")
}

fn failed(path: &Path, what: String) -> CliError {
    let path = path.to_owned();
    CliError::new(Kind::Failed, Unusable { path, what })
}

/// What is compared with cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot compare with {}: {what}", path.display())]
struct Unusable {
    path: PathBuf,
    what: String,
}
