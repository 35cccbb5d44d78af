//! `mfaudit rules`: lists the rules, shows one rule's page, and tries the configuration's own.

use std::fmt::Write;

use rules::{CATALOG, PREFIX, Rule};

use super::rules_test;
use crate::{
    args::{ConfigArgs, RuleName, Rules, RulesCommand},
    config_file::ConfigFile,
    custom_rules,
    error::CliError,
    exit::ExitStatus,
    output,
};

pub(super) fn run(args: &Rules) -> Result<ExitStatus, CliError> {
    let (text, status) = match &args.command {
        None => (list(&ConfigFile::read(None)?), ExitStatus::Clean),
        Some(RulesCommand::List(config)) => (list(&read(config)?), ExitStatus::Clean),
        Some(RulesCommand::Show { rule, config }) => (show(rule, config)?, ExitStatus::Clean),
        Some(RulesCommand::Test(config)) => rules_test::run(&read(config)?),
    };
    output::print(&text)?;
    Ok(status)
}

fn read(args: &ConfigArgs) -> Result<ConfigFile, CliError> {
    ConfigFile::read(args.config.as_deref())
}

fn list(config: &ConfigFile) -> String {
    let default = rules::default_rules();
    let custom = config.custom_rules.iter().map(|it| it.rule);
    let all: Vec<_> = CATALOG.iter().copied().chain(custom).collect();
    let width = all.iter().map(|it| it.id.len()).max().unwrap_or_default();
    let mut text = String::new();
    for rule in all {
        let is_chosen = rule.id.starts_with(PREFIX) || default.iter().any(|it| it.id == rule.id);
        let opt_in = if is_chosen { "" } else { " (opt-in: --rule)" };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:width$}  {:8}  {}{opt_in}",
            rule.id,
            rule.severity.name(),
            rule.title
        );
    }
    text
}

/// The configuration is not read for a rule that it does not have.
fn show(name: &RuleName, config: &ConfigArgs) -> Result<String, CliError> {
    if let Some(rule) = CATALOG.iter().find(|it| it.id == name.id) {
        return Ok(page(rule));
    }
    let config = read(config)?;
    Ok(page(custom_rules::find(&name.id, &config.custom_rules)?))
}

/// Returns a rule's page in Markdown, as `docs/rules/` has it.
pub(super) fn page(rule: &Rule) -> String {
    let mut text = format!(
        "# {}\n\n{}. Severity: {}.\n\n{}\n",
        rule.id,
        rule.title,
        rule.severity,
        rule.page()
    );
    text.push_str("\n## What it reads\n\n");
    for dataset in rule.datasets() {
        let _ = writeln!(text, "- {dataset}");
    }
    text.push_str("\n## What it is evidence for\n\n");
    for control in rule.controls {
        let _ = writeln!(text, "- {control}");
    }
    text
}
