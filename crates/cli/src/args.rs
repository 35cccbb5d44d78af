//! The command line, as clap sees it.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use model::{AccountId, Timestamp, snapshot::RootAccess};
use reporting::Format;
use rules::{CATALOG, Rule, Severity};

use crate::values::{
    account_or_self, duration, formats_help, percent, report, role_name, role_path, rule, severity,
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

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Audit the accounts of the organization and write reports
    Audit(Audit),
    /// Collect what an audit needs into a snapshot file, and judge nothing
    Collect(Collect),
    /// Judge a snapshot or saved evidence, without AWS
    Evaluate(Evaluate),
    /// List the rules, or show one rule's page
    Rules(Rules),
    /// Print the least-privilege policy or role that an audit needs
    Policy(Policy),
    /// Check credentials, permissions and one member account, or all, before the first audit
    Doctor(Doctor),
    /// Audit an embedded organization, through the real AWS SDK
    #[cfg(feature = "demo")]
    Demo(Demo),
    /// Serve an organization on this machine, for any AWS client
    #[cfg(feature = "demo")]
    Simulate(Simulate),
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
    /// Keep what was collected in this file
    #[arg(long, value_name = "FILE", help_heading = "Collection")]
    pub(crate) snapshot: Option<PathBuf>,
    /// Show which accounts would be asked for what, how long that takes and what it needs, and ask none
    #[arg(long, help_heading = "Collection", conflicts_with_all = ["resume", "snapshot"])]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
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
    pub(crate) rules: RuleArgs,
    /// The snapshot file to write
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Evaluate {
    /// A snapshot, or files and folders of saved evidence: credential reports (CSV, or the JSON of `aws iam
    /// get-credential-report`), and the JSON of `get-account-summary`, `list-users`, `list-mfa-devices` and
    /// `list-virtual-mfa-devices`
    #[arg(required = true, value_name = "FILE|FOLDER")]
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
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Rules {
    #[command(subcommand)]
    pub(crate) command: Option<RulesCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List the rules
    List,
    /// Show a rule's page
    Show {
        /// The rule
        #[arg(value_parser = rule())]
        rule: &'static Rule,
    },
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Policy {
    /// For which account
    #[arg(long = "for", value_name = "ACCOUNT")]
    pub(crate) site: PolicySite,
    /// How to write it
    #[arg(long = "as", value_name = "FORM", default_value = "json")]
    pub(crate) form: PolicyForm,
    /// The role or user that runs the audit; nobody else may assume the role
    #[arg(long, value_name = "ARN")]
    pub(crate) principal: Option<String>,
    /// The organization the principal must be in
    #[arg(long, value_name = "ID")]
    pub(crate) organization: Option<String>,
    /// The partition
    #[arg(long, value_name = "NAME", default_value = "aws")]
    pub(crate) partition: String,
    /// Permit sessions of member accounts' root users too, for an audit with --assume-root
    #[arg(long, value_name = "WHEN", default_value = "never")]
    pub(crate) assume_root: AssumeRoot,
    #[command(flatten)]
    pub(crate) role: RoleArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum PolicySite {
    /// Each audited account: the read calls
    Member,
    /// The account that runs the audit (the management account or a delegated administrator), and the management account's own role
    Management,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum PolicyForm {
    /// An IAM policy document
    Json,
    /// A template with the role, its trust and the policy: a StackSet for member accounts, a plain stack for the
    /// management account
    Cloudformation,
    /// A configuration with the same role, for one account
    Terraform,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
    #[command(flatten)]
    pub(crate) role: RoleArgs,
    /// Try a session of a member account's root user too, for an audit with --assume-root
    #[arg(long, value_name = "WHEN", default_value = "never")]
    pub(crate) assume_root: AssumeRoot,
    /// The member account to try; else the first active one
    #[arg(long, value_name = "ID", help_heading = "Scope")]
    pub(crate) account: Option<AccountId>,
    /// Try every active account, and tell by cause what would be missing where
    #[arg(long, conflicts_with = "account", help_heading = "Scope")]
    pub(crate) all: bool,
}

#[cfg(feature = "demo")]
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
    pub(crate) gate: GateArgs,
}

#[cfg(feature = "demo")]
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

#[cfg(feature = "demo")]
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum RequestLimits {
    /// None at all
    None,
    /// Those that AWS documents, of Organizations and STS
    Documented,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Docs {
    /// Which page
    pub(crate) page: String,
}

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionArgs {
    /// A profile of the shared AWS configuration
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// A region of the partition to audit
    #[arg(long, value_name = "NAME")]
    pub(crate) region: Option<String>,
    /// An endpoint in AWS's place
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint_url: Option<String>,
    /// A PEM file of certificates to trust besides the system's
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_bundle: Option<PathBuf>,
}

#[derive(ClapArgs, Clone, Debug)]
#[command(next_help_heading = "Role")]
pub(crate) struct RoleArgs {
    /// The role to assume in every account but the caller's own
    #[arg(long, value_name = "NAME", default_value = "mfaudit-audit", value_parser = role_name)]
    pub(crate) role_name: String,
    /// The role's path
    #[arg(long, value_name = "PATH", default_value = "/", value_parser = role_path)]
    pub(crate) role_path: String,
    /// The external id that the role's trust policy demands
    #[arg(long, value_name = "ID")]
    pub(crate) external_id: Option<String>,
    /// Do not shrink the assumed role to the read calls that are made
    #[arg(long)]
    pub(crate) no_session_policy: bool,
}

impl RoleArgs {
    /// Returns the role's name with its path, without a slash at the beginning.
    pub(crate) fn name_with_path(&self) -> String {
        format!(
            "{}{}",
            self.role_path.trim_start_matches('/'),
            self.role_name
        )
    }
}

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Scope")]
pub(crate) struct ScopeArgs {
    /// Only this account, or `self` for the caller's own without the organization; repeatable
    #[arg(long, value_name = "ID|self", value_parser = account_or_self)]
    pub(crate) account: Vec<AccountOrSelf>,
    /// Not this account; repeatable
    #[arg(long, value_name = "ID")]
    pub(crate) exclude_account: Vec<AccountId>,
    /// Only accounts in or below this organizational unit, by id, name or path; repeatable
    #[arg(long, value_name = "ID|NAME|PATH")]
    pub(crate) ou: Vec<String>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum AccountOrSelf {
    Account(AccountId),
    Own,
}

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Collection")]
pub(crate) struct CollectionArgs {
    /// The most accounts that are collected at once; fewer while AWS says that it is too fast
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub(crate) concurrency: u16,
    /// Read every user live, and use no credential report
    #[arg(long)]
    pub(crate) live: bool,
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

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct ConfigArgs {
    /// The configuration file; else `mfaudit.toml` in the working directory, if there is one
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleArgs {
    /// Evaluate this rule instead of the default ones; repeatable
    #[arg(long = "rule", value_name = "RULE", value_parser = rule(), hide_possible_values = true)]
    pub(crate) rules: Vec<&'static Rule>,
}

impl RuleArgs {
    /// Returns the chosen rules, in catalog order.
    pub(crate) fn chosen(&self) -> Vec<&'static Rule> {
        if self.rules.is_empty() {
            return rules::default_rules();
        }
        CATALOG
            .iter()
            .copied()
            .filter(|it| self.rules.iter().any(|chosen| chosen.id == it.id))
            .collect()
    }
}

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct ReportArgs {
    /// Write the report in this format, to standard output or to a file; repeatable
    #[arg(long = "format", value_name = "NAME[=FILE]", value_parser = report, long_help = formats_help())]
    pub(crate) reports: Vec<Report>,
    /// Let the table list every finding
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// A format, and the file it goes to; standard output if there is none.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) format: &'static Format,
    pub(crate) file: Option<PathBuf>,
}

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Gate")]
pub(crate) struct GateArgs {
    /// Exit with 3 if a failure is at least so severe
    #[arg(long, value_name = "SEVERITY", default_value = "high", value_parser = severity())]
    pub(crate) fail_on: Severity,
    /// Exit with 4 if less than this share of what had to be seen was seen, in percent
    #[arg(long, value_name = "PERCENT", default_value = "100", value_parser = percent)]
    pub(crate) min_coverage: u32,
    /// Count against coverage even what no call of the chosen mode can show
    #[arg(long)]
    pub(crate) strict_coverage: bool,
    /// Exit with 0 where the gate would exit with 3 or 4
    #[arg(long)]
    pub(crate) exit_zero: bool,
}
