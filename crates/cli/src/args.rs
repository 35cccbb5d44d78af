//! The command line, as clap sees it.

mod baseline;
mod bundle;
mod collection;
mod connection;
#[cfg(feature = "demo")]
mod demo;
mod diff;
mod enroll;
mod explain;
#[cfg(feature = "parquet")]
mod history;
mod judging;
mod notify;
mod policy_check;
mod redact;
mod remediate;
mod rules;
mod setup;
mod shards;
mod shell;
mod storage;
mod unredact;
mod waivers;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};
use model::{AccountId, Timestamp};

pub(crate) use program::{connection::ConnectionArgs, environment::When};

#[cfg(feature = "demo")]
pub(crate) use self::demo::{Demo, RequestLimits, Simulate};
#[cfg(feature = "parquet")]
pub(crate) use self::history::{History, HistoryForm, Publish};
pub(crate) use self::{
    baseline::BaselineArgs,
    bundle::{Bundle, Verify},
    collection::{AssumeRoot, CollectionArgs, MOST_AT_ONCE, StatsForm},
    connection::{AccountOrSelf, RoleArgs, ScopeArgs},
    diff::Diff,
    enroll::Enroll,
    explain::{Explain, ExplainForm},
    judging::{ConfigArgs, GateArgs, PrintArgs, Report, ReportArgs, RuleArgs, RuleName},
    notify::NotifyArgs,
    policy_check::{PolicyCheck, PolicyCheckForm, Recommended},
    redact::RedactArgs,
    remediate::Remediate,
    rules::{FrameworkFilter, ListForm, RuleFilter, Rules, RulesCommand},
    setup::{Doctor, Policy, PolicyForm, PolicySite},
    shards::{Discover, Merge, ShardArgs},
    shell::{Completions, Man},
    storage::StorageArgs,
    unredact::Unredact,
    waivers::{Waivers, WaiversCheck, WaiversCommand},
};

