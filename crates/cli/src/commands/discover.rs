//! `mfaudit discover`: lists the accounts once, for shards of a run to collect.

use std::{io::BufWriter, time::Duration};

use delivery::{
    shards::{ACCOUNTS, AccountListError, AccountListFile, AccountListHead, write_account_list},
    storage::Written,
};
use inventory::{Pace, RunDeadline, ServiceControlPolicies};
use model::{
    Account, Dataset,
    snapshot::{Discovered, Header},
};

use super::{collect::owner_tag, stats};
use crate::{
    args::{AccountOrSelf, Discover},
    config::Environment,
    config_file::ConfigFile,
    connect::{self, start_error},
    error::{CliError, Kind},
    exit::ExitStatus,
    gather::discovered,
    given::Given,
    output, resume,
    run::{self, Asker, Run},
    shared_run::{AskedOnce, SharedRun, overwrites_nothing},
    storage::Storage,
    waiting::{until, wait},
};

pub(super) async fn run(
    mut args: Discover,
    given: &Given,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    overwrites_nothing(&args.storage)?;
    let clock = environment.clock()?;
    let config = ConfigFile::read(args.config.config.as_deref())?;
    config.apply_to_run(&mut args.scope, &mut args.role, &mut args.collection, given);
    let criteria = config.criteria(&args.rules)?;
    if args.scope.account.contains(&AccountOrSelf::Own) {
        let error = CliError::new(Kind::Usage, "one account cannot be shared out");
        return Err(error.hint("audit it alone: mfaudit audit --account self"));
    }
    let storage = Storage::to_write(environment, &args.storage, [args.to.to_string()])?
        .of_connection(&args.connection);
    let shared = SharedRun::open(&storage, &args.to)?;
    let mut run = Run {
        role: &args.role,
        scope: &args.scope,
        collection: &args.collection,
        owner_tag: owner_tag(&args.collection, &config),
        criteria,
        clock,
        keep: None,
        storage: &storage,
        endpoint: args.connection.endpoint_url.clone(),
    };
    if let Some(list) = listed(&shared, args.wait, environment)? {
        return already(&list, &run, &shared);
    }
    let connection = connect::connect(&args.connection, environment).await?;
    run.endpoint = connection.endpoint_url().map(str::to_owned);
    let found = discover(&connection, &run).await;
    stats::print(connection.meter(), args.collection.stats);
    let (head, accounts) = found?;
    match share(&shared, &head, &accounts)? {
        (Written::There, list) => already(&list, &run, &shared),
        (Written::New, list) => {
            output::say(&format!(
                "{} accounts in {}; collect them with: mfaudit collect --shard I/N --accounts-from {1} --to {1}",
                list.len(),
                shared.at()
            ));
            Ok(ExitStatus::Clean)
        }
    }
}

/// Returns the list that is there, or that the first machine of a job writes while the others wait: all of them together
/// would ask the organization for the same.
fn listed(
    shared: &SharedRun<'_>,
    time: Option<Duration>,
    environment: &Environment,
) -> Result<Option<AccountListFile>, CliError> {
    let list = shared.account_list()?;
    let is_first = environment.job_index.as_ref().is_none_or(|it| it == "0");
    if list.is_some() || is_first || time.is_none() {
        return Ok(list);
    }
    output::say(&format!(
        "waiting for the list of accounts at {}",
        shared.at()
    ));
    let list = wait(until(time), || shared.account_list())?;
    if list.is_none() {
        output::say("none came in time: listing them here");
    }
    Ok(list)
}

