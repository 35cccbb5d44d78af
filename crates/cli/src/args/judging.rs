//! What is judged, reported, and gated on.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use reporting::Format;
use rules::{CATALOG, Criteria, PREFIX, Rule, Severity};

use crate::values::{formats_help, percent, report, rule, severity};

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
    pub(crate) rules: Vec<RuleName>,
}

/// The name of a rule: of the catalog's, or of one that the configuration may have.
#[derive(Clone, Debug)]
pub(crate) struct RuleName {
    pub(crate) id: String,
}

impl RuleName {
    /// Tells whether the configuration, not the catalog, must have it.
    pub(crate) fn is_custom(&self) -> bool {
        self.id.starts_with(PREFIX)
    }
}

impl RuleArgs {
    /// Returns the chosen rules of the catalog with their settings.
    pub(crate) fn criteria(&self) -> Criteria {
        Criteria::of(&self.chosen())
    }

    /// Returns the chosen rules of the catalog, in its order.
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
