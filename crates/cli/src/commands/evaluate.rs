//! `mfaudit evaluate`: judges a snapshot, a journal or saved evidence.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use inventory::{Evidence, EvidenceOptions};
use model::snapshot::{JournalFile, RecordSource, SnapshotError, SnapshotFile};
use reporting::Verbosity;

use crate::{
    args::{Evaluate, When},
    config::Environment,
    config_file::ConfigFile,
    custom_rules,
    error::{CliError, Kind},
    exit::ExitStatus,
    output,
    report::{self, ExitPolicy, Judging, Reports},
};

pub(super) fn run(
    args: &Evaluate,
    colour: When,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    let config = ConfigFile::read(args.config.config.as_deref())?;
    let verbosity = if args.report.verbose {
        Verbosity::Everything
    } else {
        Verbosity::Summary
    };
    let reports = Reports::open(&args.report, environment.appearance(colour, verbosity))?;
    let mut criteria = args.rules.criteria();
    custom_rules::join(&mut criteria, &args.rules, &config.custom_rules)?;
    let judging = Judging {
        criteria: &criteria,
        gate: &args.gate,
        coverage_waivers: &config.coverage_waivers,
        exit: ExitPolicy::Gate,
    };
    let mut source = open(args)?;
    report::write(source.as_mut(), reports, &judging)
}

fn open(args: &Evaluate) -> Result<Box<dyn RecordSource>, CliError> {
    if let Some(snapshot) = args
        .paths
        .iter()
        .find(|it| is_snapshot_or_journal(it) != Kept::Neither)
    {
        if args.paths.len() > 1 {
            let what = format!(
                "{} is a snapshot, which is evaluated alone",
                snapshot.display()
            );
            return Err(CliError::new(Kind::Usage, what));
        }
        return open_kept(snapshot);
    }
    let options = EvidenceOptions {
        account: args.account.clone(),
        as_of: args.as_of,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let evidence = Evidence::open(&args.paths, options).map_err(|error| {
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

fn open_kept(path: &Path) -> Result<Box<dyn RecordSource>, CliError> {
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
    path: std::path::PathBuf,
    source: SnapshotError,
}
