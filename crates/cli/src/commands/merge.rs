//! `mfaudit merge`: makes one snapshot of what the shards of a run collected.

use std::{fmt::Write, fs::File, io::BufReader};

use delivery::shards::{AccountListFile, MergeError, Merged, MissingShard, Plan, Shard};
use model::snapshot::SnapshotFile;

use crate::{
    args::Merge,
    config::Environment,
    error::{CliError, Kind},
    exit::ExitStatus,
    output,
    shared_run::{SharedRun, no_list},
    storage::Storage,
    waiting::{until, wait},
};

/// How many accounts of a missing shard are named; the report names all.
const NAMED: usize = 1000;

pub(super) fn run(args: &Merge, environment: &Environment) -> Result<ExitStatus, CliError> {
    let storage = Storage::to_write(environment, &args.storage, [&args.output])?;
    let shared = SharedRun::open(&storage, &args.from)?;
    let output = storage.output(&args.output)?;
    let until = until(args.wait);
    let (mut list, plan) = wait(until, || planned(&shared))?.ok_or_else(|| nothing(&shared))?;
    if plan.account_list != list.sha256() {
        let what = format!(
            "the shards in {} are of another list of accounts than the one there",
            args.from
        );
        return Err(CliError::new(Kind::Failed, what));
    }
    wait(until, || all_there(&shared, &plan))?;
    let mut shards = Vec::new();
    for shard in Shard::all(plan.shards) {
        let file = shared.file(&shard.object())?;
        shards.push(file.map(|it| open(it, shard)).transpose()?);
    }
    let merged = delivery::shards::merge(&mut list, shards, output.writer()?);
    let merged = merged.map_err(|error| match error {
        MergeError::Write(model::snapshot::SnapshotError::Io(error)) => output.failed(error),
        other @ (MergeError::Unreadable { .. } | MergeError::Foreign { .. }) => {
            CliError::new(Kind::Failed, other)
                .hint("nothing was written; remove that shard's file, and collect the shard again")
        }
        other @ (MergeError::List(_) | MergeError::Unshared(_) | MergeError::Write(_)) => {
            CliError::new(Kind::Failed, other).hint("nothing was written; merge again")
        }
    })?;
    output.finish()?;
    let file = args.output.display();
    output::say(&format!(
        "{} accounts of {} shards in {file}; judge them with: mfaudit evaluate {file}",
        merged.accounts, plan.shards
    ));
    for missing in &merged.missing {
        output::say(&lost(missing));
    }
    Ok(if args.exit_zero {
        ExitStatus::Clean
    } else {
        status(&merged)
    })
}

/// Returns the list and the plan; `None` while no shard has begun.
fn planned(shared: &SharedRun<'_>) -> Result<Option<(AccountListFile, Plan)>, CliError> {
    let Some(plan) = shared.plan()? else {
        return Ok(None);
    };
    let list = shared.account_list()?;
    let list = list.ok_or_else(|| no_list(shared.at()))?;
    Ok(Some((list, plan)))
}

fn all_there(shared: &SharedRun<'_>, plan: &Plan) -> Result<Option<()>, CliError> {
    for shard in Shard::all(plan.shards) {
        if !shared.has(&shard.object())? {
            return Ok(None);
        }
    }
    Ok(Some(()))
}

fn nothing(shared: &SharedRun<'_>) -> CliError {
    let what = format!("no shard of a run has begun in {}", shared.at());
    CliError::new(Kind::Failed, what)
        .hint("check the address; collect the shards first, with --to and this address")
}

fn open(file: File, shard: Shard) -> Result<SnapshotFile<BufReader<File>>, CliError> {
    SnapshotFile::open(BufReader::new(file)).map_err(|error| {
        let what = format!("the snapshot of {shard} cannot be used: {error}");
        CliError::new(Kind::Failed, what)
            .hint("remove that shard's file, and collect the shard again")
    })
}

fn lost(missing: &MissingShard) -> String {
    let mut text = format!(
        "warning: {} delivered nothing; not seen: {} accounts",
        missing.shard,
        missing.accounts.len()
    );
    let named = missing.accounts.iter().take(NAMED);
    for (index, account) in named.enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{}{account}", if index == 0 { ": " } else { ", " });
    }
    if missing.accounts.len() > NAMED {
        let _ = write!(
            text,
            " and {} more, which the report names",
            missing.accounts.len() - NAMED
        );
    }
    text
}

/// A snapshot with holes must not look whole to who goes by the exit code.
fn status(merged: &Merged) -> ExitStatus {
    let lost = merged.missing.iter().any(|it| !it.accounts.is_empty());
    if lost {
        ExitStatus::Incomplete
    } else {
        ExitStatus::Clean
    }
}
