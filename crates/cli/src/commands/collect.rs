//! `mfaudit collect`: collects into a snapshot file.

use super::stats;
use crate::{
    args::Collect,
    config::Environment,
    config_file::ConfigFile,
    connect, custom_rules,
    error::CliError,
    exit::ExitStatus,
    output,
    run::{self, Run},
};

pub(super) async fn run(args: &Collect, environment: &Environment) -> Result<ExitStatus, CliError> {
    let clock = environment.clock()?;
    // Nothing is judged here, but a mistake is better found before the work than after.
    let config = ConfigFile::read(args.config.config.as_deref())?;
    let mut criteria = args.rules.criteria();
    custom_rules::join(&mut criteria, &args.rules, &config.custom_rules)?;
    let connection = connect::connect(&args.connection, environment).await?;
    let run = Run {
        role: &args.role,
        scope: &args.scope,
        collection: &args.collection,
        criteria,
        clock,
        keep: Some(&args.output),
        endpoint: connection.endpoint_url().map(str::to_owned),
    };
    let collected = run::collect(&connection, &run).await;
    stats::print(connection.meter(), args.collection.stats);
    let mut collected = collected?;
    let snapshot = collected.records();
    let mut accounts = 0;
    while let Some(batch) = snapshot.next_batch() {
        accounts += batch?()?.len();
    }
    let accounts = if accounts == 1 {
        "1 account".to_owned()
    } else {
        format!("{accounts} accounts")
    };
    let file = args.output.display();
    output::say(&format!(
        "{accounts} in {file}; judge them with: mfaudit evaluate {file}"
    ));
    Ok(ExitStatus::Clean)
}
