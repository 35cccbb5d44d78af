//! Which shard the arguments or the environment name.

use std::path::PathBuf;

use delivery::{
    shards::{AccountListFile, Shard},
    storage::Location,
};
use model::snapshot::ShardOf;

use crate::{
    args::Collect,
    config::Environment,
    error::{CliError, Kind},
    output, place,
    shared_run::overwrites_nothing,
    storage,
};

/// Which shard is collected, from where and to where.
pub(in crate::commands) struct Part {
    pub(super) shard: Shard,
    pub(super) accounts_from: Location,
    pub(super) to: Location,
    /// The file that somebody asked to keep.
    output: Option<PathBuf>,
}

/// How many digits of the list's digest tell the files of one run from those of another.
const DIGITS: usize = 8;

impl Part {
    /// Returns which shard the arguments or the environment name; `None` for a whole run.
    pub(in crate::commands) fn of(
        arguments: &Collect,
        environment: &Environment,
    ) -> Result<Option<Self>, CliError> {
        let args = &arguments.shard;
        let (Some(accounts_from), Some(to)) = (&args.accounts_from, &args.to) else {
            return Ok(None);
        };
        let shard = match (args.shard, args.shards) {
            (Some(shard), _) => shard,
            (None, None) => return Ok(None),
            (None, Some(count)) => {
                let Some(index) = &environment.job_index else {
                    let what = "--shards needs to be told which one this is";
                    let hint = "set JOB_COMPLETION_INDEX or AWS_BATCH_JOB_ARRAY_INDEX, as Kubernetes and AWS Batch do; or say --shard I/N";
                    return Err(CliError::new(Kind::Usage, what).hint(hint));
                };
                let shard: Result<Shard, _> = format!("{index}/{count}").parse();
                shard.map_err(|error| {
                    let hint = "the first number is of JOB_COMPLETION_INDEX or AWS_BATCH_JOB_ARRAY_INDEX: let the job have as many machines as --shards says";
                    CliError::new(Kind::Usage, error).hint(hint)
                })?
            }
        };
        overwrites_nothing(&arguments.storage)?;
        let output = arguments.output.clone();
        if let Some(output) = &output
            && storage::location(output)?.is_some()
        {
            let what = "a shard is kept in a file of this machine until it is delivered";
            let hint = "leave -o out, or name a file with it; --to says where the shard goes";
            return Err(CliError::new(Kind::Usage, what).hint(hint));
        }
        Ok(Some(Self {
            shard,
            accounts_from: accounts_from.clone(),
            to: to.clone(),
            output,
        }))
    }

    /// Returns where the snapshot is kept until it is delivered. If nothing is said, the name tells runs apart: what one
    /// of them left is not in the way of the next.
    pub(super) fn kept_in(&self, list: &AccountListFile) -> PathBuf {
        let (index, count) = (self.shard.index(), self.shard.count());
        let list = list.sha256();
        let run = list.get(..DIGITS).unwrap_or(list);
        let name = || format!("mfaudit-shard-{index}-of-{count}-{run}.mfaudit");
        self.output.clone().unwrap_or_else(|| name().into())
    }

    /// Returns what the header of the shard's snapshot says of it.
    pub(super) fn of_list(&self, list: &AccountListFile) -> ShardOf {
        ShardOf {
            index: self.shard.index(),
            count: self.shard.count(),
            account_list: list.sha256().to_owned(),
        }
    }

    /// Says that the shard is where it must be, and removes what was kept of it, unless somebody asked for that.
    pub(super) fn delivered(&self, how: &str, list: &AccountListFile) {
        output::say(&format!("{} is in {}{how}", self.shard, self.to));
        if self.output.is_none() {
            place::forget(&self.kept_in(list));
        }
    }
}
