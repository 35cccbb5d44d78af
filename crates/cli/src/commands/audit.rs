//! `mfaudit audit`: collects, evaluates, reports, and gates.

use reporting::Verbosity;

use super::{collect::owner_tag, dry_run, stats};
#[cfg(feature = "parquet")]
use crate::trend::Earlier;
use crate::{
    args::{Audit, When},
    baseline::{self, GatedBy},
    config::{self, Environment},
    config_file::{ConfigFile, Options},
    connect,
    error::CliError,
    exit::ExitStatus,
    given::Given,
    notify::{Before, Notifications},
    output, redact_key,
    report::{self, ExitPolicy, Judging, Reports},
    run::{self, Run},
    storage::Storage,
};

pub(super) async fn run(
    mut args: Audit,
    given: &Given,
    colour: When,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    let clock = environment.clock()?;
    let config = ConfigFile::read(args.config.config.as_deref())?;
    config.apply_to_run(&mut args.scope, &mut args.role, &mut args.collection, given);
    config.gate.apply(&mut args.gate, given);
    config.reports.apply(&mut args.report, given);
    if args.print.print_config {
        let options = Options {
            scope: Some(&args.scope),
            role: Some(&args.role),
            collection: Some(&args.collection),
            rules: Some(&args.rules),
            gate: Some(&args.gate),
            report: Some(&args.report),
        };
        output::print(&config.print(&options, given)?)?;
        return Ok(ExitStatus::Clean);
    }
    let storage = Storage::to_write(
        environment,
        &args.storage,
        args.snapshot.iter().cloned().chain(args.report.files()),
    )?
    .of_connection(&args.connection);
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
        ca_bundle: args.connection.ca_bundle.as_deref(),
        redactor: redactor.as_ref(),
        silent: args.notify.no_notify || args.dry_run,
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
    let connection = connect::connect(&args.connection, environment).await?;
    if args.dry_run {
        let owner_tag = owner_tag(&args.collection, &config);
        return dry_run::run(&args, &criteria, owner_tag, clock, &connection).await;
    }
    let run = Run {
        role: &args.role,
        scope: &args.scope,
        collection: &args.collection,
        owner_tag: owner_tag(&args.collection, &config),
        criteria: criteria.clone(),
        clock,
        keep: args.snapshot.as_deref(),
        storage: &storage,
        endpoint: connection.endpoint_url().map(str::to_owned),
    };
    let collected = run::collect(&connection, &run).await;
    stats::print(connection.meter(), args.collection.stats);
    let judging = Judging {
        criteria: &criteria,
        gate: &args.gate,
        owners,
        coverage_waivers: &config.coverage_waivers,
        redactor: redactor.as_ref(),
        exit: ExitPolicy::Gate,
        earlier,
    };
    let (summary, status) = report::summarized(collected?.records(), reports, &judging)?;
    notifications.send(&summary);
    Ok(status)
}
