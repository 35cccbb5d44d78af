//! `mfaudit audit`: collects, evaluates, reports, and gates.

use reporting::Verbosity;

use super::stats;
use crate::{
    args::{Audit, When},
    config::Environment,
    config_file::ConfigFile,
    connect,
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
    let rules = args.rules.chosen();
    let connection = connect::connect(&args.connection, environment).await?;
    let run = Run {
        role: &args.role,
        scope: &args.scope,
        collection: &args.collection,
        rules: rules.clone(),
        clock,
        keep: args.snapshot.as_deref(),
        endpoint: connection.endpoint_url().map(str::to_owned),
    };
    let collected = run::collect(&connection, &run).await;
    if args.collection.stats {
        stats::print(connection.meter());
    }
    let judging = Judging {
        rules: &rules,
        gate: &args.gate,
        coverage_waivers: &config.coverage_waivers,
        exit: ExitPolicy::Gate,
    };
    report::write(&mut collected?, reports, &judging)
}
