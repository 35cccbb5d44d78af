//! A run that is shared out among machines.

use std::{path::PathBuf, time::Duration};

use clap::{ArgGroup, Args as ClapArgs};
use delivery::{shards::Shard, storage::Location};
use program::connection::ConnectionArgs;

use super::{CollectionArgs, ConfigArgs, RoleArgs, RuleArgs, ScopeArgs, StorageArgs};
use crate::values::{duration, location};

/// Which part of a run this machine collects.
#[derive(ClapArgs, Debug, Default)]
#[command(next_help_heading = "Shards")]
#[command(group = ArgGroup::new("part").args(["shard", "shards"]).multiple(false))]
pub(crate) struct ShardArgs {
    /// Collect the accounts of shard I of N, I from 0: 3/8
    #[arg(long, value_name = "I/N", requires_all = ["accounts_from", "to"])]
    pub(crate) shard: Option<Shard>,
    /// Collect one of N shards: the one that `JOB_COMPLETION_INDEX` (Kubernetes) or `AWS_BATCH_JOB_ARRAY_INDEX` says
    #[arg(long, value_name = "N", requires_all = ["accounts_from", "to"])]
    pub(crate) shards: Option<u32>,
    /// The folder that `mfaudit discover` wrote
    #[arg(long, value_name = "URL", value_parser = location(), requires = "part")]
    pub(crate) accounts_from: Option<Location>,
    /// The folder that the shards deliver to
    #[arg(long, value_name = "URL", value_parser = location(), requires = "part")]
    pub(crate) to: Option<Location>,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Discover {
    /// The folder to write the list of accounts to; one that is there stays as it is
    #[arg(long, value_name = "URL", value_parser = location())]
    pub(crate) to: Location,
    /// How long to wait for the list of the machine with the index 0, where `JOB_COMPLETION_INDEX` or `AWS_BATCH_JOB_ARRAY_INDEX` says
    /// that this one has another; it is listed here if none comes: 90s, 45m, 2h
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) wait: Option<Duration>,
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
    #[command(flatten)]
    pub(crate) role: RoleArgs,
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
    #[command(flatten)]
    pub(crate) collection: CollectionArgs,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) storage: StorageArgs,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Merge {
    /// The folder that the shards delivered to
    #[arg(value_name = "URL", value_parser = location())]
    pub(crate) from: Location,
    /// The snapshot to write
    #[arg(short, long, value_name = "FILE|URL")]
    pub(crate) output: PathBuf,
    /// How long to wait for shards that are not there yet: 90s, 45m, 2h
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) wait: Option<Duration>,
    /// Exit with 0 where a shard is missing; the snapshot tells which all the same
    #[arg(long)]
    pub(crate) exit_zero: bool,
    #[command(flatten)]
    pub(crate) storage: StorageArgs,
}
