//! `mfaudit demo`: audits an embedded organization through the AWS SDK.

use aws::{Clock, ConnectOptions, Connection, Proxy};
use inventory::{ACCOUNT_DEADLINE, CALLS};
use model::Timestamp;
use reporting::Verbosity;
use simulator::{Options, Simulator, World};

use super::stats;
use crate::{
    args::{AssumeRoot, CollectionArgs, Demo, RoleArgs, ScopeArgs, When},
    config::{self, Environment},
    config_file::ConfigFile,
    connect::USER_AGENT,
    error::{CliError, Kind},
    exit::ExitStatus,
    given::Given,
    redact_key,
    report::{self, ExitPolicy, Judging, Reports},
    run::{self, Run},
    storage::Storage,
};

pub(super) async fn run(
    mut args: Demo,
    given: &Given,
    colour: When,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    // The embedded organization has dates, so the demo has one too: else its users would all be idle in a year.
    let clock = match environment.clock()? {
        Clock::System => {
            Timestamp::from_epoch_seconds(World::DEMO_NOW).map_or(Clock::System, Clock::Fixed)
        }
        fixed @ Clock::Fixed(_) => fixed,
    };
    let config = ConfigFile::read(args.config.config.as_deref())?;
    // Not its reports: a file that is the audit's must not be filled with the demo's.
    config.gate.apply(&mut args.gate, given);
    let criteria = config.criteria(&args.rules)?;
    let verbosity = if args.report.verbose {
        Verbosity::Everything
    } else {
        Verbosity::Summary
    };
    let redactor = redact_key::redactor(&args.redact)?;
    let storage = Storage::to_read(environment)?;
    let reports = Reports::open(
        &args.report,
        config::appearance(environment, colour, verbosity),
        |it| storage.output(it),
    )?;
    let options = Options {
        now: Some(clock.now().epoch_seconds()),
        ..Options::default()
    };
    let simulator = Simulator::start(World::demo(), options).await;
    let simulator = simulator.map_err(|error| CliError::new(Kind::Failed, error))?;
    let connection = connect(&simulator).await?;
    let run = Run {
        role: &RoleArgs {
            role_name: "mfaudit-audit".to_owned(),
            role_path: "/".to_owned(),
            external_id: None,
            no_session_policy: false,
        },
        scope: &ScopeArgs {
            account: Vec::new(),
            exclude_account: Vec::new(),
            ou: Vec::new(),
        },
        collection: &CollectionArgs {
            concurrency: 16,
            live: false,
            also: Vec::new(),
            owner_tag: None,
            assume_root: AssumeRoot::Never,
            deadline: None,
            account_deadline: ACCOUNT_DEADLINE,
            resume: false,
            stats: args.stats,
            quiet: false,
        },
        owner_tag: None,
        criteria: criteria.clone(),
        clock,
        keep: None,
        storage: &storage,
        // Not the address, whose port is another each time.
        endpoint: Some("the embedded organization".to_owned()),
    };
    let collected = run::collect(&connection, &run).await;
    stats::print(connection.meter(), args.stats);
    let judging = Judging {
        criteria: &criteria,
        gate: &args.gate,
        owners: reporting::Owners::default(),
        coverage_waivers: &config.coverage_waivers,
        redactor: redactor.as_ref(),
        exit: ExitPolicy::Demo,
        earlier: None,
    };
    report::write(collected?.records(), reports, &judging)
}

/// Connects to the simulator alone: neither the caller's own credentials nor a proxy has a part in it.
async fn connect(simulator: &Simulator) -> Result<Connection, CliError> {
    let environment = simulator.environment();
    let value = |name: &str| {
        let found = environment.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let options = ConnectOptions {
        user_agent: USER_AGENT.to_owned(),
        region: Some(value("AWS_REGION")),
        endpoint_url: Some(simulator.endpoint()),
        credentials: Some((value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY"))),
        proxy: Proxy::None,
        ..ConnectOptions::default()
    };
    Connection::open(options, CALLS)
        .await
        .map_err(|error| CliError::new(Kind::Failed, error))
}
