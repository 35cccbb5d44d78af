//! `mfaudit audit`: collects, evaluates, reports, and gates.

use reporting::Verbosity;

use super::{dry_run, stats};
use crate::{
    args::{Audit, When},
    config::Environment,
    config_file::ConfigFile,
    connect, custom_rules,
    error::CliError,
    exit::ExitStatus,
    report::{self, ExitPolicy, Judging, Reports},
    run::{self, Run},
};

pub(super) async fn run(
    args: &Audit,
    colour: When,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    let clock = environment.clock()?;
    let config = ConfigFile::read(args.config.config.as_deref())?;
    let verbosity = if args.report.verbose {
        Verbosity::Everything
    } else {
        Verbosity::Summary
    };
    let reports = Reports::open(&args.report, environment.appearance(colour, verbosity))?;
    let mut criteria = args.rules.criteria();
    custom_rules::join(&mut criteria, &args.rules, &config.custom_rules)?;
    let connection = connect::connect(&args.connection, environment).await?;
    if args.dry_run {
        return dry_run::run(args, &criteria, &connection).await;
    }
    let run = Run {
        role: &args.role,
        scope: &args.scope,
        collection: &args.collection,
        criteria: criteria.clone(),
        clock,
        keep: args.snapshot.as_deref(),
        endpoint: connection.endpoint_url().map(str::to_owned),
    };
    let collected = run::collect(&connection, &run).await;
    stats::print(connection.meter(), args.collection.stats);
    let judging = Judging {
        criteria: &criteria,
        gate: &args.gate,
        coverage_waivers: &config.coverage_waivers,
        exit: ExitPolicy::Gate,
    };
    report::write(collected?.records(), reports, &judging)
}
