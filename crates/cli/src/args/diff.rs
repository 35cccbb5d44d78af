//! Two runs that are compared.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use reporting::DiffFormat;

use super::{ConfigArgs, RuleArgs};

#[derive(ClapArgs, Debug)]
pub(crate) struct Diff {
    /// The earlier run: a snapshot or a JSON report, by name or address
    #[arg(value_name = "BEFORE")]
    pub(crate) before: PathBuf,
    /// The later run: a snapshot or a JSON report, by name or address
    #[arg(value_name = "AFTER")]
    pub(crate) after: PathBuf,
    /// How to write what changed
    #[arg(
        long,
        value_name = "NAME",
        default_value = "table",
        help_heading = "Output"
    )]
    pub(crate) format: DiffForm,
    /// Exit with 3 if anything is new, but for rules that the earlier run did not evaluate
    #[arg(long, help_heading = "Gate")]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum DiffForm {
    /// For people, on a terminal
    Table,
    /// One document; schema in docs/schema
    Json,
    /// For a pull request or a ticket
    Markdown,
}

impl From<DiffForm> for DiffFormat {
    fn from(it: DiffForm) -> Self {
        match it {
            DiffForm::Table => Self::Table,
            DiffForm::Json => Self::Json,
            DiffForm::Markdown => Self::Markdown,
        }
    }
}
