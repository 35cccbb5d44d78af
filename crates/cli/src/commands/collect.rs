//! `mfaudit collect`: collects into a snapshot file.

use std::path::PathBuf;

use super::{
    collect_shard::{self, Part},
    stats,
};
use crate::{
    args::{Collect, CollectionArgs},
    config::Environment,
    config_file::{ConfigFile, Options},
    connect,
    error::CliError,
    exit::ExitStatus,
    given::Given,
    output,
    run::{self, Run},
    storage::Storage,
};

pub(super) async fn run(
    mut args: Collect,
    given: &Given,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    let clock = environment.clock()?;
    let config = ConfigFile::read(args.config.config.as_deref())?;
    config.apply_to_run(&mut args.scope, &mut args.role, &mut args.collection, given);
    if args.print.print_config {
        let options = Options {
            scope: Some(&args.scope),
            role: Some(&args.role),
            collection: Some(&args.collection),
            rules: Some(&args.rules),
            ..Options::default()
        };
        output::print(&config.print(&options, given)?)?;
        return Ok(ExitStatus::Clean);
    }
    let criteria = config.criteria(&args.rules)?;
    let part = Part::of(&args, environment)?;
    // Clap demands one without `--print-config` and `--to`.
    let output = args.output.clone().unwrap_or_default();
    let delivered = args.shard.to.as_ref().map(ToString::to_string);
    let written = delivered.map(PathBuf::from).into_iter();
    let written = written.chain([output.clone()]);
    let storage =
        Storage::to_write(environment, &args.storage, written)?.of_connection(&args.connection);
    let mut run = Run {
        role: &args.role,
        scope: &args.scope,
        collection: &args.collection,
        owner_tag: owner_tag(&args.collection, &config),
        criteria,
        clock,
        keep: Some(&output),
        storage: &storage,
        endpoint: None,
    };
    let prepared = match &part {
        Some(part) => match collect_shard::prepare(part, &run)? {
            Some(left) => Some((part, left)),
            None => return Ok(ExitStatus::Clean),
        },
        None => None,
    };
    let connection = connect::connect(&args.connection, environment).await?;
    run.endpoint = connection.endpoint_url().map(str::to_owned);
    if let Some((part, left)) = prepared {
        let collected = collect_shard::collect(part, left, &connection, &run).await;
        stats::print(connection.meter(), args.collection.stats);
        return collected.map(|()| ExitStatus::Clean);
    }
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
    let file = output.display();
    output::say(&format!(
        "{accounts} in {file}; judge them with: mfaudit evaluate {file}"
    ));
    Ok(ExitStatus::Clean)
}

/// Returns the key of the tag that names owners: of the command line, else of the configuration.
pub(super) fn owner_tag(args: &CollectionArgs, config: &ConfigFile) -> Option<String> {
    let configured = config.owner_tag().map(str::to_owned);
    args.owner_tag.clone().or(configured)
}
