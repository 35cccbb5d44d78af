//! What is done with waivers alone.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};
use model::Date;

use super::ConfigArgs;

#[derive(ClapArgs, Debug)]
pub(crate) struct Waivers {
    #[command(subcommand)]
    pub(crate) command: WaiversCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WaiversCommand {
    /// Tell every mistake of the configuration file, waivers that expired or hold for too long among them, and what ends
    /// soon
    Check(WaiversCheck),
}

#[derive(ClapArgs, Debug)]
pub(crate) struct WaiversCheck {
    /// A snapshot: tell which waivers match nothing of it too
    pub(crate) snapshot: Option<PathBuf>,
    /// The day to check for, instead of today: 2026-11-24
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}
