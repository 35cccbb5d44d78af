//! Which finding is explained, and from what.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use model::{AccountId, Timestamp};

use super::ConfigArgs;

#[derive(ClapArgs, Debug)]
pub(crate) struct Explain {
    /// The finding's id, as reports have it; or, with a principal, the rule
    #[arg(value_name = "FINDING-ID|RULE")]
    pub(crate) finding: String,
    /// Whom the rule judges: an ARN, a user's name, `root`, or an account's id
    pub(crate) principal: Option<String>,
    /// A snapshot, saved evidence, or a JSON report, which holds no facts
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) from: PathBuf,
    /// The principal's account, where several have one of the name
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<AccountId>,
    /// When evidence that tells no time was saved: 2026-11-24 or 2026-11-24T06:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) as_of: Option<Timestamp>,
    /// How to write it
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: ExplainForm,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum ExplainForm {
    /// For people
    Text,
    /// For programs
    Json,
}
