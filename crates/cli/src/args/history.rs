//! The dataset of all runs.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use delivery::{
    dataset::{Query, sql::Engine},
    storage::Location,
};
use model::Date;

use super::{ConfigArgs, RuleArgs, StorageArgs};
use crate::values::location;

#[derive(ClapArgs, Debug)]
pub(crate) struct Publish {
    /// The snapshot of a whole run: a file, or its address in object storage
    #[arg(value_name = "SNAPSHOT")]
    pub(crate) snapshot: PathBuf,
    /// The dataset's folder: s3://, gs://, az:// or file://
    #[arg(long, value_name = "URL", value_parser = location())]
    pub(crate) to: Location,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) storage: StorageArgs,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct History {
    /// The dataset's folder: s3://, gs://, az:// or file://
    #[arg(value_name = "URL", value_parser = location())]
    pub(crate) dataset: Location,
    /// Answer this question alone, row by row
    #[arg(long, value_name = "NAME")]
    pub(crate) query: Option<Question>,
    /// How to write it
    #[arg(
        long,
        value_name = "NAME",
        default_value = "table",
        help_heading = "Output"
    )]
    pub(crate) form: HistoryForm,
    /// Only this organization's runs; for an account that is in none, its id
    #[arg(long, value_name = "ID")]
    pub(crate) organization: Option<String>,
    /// Only runs since this day, as if there were none before: 2026-11-24
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<Date>,
    /// Print table definitions, views and queries for this engine instead, and read nothing
    #[arg(long, value_name = "ENGINE", help_heading = "Output", conflicts_with_all = ["query", "form", "organization", "since"])]
    pub(crate) sql: Option<SqlEngine>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum HistoryForm {
    /// For people, on a terminal
    Table,
    /// A list of objects
    Json,
    /// For spreadsheets
    Csv,
}

/// The questions that docs/history.md has in SQL.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Question {
    /// How each run stands, and what is new and fixed in it
    Trend,
    /// How much each run saw
    Coverage,
    /// How long failures took that were seen to end
    TimeToFix,
    /// What fails still, and since when
    OldestOpen,
    /// What passed, and then failed
    Regressed,
    /// Accounts of which no run saw anything
    NeverSeen,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum SqlEngine {
    /// `DuckDB`
    Duckdb,
    /// Amazon Athena; Trino but for the table definitions
    Athena,
    /// Apache Spark
    Spark,
}

impl From<Question> for Query {
    fn from(it: Question) -> Self {
        match it {
            Question::Trend => Self::Trend,
            Question::Coverage => Self::Coverage,
            Question::TimeToFix => Self::TimeToFix,
            Question::OldestOpen => Self::OldestOpen,
            Question::Regressed => Self::Regressed,
            Question::NeverSeen => Self::NeverSeen,
        }
    }
}

impl From<SqlEngine> for Engine {
    fn from(it: SqlEngine) -> Self {
        match it {
            SqlEngine::Duckdb => Self::DuckDb,
            SqlEngine::Athena => Self::Athena,
            SqlEngine::Spark => Self::Spark,
        }
    }
}
