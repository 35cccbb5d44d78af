//! Which rules are listed, and how.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use rules::{Control, Ruleset, Severity};

use super::{ConfigArgs, RuleName};
use crate::values::{framework_filter, rule, ruleset, severity};

#[derive(ClapArgs, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Rules {
    #[command(flatten)]
    pub(crate) filter: RuleFilter,
    #[command(subcommand)]
    pub(crate) command: Option<RulesCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List the rules
    List(RuleFilter),
    /// Show a rule's page
    Show {
        /// The rule
        #[arg(value_parser = rule())]
        rule: RuleName,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// List the sets of rules that --ruleset names
    Rulesets,
    /// Try the configuration's own rules on their examples
    Test(ConfigArgs),
}

/// Which rules are listed: those that every option agrees on.
#[derive(ClapArgs, Debug)]
pub(crate) struct RuleFilter {
    /// Only rules that are evidence for this framework, of whatever version if none is named
    #[arg(long, value_name = "NAME[@VERSION]", value_parser = framework_filter)]
    pub(crate) framework: Option<FrameworkFilter>,
    /// Only rules of this severity; repeatable
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub(crate) severity: Vec<Severity>,
    /// Only rules of this set
    #[arg(long, value_name = "NAME", value_parser = ruleset(), hide_possible_values = true)]
    pub(crate) ruleset: Option<&'static Ruleset>,
    /// How to list them
    #[arg(long = "format", value_name = "FORM", default_value = "table")]
    pub(crate) form: ListForm,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum ListForm {
    /// For people
    Table,
    /// For programs: one JSON document
    Json,
}

/// A framework, or a version of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FrameworkFilter {
    pub(crate) framework: &'static str,
    pub(crate) version: Option<&'static str>,
}

impl FrameworkFilter {
    /// Tells whether a requirement is of the framework and version.
    pub(crate) fn has(&self, control: &Control) -> bool {
        control.framework == self.framework && self.version.is_none_or(|it| it == control.version)
    }
}
