//! `mfaudit evaluate`: judges a snapshot, a journal or saved evidence.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use inventory::{Evidence, EvidenceOptions};
use model::{
    AccountId, Timestamp,
    snapshot::{JournalFile, RecordSource, SnapshotError, SnapshotFile},
};
use reporting::Verbosity;

use crate::{
    args::{Evaluate, When},
    config::Environment,
    config_file::{ConfigFile, Options},
    error::{CliError, Kind},
    exit::ExitStatus,
    given::Given,
    output,
    report::{self, ExitPolicy, Judging, Reports},
};

pub(super) fn run(
    mut args: Evaluate,
    given: &Given,
    colour: When,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    let config = ConfigFile::read(args.config.config.as_deref())?;
    config.gate.apply(&mut args.gate, given);
    config.reports.apply(&mut args.report, given);
    if args.print.print_config {
        let options = Options {
            rules: Some(&args.rules),
            gate: Some(&args.gate),
            report: Some(&args.report),
            ..Options::default()
        };
        output::print(&config.print(&options, given)?)?;
        return Ok(ExitStatus::Clean);
    }
    let criteria = config.criteria(&args.rules)?;
    let owners = config.owners()?;
    let verbosity = if args.report.verbose {
        Verbosity::Everything
    } else {
        Verbosity::Summary
    };
    let reports = Reports::open(&args.report, environment.appearance(colour, verbosity))?;
    let judging = Judging {
        criteria: &criteria,
        gate: &args.gate,
        owners,
        coverage_waivers: &config.coverage_waivers,
        exit: ExitPolicy::Gate,
    };
    let mut source = open(&args.paths, args.account.as_ref(), args.as_of)?;
    report::write(source.as_mut(), reports, &judging)
}

/// Opens a snapshot or journal, or reads saved evidence, of which some may not tell its account or time.
pub(super) fn open(
    paths: &[PathBuf],
    account: Option<&AccountId>,
    as_of: Option<Timestamp>,
) -> Result<Box<dyn RecordSource>, CliError> {
    if let Some(snapshot) = paths
        .iter()
        .find(|it| is_snapshot_or_journal(it) != Kept::Neither)
    {
        if paths.len() > 1 {
            let what = format!(
                "{} is a snapshot, which is evaluated alone",
                snapshot.display()
            );
            return Err(CliError::new(Kind::Usage, what));
        }
        return open_kept(snapshot);
    }
    let options = EvidenceOptions {
        account: account.cloned(),
        as_of,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let evidence = Evidence::open(paths, options).map_err(|error| {
        let hint = error.hint();
        let error = CliError::new(Kind::Failed, error);
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    })?;
    Ok(Box::new(evidence))
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kept {
    Snapshot,
    Journal,
    Neither,
}

/// Tells by the first bytes: of a zstd frame, or of a journal's first line.
fn is_snapshot_or_journal(path: &Path) -> Kept {
    let Ok(file) = File::open(path) else {
        return Kept::Neither;
    };
    let mut reader = BufReader::new(file);
    let start = reader.fill_buf().unwrap_or_default();
    if start.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
        Kept::Snapshot
    } else if start.starts_with(b"{\"header\":") {
        Kept::Journal
    } else {
        Kept::Neither
    }
}

/// Opens a snapshot or journal.
pub(super) fn open_kept(path: &Path) -> Result<Box<dyn RecordSource>, CliError> {
    let failed = |error: SnapshotError| {
        let error = CliError::new(
            Kind::Failed,
            KeptError {
                path: path.to_owned(),
                source: error,
            },
        );
        error.hint("nothing of it was used; take a whole copy of the file")
    };
    let file = File::open(path).map_err(|error| failed(error.into()))?;
    if is_snapshot_or_journal(path) == Kept::Snapshot {
        return Ok(Box::new(
            SnapshotFile::open(BufReader::new(file)).map_err(failed)?,
        ));
    }
    let journal = JournalFile::open(file).map_err(failed)?;
    let (done, all) = journal.progress();
    output::say(&format!(
        "note: {} is of a run that was interrupted: {done} of {all} accounts",
        path.display()
    ));
    Ok(Box::new(journal))
}

/// A snapshot or journal cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}", path.display())]
struct KeptError {
    path: PathBuf,
    source: SnapshotError,
}
