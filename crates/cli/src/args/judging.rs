//! What is judged, reported, and gated on.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use reporting::Format;
use rules::{CATALOG, Criteria, Rule, Severity, Status};

use crate::values::{formats_help, percent, report, rule, severity, status};

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
    /// Returns the chosen rules with their settings.
    pub(crate) fn criteria(&self) -> Criteria {
        Criteria::of(&self.chosen())
    }

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
    /// List only findings with this status; repeatable. Counts and the exit code are of all findings
    #[arg(long = "status", value_name = "STATUS", value_parser = status())]
    pub(crate) statuses: Vec<Status>,
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
