//! What an evidence bundle is made of, and which one is verified.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use reporting::Format;

use super::{ConfigArgs, GateArgs, RuleArgs, StorageArgs};
use crate::values::format;

#[derive(ClapArgs, Debug)]
pub(crate) struct Bundle {
    /// A snapshot
    #[arg(value_name = "SNAPSHOT|URL")]
    pub(crate) snapshot: PathBuf,
    /// The bundle to write, a tar archive
    #[arg(short, long, value_name = "FILE|URL")]
    pub(crate) output: PathBuf,
    /// Put a report in this format into it, besides `json`, `csv` and `coverage`; repeatable
    #[arg(long = "format", value_name = "NAME", value_parser = format(), help_heading = "Output")]
    pub(crate) formats: Vec<&'static Format>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
    #[command(flatten)]
    pub(crate) storage: StorageArgs,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Verify {
    /// A bundle that `mfaudit bundle` wrote
    #[arg(value_name = "FILE|URL")]
    pub(crate) bundle: PathBuf,
}
