//! `mfaudit evaluate`: judges a snapshot, a journal or saved evidence.

use std::path::PathBuf;

use inventory::{Evidence, EvidenceOptions};
use model::{AccountId, Timestamp, snapshot::RecordSource};
use reporting::Verbosity;

#[cfg(feature = "parquet")]
use crate::trend::Earlier;
use crate::{
    args::{Evaluate, When},
    baseline::{self, GatedBy},
    config::{self, Environment},
    config_file::{ConfigFile, Options},
    error::{CliError, Kind},
    exit::ExitStatus,
    given::Given,
    kept::{self, Kept},
    notify::{Before, Notifications},
    output, redact_key,
    report::{self, ExitPolicy, Judging, Reports},
    storage::Storage,
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
    let storage = Storage::to_write(environment, &args.storage, args.report.files())?;
    let gated_by = GatedBy {
        gate: &args.gate,
        waivers: &config.coverage_waivers,
    };
    let criteria = config.criteria(&args.rules)?;
    let criteria = baseline::compared(criteria, &args.baseline, &gated_by, &storage)?;
    let owners = config.owners()?;
    let verbosity = if args.report.verbose {
        Verbosity::Everything
    } else {
        Verbosity::Summary
    };
    let redactor = redact_key::redactor(&args.redact)?;
    let before = Before {
        baseline: args.baseline.baseline.as_deref(),
        ca_bundle: None,
        redactor: redactor.as_ref(),
        silent: args.notify.no_notify,
    };
    let notifications = Notifications::prepare(&config, &before, environment)?;
    #[cfg(feature = "parquet")]
    let earlier = Earlier::read(&storage, args.history.as_ref())?;
    #[cfg(not(feature = "parquet"))]
    let earlier = None;
    let reports = Reports::open(
        &args.report,
        config::appearance(environment, colour, verbosity),
        |it| storage.output(it),
    )?;
    let judging = Judging {
        criteria: &criteria,
        gate: &args.gate,
        owners,
        coverage_waivers: &config.coverage_waivers,
        redactor: redactor.as_ref(),
        exit: ExitPolicy::Gate,
        earlier,
    };
    let mut source = open(
        &storage.fetch_all(&args.paths)?,
        args.account.as_ref(),
        args.as_of,
    )?;
    baseline::of_same_organization(&criteria, source.header().organization.as_ref())?;
    let (summary, status) = report::summarized(source.as_mut(), reports, &judging)?;
    notifications.send(&summary);
    Ok(status)
}

/// Opens a snapshot or journal, or reads saved evidence, of which some may not tell its account or time.
pub(super) fn open(
    paths: &[PathBuf],
    account: Option<&AccountId>,
    as_of: Option<Timestamp>,
) -> Result<Box<dyn RecordSource>, CliError> {
    if let Some(snapshot) = paths.iter().find(|it| Kept::of(it) != Kept::Neither) {
        if paths.len() > 1 {
            let what = format!(
                "{} is a snapshot, which is evaluated alone",
                snapshot.display()
            );
            return Err(CliError::new(Kind::Usage, what));
        }
        return kept::open(snapshot);
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
