//! What is judged, reported, and gated on.

use std::path::PathBuf;

use clap::{ArgAction, Args as ClapArgs};
use reporting::Format;
use rules::{FrameworkVersion, Gate, PREFIX, Ruleset, Severity, Status, Strictness};

use crate::values::{
    format, formats_help, framework, percent, report, rule, ruleset, severity, status,
};

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct ConfigArgs {
    /// The configuration file; else `mfaudit.toml` in the working directory, if there is one
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(ClapArgs, Debug, Default)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleArgs {
    /// Evaluate the rules of this set instead of the default ones; repeatable (`mfaudit rules rulesets` lists them)
    #[arg(long = "ruleset", value_name = "NAME", value_parser = ruleset(), hide_possible_values = true)]
    pub(crate) rulesets: Vec<&'static Ruleset>,
    /// Evaluate this rule instead of the default ones, or beside those of --ruleset; repeatable
    #[arg(long = "rule", value_name = "RULE", value_parser = rule(), hide_possible_values = true)]
    pub(crate) rules: Vec<RuleName>,
    /// Do not evaluate this rule, whatever else asks for it; repeatable
    #[arg(long = "skip-rule", value_name = "RULE", value_parser = rule(), hide_possible_values = true)]
    pub(crate) skipped: Vec<RuleName>,
    /// Report on every requirement of this framework, and evaluate the rules behind it besides; repeatable. Without a
    /// version the newest
    #[arg(long = "framework", value_name = "NAME[@VERSION]", value_parser = framework)]
    pub(crate) frameworks: Vec<&'static FrameworkVersion>,
}

impl RuleArgs {
    /// Tells whether the command line says which rules to evaluate.
    pub(crate) fn choose(&self) -> bool {
        !self.rules.is_empty() || !self.rulesets.is_empty()
    }
}

/// The name of a rule: of the catalog's, or of one that the configuration may have.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct RuleName {
    pub(crate) id: String,
}

impl RuleName {
    /// Tells whether the configuration, not the catalog, must have it.
    pub(crate) fn is_custom(&self) -> bool {
        self.id.starts_with(PREFIX)
    }
}

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct ReportArgs {
    /// Write the report in this format, to standard output, a file or an address of object storage; repeatable
    #[arg(long = "format", value_name = "NAME[=FILE|URL]", value_parser = report, long_help = formats_help())]
    pub(crate) reports: Vec<Report>,
    /// The folder for the reports of --formats; it is made if there is none
    #[arg(long, value_name = "FOLDER|URL", requires = "formats")]
    pub(crate) output_dir: Option<PathBuf>,
    /// Write reports in these formats into the folder, each under its own name: csv,html makes report.csv and report.html
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', value_parser = format(), hide_possible_values = true, requires = "output_dir")]
    pub(crate) formats: Vec<&'static Format>,
    /// List only findings with this status; repeatable. Counts and the exit code are of all findings
    #[arg(long = "status", value_name = "STATUS", value_parser = status())]
    pub(crate) statuses: Vec<Status>,
    /// Let the table list every finding
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

impl ReportArgs {
    /// Returns every report that is asked for, those of the folder last.
    pub(crate) fn all(&self) -> Vec<Report> {
        let in_folder = self.output_dir.iter().flat_map(|folder| {
            self.formats.iter().map(|format| Report {
                format,
                file: Some(folder.join(format.file_name)),
            })
        });
        self.reports.iter().cloned().chain(in_folder).collect()
    }

    /// Returns the files and addresses that reports go to.
    pub(crate) fn files(&self) -> impl Iterator<Item = PathBuf> {
        self.all().into_iter().filter_map(|it| it.file)
    }
}

/// What is asked of the configuration itself.
#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct PrintArgs {
    /// Print the effective configuration as TOML, each value with where it comes from, and do nothing else
    #[arg(long)]
    pub(crate) print_config: bool,
}

/// A format, and the file it goes to; standard output if there is none.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) format: &'static Format,
    pub(crate) file: Option<PathBuf>,
}

impl GateArgs {
    /// Returns what holds where nobody says anything.
    pub(crate) fn unset() -> Self {
        Self {
            fail_on: Severity::High,
            min_coverage: 10_000,
            strict_coverage: false,
            exit_zero: false,
        }
    }

    /// Returns what a run must meet.
    pub(crate) const fn gate(&self) -> Gate {
        Gate {
            fail_on: self.fail_on,
            min_coverage: self.min_coverage,
            strictness: if self.strict_coverage {
                Strictness::Strict
            } else {
                Strictness::Visible
            },
        }
    }
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
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true", action = ArgAction::Set, hide_default_value = true, hide_possible_values = true)]
    pub(crate) strict_coverage: bool,
    /// Exit with 0 where the gate would exit with 3 or 4
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true", action = ArgAction::Set, hide_default_value = true, hide_possible_values = true)]
    pub(crate) exit_zero: bool,
}
