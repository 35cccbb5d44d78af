//! Which pseudonyms are to be told the names of.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::ConfigArgs;

#[derive(ClapArgs, Debug)]
pub(crate) struct Unredact {
    /// A snapshot that holds the names: that of the report, or any other of the same organization
    #[arg(value_name = "SNAPSHOT")]
    pub(crate) snapshot: PathBuf,
    /// The pseudonyms; every one if none is named
    #[arg(value_name = "PSEUDONYM")]
    pub(crate) pseudonyms: Vec<String>,
    /// The key that the pseudonyms were made with
    #[arg(long, value_name = "FILE")]
    pub(crate) redact_key: PathBuf,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}
