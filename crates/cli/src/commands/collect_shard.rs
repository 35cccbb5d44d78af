//! `mfaudit collect --shard I/N`: collects the accounts of one shard of a run, and delivers their snapshot.

mod part;

use std::{fs::File, io::BufReader, path::Path};

use aws::Connection;
use delivery::{
    shards::{AccountListError, AccountListFile, Plan, Shard},
    storage::Written,
};
use inventory::{Pace, RunDeadline, ServiceControlPolicies};
use model::{
    Account, Dataset,
    snapshot::{AccountList, Discovered, Header, RecordSource, SnapshotFile},
};

pub(super) use self::part::Part;
use crate::{
    connect::start_error,
    error::{CliError, Kind},
    gather::Roll,
    output,
    place::Place,
    progress::Progress,
    resume,
    run::{self, Asker, Once, Run},
    shared_run::{AskedOnce, SharedRun, no_list},
};

/// Opens the list of accounts, agrees on how it is shared out, and tells what is left to do; `None` if the shard has
/// been delivered.
pub(super) fn prepare<'a>(
    part: &Part,
    run: &Run<'a>,
) -> Result<Option<(SharedRun<'a>, AccountListFile)>, CliError> {
    let from = SharedRun::open(run.storage, &part.accounts_from)?;
    let to = SharedRun::open(run.storage, &part.to)?;
    let list = from
        .account_list()?
        .ok_or_else(|| no_list(&part.accounts_from))?;
    // Whoever says other things is told, if the shard was delivered or not.
    header(part, &list, run, Asker::default())?;
    let list = if part.to == part.accounts_from {
        list
    } else {
        // Merging needs it, and must not need to be told where it was.
        let copy = from.file(delivery::shards::ACCOUNTS)?;
        let copy = copy.ok_or_else(|| no_list(&part.accounts_from))?;
        let there = to.share(copy)?;
        if there.sha256() != list.sha256() {
            let what = format!("{} is of a run over another list of accounts", part.to);
            let error = CliError::new(Kind::Usage, what);
            return Err(error.hint("name a folder of its own for each run with --to"));
        }
        list
    };
    to.agree(&Plan::new(part.shard.count(), list.sha256().to_owned()))?;
    if is_there(part, &to, &list)? {
        part.delivered(" already", &list);
        return Ok(None);
    }
    Ok(Some((to, list)))
}

/// Tells whether the shard has been delivered.
///
/// # Errors
///
/// Fails if something else is in its place, which a merge would refuse.
fn is_there(part: &Part, shared: &SharedRun<'_>, list: &AccountListFile) -> Result<bool, CliError> {
    let name = part.shard.object();
    let Some(file) = shared.file(&name)? else {
        return Ok(false);
    };
    let why = match SnapshotFile::open(BufReader::new(file)) {
        Ok(it) if it.header().shard.as_ref() == Some(&part.of_list(list)) => return Ok(true),
        Ok(_) => "it is of another shard, or of another list of accounts".to_owned(),
        Err(error) => error.to_string(),
    };
    let at = shared.at().join(&name);
    let what = format!("what is at {at} is not {} of this run: {why}", part.shard);
    Err(CliError::new(Kind::Failed, what).hint("remove it, and give the same command again"))
}

