//! Writes the effective `[rules]`.

use std::fmt::Write;

use rules::{Criteria, Rule, SettingValue, Settings};

use super::{OfRule, RulesSection, has_grace, is_own};
use crate::{
    args::RuleArgs,
    config_file::{origin::Origin, value::Value},
    error::CliError,
};

impl RulesSection {
    /// Returns the section as TOML, each value with where it comes from: what is chosen, and everything that may be
    /// set of each chosen rule.
    pub(in crate::config_file) fn print(
        &self,
        flags: &RuleArgs,
        file: &str,
    ) -> Result<String, CliError> {
        let criteria = self.criteria(flags)?;
        let mut selection = self.selection(flags)?;
        // The file's own rules are evaluated along where nothing is said.
        selection.rules.retain(|it| !is_own(it));
        let is_chosen = |rule: &Rule| criteria.rules.iter().any(|it| it.id == rule.id);
        let left_out = self.own().filter(|it| !is_chosen(it));
        for rule in left_out {
            if !selection.skipped.iter().any(|it| it.id == rule.id) {
                selection.skipped.push(rule);
            }
        }
        let ids = |rules: &[&'static Rule]| {
            Value::List(rules.iter().map(|it| it.id.to_owned()).collect())
        };
        let sets = selection.rulesets.iter().map(|it| it.id.to_owned());
        let mut text = "[rules]\n".to_owned();
        for (key, value, line) in [
            (
                "ruleset",
                Value::List(sets.collect()),
                self.rulesets.as_ref().map(|(_, line)| *line),
            ),
            (
                "add",
                ids(&selection.rules),
                self.add.as_ref().map(|(_, line)| *line),
            ),
            (
                "skip",
                ids(&selection.skipped),
                self.skip.as_ref().map(|(_, line)| *line),
            ),
        ] {
            let origin = match line {
                _ if !flags.rulesets.is_empty() => Origin::Flag("--ruleset"),
                _ if !flags.rules.is_empty() => Origin::Flag("--rule"),
                Some(line) => Origin::File(file, line),
                None => Origin::Default,
            };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{key} = {value} # {origin}");
        }
        for rule in &self.known {
            if is_chosen(rule) || self.of_rules.contains_key(rule.id) {
                text.push_str(&self.of_rule(self.with_severity(rule), &criteria, file));
            }
        }
        Ok(text)
    }

    fn of_rule(&self, rule: &Rule, criteria: &Criteria, file: &str) -> String {
        let of_rule = self.of_rules.get(rule.id);
        let origin = |key: &str| {
            let line = of_rule.and_then(|it| it.line(key));
            line.map_or(Origin::Default, |line| Origin::File(file, line))
        };
        let mut text = format!("\n[rules.{}]", rule.id);
        if !criteria.rules.iter().any(|it| it.id == rule.id) {
            text.push_str(" # not evaluated");
        }
        let severity = Value::Text(rule.severity.name().to_owned());
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\nseverity = {severity} # {}", origin("severity"));
        if has_grace(rule) {
            let days = of_rule.and_then(OfRule::grace_days).unwrap_or(0);
            let _ = writeln!(text, "grace-days = {days} # {}", origin("grace-days"));
        }
        for setting in rule.settings {
            let value = (setting.get)(&criteria.settings);
            let is_implied = value != (setting.get)(&Settings::default());
            let origin = match origin(setting.key) {
                Origin::Default if is_implied => Origin::Ruleset,
                stated @ (Origin::Flag(_)
                | Origin::File(..)
                | Origin::Ruleset
                | Origin::Default) => stated,
            };
            let _ = writeln!(text, "{} = {} # {origin}", setting.key, written(value));
        }
        text
    }
}

/// Returns a setting's value as that of a key.
pub(super) fn written(value: SettingValue) -> Value {
    match value {
        SettingValue::Number(number) => Value::Number(number),
        SettingValue::Switch(on) => Value::Switch(on),
        SettingValue::Choice(word) => Value::Text(word.to_owned()),
        SettingValue::Actions(actions) => {
            Value::List(actions.iter().map(|it| (*it).to_owned()).collect())
        }
    }
}
