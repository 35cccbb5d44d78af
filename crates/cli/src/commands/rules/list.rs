//! Lists of rules, and of sets of rules.

use std::fmt::Write;

use rules::{CATALOG, Control, PREFIX, Rule, Ruleset, SettingValue, Settings};
use serde_json::{Value, json};

use crate::{
    args::{ListForm, RuleFilter},
    commands::policy::pretty,
    error::CliError,
};

/// Returns the rules that pass the filter.
pub(super) fn rules(filter: &RuleFilter) -> Result<String, CliError> {
    let config = super::read(&filter.config)?;
    let own = config.custom_rules.iter().map(|it| it.rule);
    let known: Vec<_> = CATALOG.iter().copied().chain(own).collect();
    let of_set = filter.ruleset.map(|it| it.rules(&known));
    let passes = |rule: &&'static Rule| {
        filter
            .framework
            .is_none_or(|it| rule.controls.iter().any(|control| it.has(control)))
            && (filter.severity.is_empty() || filter.severity.contains(&rule.severity))
            && of_set
                .as_ref()
                .is_none_or(|set| set.iter().any(|it| it.id == rule.id))
    };
    let rules: Vec<_> = known.iter().copied().filter(passes).collect();
    match filter.form {
        ListForm::Table => Ok(table(&rules, filter)),
        ListForm::Json => {
            let rules: Vec<_> = rules.iter().map(|it| document(it, filter)).collect();
            pretty(&json!({ "rules": rules }))
        }
    }
}

fn table(rules: &[&'static Rule], filter: &RuleFilter) -> String {
    if rules.is_empty() {
        return "no rule matches\n".to_owned();
    }
    let default = rules::default_rules();
    let width = rules.iter().map(|it| it.id.len()).max().unwrap_or_default();
    let mut text = String::new();
    for rule in rules {
        let is_chosen = is_own(rule) || default.iter().any(|it| it.id == rule.id);
        let opt_in = if is_chosen { "" } else { " (opt-in: --rule)" };
        let ids: Vec<_> = controls(rule, filter).map(|it| named(it, filter)).collect();
        let evidence = match filter.framework {
            Some(_) => format!(": {}", ids.join(", ")),
            None => String::new(),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:width$}  {:8}  {}{opt_in}{evidence}",
            rule.id,
            rule.severity.name(),
            rule.title
        );
    }
    text
}

/// Tells whether the configuration, not the catalog, has the rule: those are evaluated along.
fn is_own(rule: &Rule) -> bool {
    rule.id.starts_with(PREFIX)
}

/// Returns the requirements that the filter is about; all, if it is about none.
fn controls(rule: &'static Rule, filter: &RuleFilter) -> impl Iterator<Item = &'static Control> {
    let framework = filter.framework;
    rule.controls
        .iter()
        .filter(move |it| framework.is_none_or(|filter| filter.has(it)))
}

fn named(control: &Control, filter: &RuleFilter) -> String {
    match filter.framework.and_then(|it| it.version) {
        None if !control.version.is_empty() => format!("{} {}", control.version, control.id),
        None | Some(_) => control.id.to_owned(),
    }
}

fn document(rule: &'static Rule, filter: &RuleFilter) -> Value {
    let rulesets = Ruleset::all().filter(|it| !it.rules(&[rule]).is_empty());
    let settings = rule.settings.iter().map(|it| {
        let default = match (it.get)(&Settings::default()) {
            SettingValue::Number(number) => json!(number),
            SettingValue::Switch(on) => json!(on),
            SettingValue::Choice(word) => json!(word),
            SettingValue::Actions(actions) => json!(actions),
        };
        json!({ "key": it.key, "about": it.about, "default": default })
    });
    json!({
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity.name(),
        "controls": controls(rule, filter).collect::<Vec<_>>(),
        "rulesets": rulesets.map(|it| it.id).collect::<Vec<_>>(),
        "settings": settings.collect::<Vec<_>>(),
    })
}

/// Returns the sets of rules, with what each sets otherwise than it is if nobody does.
pub(super) fn rulesets() -> String {
    let width = Ruleset::all()
        .map(|it| it.id.len())
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    for set in Ruleset::all() {
        let rules = set.rules(CATALOG).len();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:width$}  {rules:2} rules  {}", set.id, set.about);
        for implied in set.settings().iter().filter(|it| it.changes_something()) {
            let (rule, key, value) = (implied.rule, implied.key, implied.value);
            let _ = writeln!(text, "{:width$}            {rule}: {key} = {value}", "");
        }
    }
    text
}
