//! An organization on this machine.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args as ClapArgs, ValueEnum};

use super::{ConfigArgs, GateArgs, RedactArgs, ReportArgs, RuleArgs, StatsForm};

#[derive(ClapArgs, Debug)]
pub(crate) struct Demo {
    /// Print how often each AWS call was made
    #[arg(long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "table", help_heading = "Output")]
    pub(crate) stats: Option<StatsForm>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(flatten)]
    pub(crate) redact: RedactArgs,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Simulate {
    /// The organization to serve, as a TOML file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["accounts", "users", "seed", "limits"], required_unless_present = "accounts")]
    pub(crate) world: Option<PathBuf>,
    /// Make up an organization of so many accounts
    #[arg(long, value_name = "N")]
    pub(crate) accounts: Option<usize>,
    /// IAM users in each account, on average
    #[arg(long, value_name = "M", default_value_t = 20, requires = "accounts")]
    pub(crate) users: usize,
    /// Which organization to make up; the same number gives the same one
    #[arg(long, value_name = "S", default_value_t = 1, requires = "accounts")]
    pub(crate) seed: u64,
    /// The address to listen on, which must be a loopback one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// How many milliseconds every answer takes besides
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) latency_ms: u64,
    /// How many milliseconds a credential report takes from its start to its completion
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub(crate) report_delay_ms: u64,
    /// Which request limits the made-up organization has; a file says it itself
    #[arg(
        long,
        value_name = "WHICH",
        default_value = "none",
        requires = "accounts"
    )]
    pub(crate) limits: RequestLimits,
    /// When stopped, write what was asked to this file, a JSON object a line
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum RequestLimits {
    /// None at all
    None,
    /// Those that AWS documents, of Organizations and STS
    Documented,
}