/// Collects the accounts of the shard and delivers them.
pub(super) async fn collect(
    part: &Part,
    (shared, mut list): (SharedRun<'_>, AccountListFile),
    connection: &Connection,
    run: &Run<'_>,
) -> Result<(), CliError> {
    let keep = part.kept_in(&list);
    let deadline = run.collection.deadline.map(RunDeadline::after);
    let (caller, own_account) = inventory::caller(connection).await.map_err(start_error)?;
    let header = header(
        part,
        &list,
        run,
        Asker {
            caller: Some(caller),
            organization: list.head().header.organization.clone(),
        },
    )?;
    if !is_kept(&keep, &header) {
        let once = serde_json::from_value(list.head().once.clone());
        let once: AskedOnce = once.map_err(|error| {
            let what = format!(
                "the list of accounts at {} is malformed: {error}",
                part.accounts_from
            );
            CliError::new(Kind::Failed, what)
        })?;
        let accounts = accounts(part.shard, &mut list)?;
        let discovered = Discovered {
            account_list: AccountList::Cut(format!(
                "it is {} of a run, and the accounts of the others are not in it",
                part.shard
            )),
            ..list.head().discovered.clone()
        };
        // What an earlier start of this shard left is gone on with.
        let place = Place::choose(Some(keep.as_path()), true, run.storage)?;
        let progress = Progress::begin(connection.meter(), run.collection.quiet);
        let tempo = Pace::shared(
            usize::from(run.collection.concurrency),
            part.shard.index(),
            part.shard.count(),
        );
        let datasets = &header.parameters.datasets;
        let policies = datasets
            .contains(&Dataset::ServiceControlPolicies)
            .then(|| ServiceControlPolicies::of_seen(once.service_control_policies, run.clock));
        let once = Once {
            own_account,
            pace: tempo,
            deadline,
            root_access: once.root_access,
            features: once.features,
            service_control_policies: policies,
        };
        let collector = run::collector(connection, run, once, &header);
        let begun = place.begin(&header)?;
        let roll = Roll::List(accounts, Box::new(discovered));
        run::gather(roll, &collector, begun, place, progress).await?;
    }
    deliver(part, &shared, &list, &keep)
}

/// Returns the header of the shard's snapshot, unless the arguments are of another run.
fn header(
    part: &Part,
    list: &AccountListFile,
    run: &Run<'_>,
    asker: Asker,
) -> Result<Header, CliError> {
    let listed = &list.head().header;
    let (_, filter) = run::reach(run.scope)?;
    // The list has the scope; it need not be said again.
    let scope = if filter.is_everything() {
        listed.scope.clone()
    } else {
        filter
    };
    let is_asked = asker.caller.is_some();
    let mut wanted = run::header(run, asker, scope, &run.datasets(), Vec::new());
    if !is_asked {
        // What the environment says of it is known by who connects.
        wanted.endpoint.clone_from(&listed.endpoint);
    }
    if let Some(what) = resume::difference(listed, &wanted) {
        let what = format!(
            "the list of accounts at {} is of a run with {what}",
            part.accounts_from
        );
        let hint =
            "collect with the arguments and the configuration that `mfaudit discover` was given";
        return Err(CliError::new(Kind::Usage, what).hint(hint));
    }
    Ok(Header {
        shard: Some(part.of_list(list)),
        ..listed.clone()
    })
}

fn accounts(shard: Shard, list: &mut AccountListFile) -> Result<Vec<Account>, CliError> {
    let mut accounts = Vec::new();
    let read = list.each(|account| {
        if shard.has(&account.id) {
            accounts.push(account);
        }
        Ok::<_, AccountListError>(())
    });
    read.map_err(|error| CliError::new(Kind::Failed, error))?;
    Ok(accounts)
}

/// Tells whether an earlier start collected everything, and could not deliver it.
fn is_kept(path: &Path, header: &Header) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    let kept = SnapshotFile::open(BufReader::new(file));
    kept.is_ok_and(|it| it.header().shard == header.shard)
}

fn deliver(
    part: &Part,
    shared: &SharedRun<'_>,
    list: &AccountListFile,
    keep: &Path,
) -> Result<(), CliError> {
    let kept = |error: CliError| {
        error.hint_first(format!(
            "what was collected is kept in {}, and the same command delivers it",
            keep.display()
        ))
    };
    let file = File::open(keep).map_err(|error| output::cannot_write(keep, error))?;
    let name = part.shard.object();
    match shared.create(&name, file).map_err(kept)? {
        Written::New => part.delivered("", list),
        // Another machine was quicker; what it delivered is looked at before this one's is let go.
        Written::There if is_there(part, shared, list).map_err(kept)? => {
            part.delivered(" already", list);
        }
        Written::There => {
            let what = format!(
                "{} is not there, though it was said to be",
                shared.at().join(&name)
            );
            return Err(kept(CliError::new(Kind::Output, what)));
        }
    }
    Ok(())
}
