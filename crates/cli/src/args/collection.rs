//! What is collected, how fast, and what is said meanwhile.

use std::time::Duration;

use clap::{ArgAction, Args as ClapArgs, ValueEnum};
use model::{Dataset, snapshot::RootAccess};

use crate::values::{dataset, duration};

/// The most accounts that may be collected at once.
pub(crate) const MOST_AT_ONCE: u16 = 4096;

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Collection")]
pub(crate) struct CollectionArgs {
    /// The most accounts that are collected at once; fewer while AWS says that it is too fast
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_AT_ONCE)))]
    pub(crate) concurrency: u16,
    /// Read every user live, and use no credential report
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true", action = ArgAction::Set, hide_default_value = true, hide_possible_values = true)]
    pub(crate) live: bool,
    /// Collect this too, though no chosen rule needs it; repeatable
    #[arg(long, value_name = "DATASET", value_parser = dataset())]
    pub(crate) also: Vec<Dataset>,
    /// Ask for this tag of each account, which names its owner
    #[arg(long, value_name = "KEY")]
    pub(crate) owner_tag: Option<String>,
    /// Look at root users of member accounts by sessions of their own (sts:AssumeRoot), which show every MFA device
    #[arg(long, value_name = "WHEN", default_value = "never")]
    pub(crate) assume_root: AssumeRoot,
    /// How long the run may take; what is open then is a gap: 90s, 45m, 2h
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) deadline: Option<Duration>,
    /// How long one account may take; what is open then is a gap
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration)]
    pub(crate) account_deadline: Duration,
    /// Go on where an interrupted run stopped, and ask no account again that is done
    #[arg(long)]
    pub(crate) resume: bool,
    /// Print how often each AWS call was made
    #[arg(long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "table")]
    pub(crate) stats: Option<StatsForm>,
    /// Show no progress and no notes
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum AssumeRoot {
    /// If central management of root credentials is enabled in the organization
    Auto,
    /// In every member account
    Always,
    /// Never
    Never,
}

impl From<AssumeRoot> for RootAccess {
    fn from(it: AssumeRoot) -> Self {
        match it {
            AssumeRoot::Auto => Self::Auto,
            AssumeRoot::Always => Self::Always,
            AssumeRoot::Never => Self::Never,
        }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum StatsForm {
    /// For people
    Table,
    /// For programs: one JSON object on a line
    Json,
}
