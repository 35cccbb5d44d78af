//! The JSON Schema of `[rules]`, from what the rules declare.

use rules::{Rule, Setting, SettingKind, Settings};
use serde_json::{Map, Value as Json, json};

use super::{MOST_GRACE_DAYS, has_grace, print::written, severities};
use crate::config_file::{custom_rules, rulesets};

/// Returns the section's schema.
pub(in crate::config_file) fn schema(known: &[&'static Rule]) -> Json {
    // A rule that a user wrote has an identifier that no schema knows.
    let id = json!({ "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" });
    let named = |about: &str| {
        let ids: Vec<_> = known.iter().map(|it| it.id).collect();
        json!({
            "description": about,
            "type": "array",
            "items": { "anyOf": [{ "enum": ids }, id] },
            "uniqueItems": true,
        })
    };
    let ruleset = json!({ "enum": rulesets::names() });
    let mut properties = Map::new();
    properties.insert(
        "ruleset".to_owned(),
        json!({
            "description": "The sets of rules to evaluate, by name. Empty: none but those in `add`",
            "anyOf": [
                ruleset,
                { "type": "array", "items": ruleset, "uniqueItems": true },
            ],
            "default": "default",
        }),
    );
    properties.insert(
        "add".to_owned(),
        named("Rules to evaluate besides the set's"),
    );
    properties.insert("skip".to_owned(), named("Rules not to evaluate"));
    for rule in known {
        properties.insert(rule.id.to_owned(), of_rule(rule));
    }
    json!({
        "description": "Which rules are evaluated, and what is set of each",
        "type": "object",
        "properties": properties,
        "patternProperties": { custom_rules::id_pattern(): of_own() },
        "additionalProperties": false,
    })
}

/// Returns what may be set of a rule that a user wrote: whether it judges users is not known here.
fn of_own() -> Json {
    json!({
        "description": "What is set of a [[rule]]",
        "type": "object",
        "properties": {
            "severity": { "description": "How bad a failure is", "enum": severities() },
            "grace-days": grace_days(),
        },
        "additionalProperties": false,
    })
}

fn grace_days() -> Json {
    json!({
        "description": "For how many days the failure of a new user does not close the gate",
        "type": "integer",
        "minimum": 0,
        "maximum": MOST_GRACE_DAYS,
        "default": 0,
    })
}

fn of_rule(rule: &Rule) -> Json {
    let mut properties = Map::new();
    properties.insert(
        "severity".to_owned(),
        json!({
            "description": "How bad a failure is",
            "enum": severities(),
            "default": rule.severity.name(),
        }),
    );
    if has_grace(rule) {
        properties.insert("grace-days".to_owned(), grace_days());
    }
    for setting in rule.settings {
        properties.insert(setting.key.to_owned(), of_setting(setting));
    }
    json!({
        "description": rule.title,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn of_setting(setting: &Setting) -> Json {
    let default = Json::from(written((setting.get)(&Settings::default())));
    match setting.kind {
        SettingKind::Number { min, max } => json!({
            "description": setting.about,
            "type": "integer",
            "minimum": min,
            "maximum": max,
            "default": default,
        }),
        SettingKind::Switch => json!({
            "description": setting.about,
            "type": "boolean",
            "default": default,
        }),
        SettingKind::Choice(words) => json!({
            "description": setting.about,
            "enum": words,
            "default": default,
        }),
        SettingKind::Actions => json!({
            "description": setting.about,
            "type": "array",
            "items": { "type": "string", "pattern": "^[A-Za-z0-9-]+:[A-Za-z0-9_*?-]+$" },
            "uniqueItems": true,
            "default": default,
        }),
    }
}