/// Tells, for every account of an AWS organization, who can sign in without MFA, and what it could not see
#[derive(Debug, Parser)]
#[command(name = "mfaudit", version, after_help = crate::exit::help(), max_term_width = 100)]
pub(crate) struct Args {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Colour the report and messages
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Output"
    )]
    pub(crate) color: When,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Audit the accounts of the organization and write reports
    Audit(Audit),
    /// Collect what an audit needs into a snapshot file, and judge nothing
    Collect(Collect),
    /// List the accounts of the organization once, for shards of a run to collect
    Discover(Discover),
    /// Make one snapshot of what the shards of a run collected
    Merge(Merge),
    /// Judge a snapshot or saved evidence, without AWS
    Evaluate(Evaluate),
    /// Judge a snapshot and add its run to a dataset, which query engines read
    #[cfg(feature = "parquet")]
    Publish(Publish),
    /// Tell how the runs of a dataset stand over time
    #[cfg(feature = "parquet")]
    History(History),
    /// Tell what changed between two snapshots or JSON reports
    Diff(Diff),
    /// Tell why a finding is what it is, fact by fact, and how to fix it
    Explain(Explain),
    /// Write who has to do what about each failure: pages for owners, a table for letters, a policy
    Remediate(Remediate),
    /// Pack a snapshot with its reports, configuration and population into an evidence bundle
    Bundle(Bundle),
    /// Check that an evidence bundle is as it was written, and judge it anew
    Verify(Verify),
    /// Tell whose the pseudonyms in a redacted report are
    Unredact(Unredact),
    /// List the rules, or show one rule's page
    Rules(Rules),
    /// Print the least-privilege policy or role that an audit needs
    Policy(Policy),
    /// Tell what policy documents let users do without MFA, from the documents alone
    PolicyCheck(PolicyCheck),
    /// Check credentials, permissions and one member account, or all, before the first audit
    Doctor(Doctor),
    /// Check the configuration file, or print its JSON Schema
    Config(Config),
    /// Check the waivers of the configuration file
    Waivers(Waivers),
    /// Enrol an MFA device for an IAM user, by a program of its own: this one changes nothing
    #[command(visible_alias = "enrol")]
    Enroll(Enroll),
    /// Audit an embedded organization, through the real AWS SDK
    #[cfg(feature = "demo")]
    Demo(Demo),
    /// Serve an organization on this machine, for any AWS client
    #[cfg(feature = "demo")]
    Simulate(Simulate),
    /// Print what a shell needs to complete commands and options
    Completions(Completions),
    /// Print a manual page, or write all of them
    Man(Man),
    /// Write the pages that are derived from the code (for maintainers)
    #[command(hide = true)]
    Docs(Docs),
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Audit {
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
    #[command(flatten)]
    pub(crate) role: RoleArgs,
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
    #[command(flatten)]
    pub(crate) collection: CollectionArgs,
    /// Keep what was collected in this file, or at this address (s3://, gs://, az://, file://)
    #[arg(long, value_name = "FILE|URL", help_heading = "Collection")]
    pub(crate) snapshot: Option<PathBuf>,
    /// Show which accounts would be asked for what, how long that takes and what it needs, and ask none
    #[arg(long, help_heading = "Collection", conflicts_with_all = ["resume", "snapshot"])]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) print: PrintArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// Let the page (`html`) draw how the runs of this dataset came out, which `mfaudit publish` made
    #[cfg(feature = "parquet")]
    #[arg(long, value_name = "URL", value_parser = crate::values::location(), help_heading = "Output")]
    pub(crate) history: Option<delivery::storage::Location>,
    #[command(flatten)]
    pub(crate) redact: RedactArgs,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
    #[command(flatten)]
    pub(crate) baseline: BaselineArgs,
    #[command(flatten)]
    pub(crate) notify: NotifyArgs,
    #[command(flatten)]
    pub(crate) storage: StorageArgs,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Collect {
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
    pub(crate) print: PrintArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) shard: ShardArgs,
    /// The snapshot file to write; of a shard, where it is kept until it is delivered
    #[arg(
        short,
        long,
        value_name = "FILE|URL",
        required_unless_present_any = ["print_config", "to"]
    )]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) storage: StorageArgs,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Evaluate {
    /// A snapshot, or files and folders of saved evidence: credential reports (CSV, or the JSON of `aws iam
    /// get-credential-report`), and the JSON of `get-account-summary`, `list-users`, `list-mfa-devices`,
    /// `list-virtual-mfa-devices` and `get-account-authorization-details`
    #[arg(
        required_unless_present = "print_config",
        value_name = "FILE|FOLDER|URL"
    )]
    pub(crate) paths: Vec<PathBuf>,
    /// The account of evidence files that name none
    #[arg(long, value_name = "ID", help_heading = "Evidence")]
    pub(crate) account: Option<AccountId>,
    /// When evidence that tells no time was saved: 2026-11-24 or 2026-11-24T06:00:00Z
    #[arg(long, value_name = "TIME", help_heading = "Evidence")]
    pub(crate) as_of: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) print: PrintArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// Let the page (`html`) draw how the runs of this dataset came out, which `mfaudit publish` made
    #[cfg(feature = "parquet")]
    #[arg(long, value_name = "URL", value_parser = crate::values::location(), help_heading = "Output")]
    pub(crate) history: Option<delivery::storage::Location>,
    #[command(flatten)]
    pub(crate) redact: RedactArgs,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
    #[command(flatten)]
    pub(crate) baseline: BaselineArgs,
    #[command(flatten)]
    pub(crate) notify: NotifyArgs,
    #[command(flatten)]
    pub(crate) storage: StorageArgs,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Config {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Tell every mistake of the configuration file, or what is in force if there is none
    Check {
        /// The file; else `mfaudit.toml` in the working directory
        file: Option<PathBuf>,
    },
    /// Print the JSON Schema of the configuration file, for editors
    Schema,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Docs {
    /// Which page
    pub(crate) page: String,
}
