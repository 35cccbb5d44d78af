//! A rule's page.

use std::fmt::Write;

use rules::{Rule, Ruleset, Setting, SettingKind, Settings};

/// Returns a rule's page in Markdown, as `docs/rules/` has it.
pub(in crate::commands) fn page(rule: &'static Rule) -> String {
    let mut text = format!(
        "# {}\n\n{}. Severity: {}.\n\n{}\n",
        rule.id,
        rule.title,
        rule.severity,
        rule.page()
    );
    text.push_str("\n## What it reads\n\n");
    for dataset in rule.datasets() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "- {dataset}");
    }
    if !rule.settings.is_empty() {
        text.push_str("\n## What can be set\n\n| setting | is | default |\n|---|---|---|\n");
        for setting in rule.settings {
            let _ = writeln!(
                text,
                "| `{}` | {} | `{}` |",
                setting.key,
                about(setting),
                default(setting)
            );
        }
    }
    let rulesets: Vec<_> = rulesets_of(rule).map(|it| format!("`{}`", it.id)).collect();
    // A rule that a user wrote has no set of its own: it is evaluated along.
    if !rulesets.is_empty() {
        let _ = writeln!(
            text,
            "\n## Which rulesets it is in\n\n{}",
            rulesets.join(", ")
        );
    }
    if !rule.controls.is_empty() {
        text.push_str("\n## What it is evidence for\n\n");
        for control in rule.controls {
            let _ = writeln!(text, "- {control}");
        }
    }
    text
}

/// Returns the sets that a rule is in; of two levels of one benchmark, the first.
fn rulesets_of(rule: &'static Rule) -> impl Iterator<Item = &'static Ruleset> {
    let has = move |set: &Ruleset| !set.rules(&[rule]).is_empty();
    Ruleset::all().filter(move |set| {
        let lower = set.id.strip_suffix("-level-2").and_then(Ruleset::find);
        has(set) && !lower.is_some_and(has)
    })
}

fn about(setting: &Setting) -> String {
    let values = match setting.kind {
        SettingKind::Number { min, max } => format!("{min} to {max}"),
        SettingKind::Switch => "`true` or `false`".to_owned(),
        SettingKind::Choice(words) => words
            .iter()
            .map(|it| format!("`{it}`"))
            .collect::<Vec<_>>()
            .join(" or "),
        SettingKind::Actions => "actions of AWS, or patterns of them".to_owned(),
    };
    format!("{} ({values})", setting.about)
}

fn default(setting: &Setting) -> String {
    (setting.get)(&Settings::default()).to_string()
}