/// Puts the list where the shards find it. What was asked for minutes is not lost because it cannot go there.
fn share(
    shared: &SharedRun<'_>,
    head: &AccountListHead,
    accounts: &[Account],
) -> Result<(Written, AccountListFile), CliError> {
    let file = tempfile::Builder::new()
        .prefix("mfaudit-")
        .suffix(&format!("-{ACCOUNTS}"))
        .tempfile()
        .map_err(|error| output::cannot_write(&std::env::temp_dir(), error))?;
    let failed = |error| output::cannot_write(file.path(), error);
    let written = write_account_list(&mut BufWriter::new(file.as_file()), head, accounts);
    written.map_err(|error| match error {
        AccountListError::Io(error) => failed(error),
        other @ (AccountListError::Malformed { .. }
        | AccountListError::Altered(_)
        | AccountListError::Newer(_)) => CliError::new(Kind::Failed, other),
    })?;
    // Another handle, which reads from the beginning.
    let whole = file.reopen().map_err(failed)?;
    let shared_now = shared.create(ACCOUNTS, whole).map_err(|error| {
        let path = file.path().to_owned();
        // Where it cannot be kept, it is where it was until the machine clears it away.
        let _ = file.keep();
        error.hint_first(format!(
            "the list is kept: {}; put it there by hand as {}, or discover again",
            path.display(),
            shared.at().join(ACCOUNTS)
        ))
    });
    Ok((shared_now?, shared.shared_list()?))
}

/// A list that is there stays: the shards of this run may be at work on it.
fn already(
    list: &AccountListFile,
    run: &Run<'_>,
    shared: &SharedRun<'_>,
) -> Result<ExitStatus, CliError> {
    let header = &list.head().header;
    let mut asked = asked(run)?;
    // What the environment says of it is known by who connects.
    asked.endpoint = asked.endpoint.or_else(|| header.endpoint.clone());
    if let Some(what) = resume::difference(header, &asked) {
        let what = format!("{} is of a run with {what}", shared.at());
        let error = CliError::new(Kind::Usage, what);
        return Err(error.hint("name a folder of its own for each run with --to"));
    }
    let when = header
        .collected_at
        .map_or_else(|| "an unknown time".to_owned(), |it| it.to_string());
    output::say(&format!(
        "{} accounts are in {} already, as they were listed at {when}; that list is kept",
        list.len(),
        shared.at()
    ));
    Ok(ExitStatus::Clean)
}

/// Returns the header that the arguments alone make.
fn asked(run: &Run<'_>) -> Result<Header, CliError> {
    let (_, filter) = run::reach(run.scope)?;
    Ok(run::header(
        run,
        Asker::default(),
        filter,
        &run.datasets(),
        Vec::new(),
    ))
}

async fn discover(
    connection: &aws::Connection,
    run: &Run<'_>,
) -> Result<(AccountListHead, Vec<Account>), CliError> {
    let deadline = run.collection.deadline.map(RunDeadline::after);
    let pace = Pace::new(1);
    let beginning = run::begin(connection, run, &pace).await?;
    let survey = beginning.survey;
    let wants_policies = beginning
        .header
        .parameters
        .datasets
        .contains(&Dataset::ServiceControlPolicies);
    let policies = ServiceControlPolicies::new(connection, &pace, run.clock, deadline);
    let mut accounts = Vec::new();
    let listing = survey.accounts(deadline, async |account| accounts.push(account));
    let reading = async {
        if wants_policies && survey.may_find_members() {
            Some(policies.seen_policies().await)
        } else {
            None
        }
    };
    let (listed, seen) = tokio::select! {
        biased;
        () = crate::interrupt::interrupted() => {
            return Err(CliError::new(Kind::Interrupted, "interrupted; nothing was written"));
        }
        both = async { tokio::join!(listing, reading) } => both,
    };
    let discovered = Discovered {
        service_control_policies: policies.documents(),
        ..discovered(listed.map_err(start_error)?)
    };
    run::say_notes(&discovered.notes, run.collection.quiet);
    accounts.sort_by(|one: &Account, other| one.id.cmp(&other.id));
    let once = AskedOnce {
        root_access: beginning.root_access,
        features: beginning.features,
        service_control_policies: seen,
    };
    let once = serde_json::to_value(once).map_err(|error| CliError::new(Kind::Failed, error))?;
    Ok((
        AccountListHead::new(beginning.header, discovered, once),
        accounts,
    ))
}
