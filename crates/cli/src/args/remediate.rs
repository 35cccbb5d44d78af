//! What a remediation kit is made of, and where it goes.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{ConfigArgs, RuleArgs};

#[derive(ClapArgs, Debug)]
pub(crate) struct Remediate {
    /// A JSON report (`--format json` or `ndjson`), or a snapshot
    #[arg(value_name = "REPORT|SNAPSHOT|URL")]
    pub(crate) from: PathBuf,
    /// The folder to write, new or empty
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}
