//! `mfaudit rules test`: tries the configuration's own rules on their examples.

use std::fmt::Write;

use rules::Check;

use crate::{
    config_file::{ConfigFile, Custom},
    exit::ExitStatus,
};

/// Returns what came of each example, and whether the configuration is right: one whose examples fail is wrong.
pub(super) fn run(config: &ConfigFile) -> (String, ExitStatus) {
    let custom = &config.custom_rules;
    if custom.is_empty() {
        let text = "the configuration has no rules of its own: write them as [[rule]]\n";
        return (text.to_owned(), ExitStatus::Clean);
    }
    let (mut text, mut tried, mut failed) = (String::new(), 0, 0);
    for it in custom {
        if it.examples.is_empty() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "untried  {}: it has no [[rule.example]]", it.rule.id);
        }
        let (of_rule, wrong) = examples(it);
        text.push_str(&of_rule);
        tried += it.examples.len();
        failed += wrong;
    }
    let status = if failed == 0 {
        ExitStatus::Clean
    } else {
        ExitStatus::Usage
    };
    let _ = writeln!(text, "\n{tried} tried, {failed} failed");
    (text, status)
}

/// Tries the examples of one rule, and counts those that fail.
fn examples(custom: &Custom) -> (String, usize) {
    let Check::Custom(check) = custom.rule.check else {
        return (String::new(), 0);
    };
    let (mut text, mut failed) = (String::new(), 0);
    for example in &custom.examples {
        let status = check.judge_example(&example.facts);
        let name = format!("{}: {}", custom.rule.id, shown(&example.name));
        if status == example.expect {
            let _ = writeln!(text, "ok       {name}: {status}");
        } else {
            failed += 1;
            let _ = writeln!(text, "FAILED   {name}: {status}, not {}", example.expect);
        }
    }
    (text, failed)
}

/// Text of a file stays text on a terminal.
fn shown(text: &str) -> String {
    let shown = |it: char| {
        if it.is_control() {
            it.escape_default().to_string()
        } else {
            it.to_string()
        }
    };
    text.chars().map(shown).collect()
}
