//! `mfaudit rules`: lists the rules, and shows one rule's page.

use std::fmt::Write;

use rules::{CATALOG, Rule};

use crate::{
    args::{Rules, RulesCommand},
    error::CliError,
    exit::ExitStatus,
    output,
};

pub(super) fn run(args: &Rules) -> Result<ExitStatus, CliError> {
    let text = match &args.command {
        None | Some(RulesCommand::List) => list(),
        Some(RulesCommand::Show { rule }) => page(rule),
    };
    output::print(&text)?;
    Ok(ExitStatus::Clean)
}

fn list() -> String {
    let default = rules::default_rules();
    let width = CATALOG
        .iter()
        .map(|it| it.id.len())
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    for rule in CATALOG {
        let opt_in = if default.iter().any(|it| it.id == rule.id) {
            ""
        } else {
            " (opt-in: --rule)"
        };
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
