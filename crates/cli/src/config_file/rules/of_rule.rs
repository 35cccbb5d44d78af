//! What the file sets of one rule: its severity, its grace, and the settings it declares.

use rules::{Rule, Setting, SettingKind, SettingValue, Settings, Severity};

use super::{MOST_GRACE_DAYS, has_grace, severities};
use crate::config_file::{mistakes::Mistakes, table::Table, value};

/// What the file sets of one rule, each with its line.
#[derive(Debug, Default)]
pub(super) struct OfRule {
    severity: Option<(Severity, usize)>,
    grace_days: Option<(u32, usize)>,
    settings: Vec<(&'static Setting, SettingValue, usize)>,
}

impl OfRule {
    /// Takes `[rules.<rule>]` out of `[rules]`.
    pub(super) fn take(
        rule: &'static Rule,
        rules: &mut Table<'_>,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Self> {
        let mut table = rules.table(rule.id, mistakes)?;
        let mut of_rule = Self::default();
        if let Some(value) = table.take("severity") {
            let line = mistakes.line(value.span().start);
            let name = value::choice("severity", value, &severities(), mistakes);
            let severity = name.and_then(|it| it.parse().ok());
            of_rule.severity = severity.map(|it| (it, line));
        }
        if !has_grace(rule)
            && let Some(place) = table.key_span("grace-days")
        {
            table.take("grace-days");
            let what = "`grace-days` is for rules about IAM users, which may be new: remove it";
            mistakes.add(place, what);
        } else if let Some(value) = table.take("grace-days") {
            let line = mistakes.line(value.span().start);
            let days = value::number("grace-days", value, 0, MOST_GRACE_DAYS, mistakes);
            of_rule.grace_days = days.map(|it| (it, line));
        }
        for setting in rule.settings {
            if let Some(value) = table.take(setting.key)
                && let Some(read) = read(setting, value, mistakes)
            {
                let line = mistakes.line(value.span().start);
                of_rule.settings.push((setting, read, line));
            }
        }
        table.end(mistakes);
        Some(of_rule)
    }

    pub(super) fn severity(&self) -> Option<Severity> {
        self.severity.map(|(it, _)| it)
    }

    pub(super) fn grace_days(&self) -> Option<u32> {
        self.grace_days.map(|(it, _)| it)
    }

    /// Sets the rule's settings.
    pub(super) fn set(&self, settings: &mut Settings) {
        for (setting, value, _) in &self.settings {
            (setting.set)(settings, *value);
        }
    }

    /// Returns the line of a key.
    pub(super) fn line(&self, key: &str) -> Option<usize> {
        match key {
            "severity" => self.severity.map(|(_, line)| line),
            "grace-days" => self.grace_days.map(|(_, line)| line),
            key => {
                let found = self.settings.iter().find(|(it, ..)| it.key == key);
                found.map(|(_, _, line)| *line)
            }
        }
    }
}

fn read(
    setting: &Setting,
    value: value::Read<'_>,
    mistakes: &mut Mistakes<'_>,
) -> Option<SettingValue> {
    match setting.kind {
        SettingKind::Number { min, max } => {
            value::number(setting.key, value, min, max, mistakes).map(SettingValue::Number)
        }
        SettingKind::Switch => {
            value::switch(setting.key, value, mistakes).map(SettingValue::Switch)
        }
        SettingKind::Choice(words) => {
            value::choice(setting.key, value, words, mistakes).map(SettingValue::Choice)
        }
        SettingKind::Actions => {
            let actions = value::list(setting.key, value, mistakes, |item, mistakes| {
                let text = value::text(setting.key, item, is_action, mistakes)?;
                // They live as long as the run, as rules do, of which there are as few.
                Some(&*text.leak())
            });
            actions.map(|it| SettingValue::Actions(it.leak()))
        }
    }
}

/// Tells whether AWS takes a text for an action, or a pattern of some.
fn is_action(text: &str) -> Result<(), String> {
    let plain = |it: char| it.is_ascii_alphanumeric() || "-_*?".contains(it);
    let parts = text.split_once(':');
    let is_one = parts.is_some_and(|(service, name)| {
        let is_service = |it: char| it.is_ascii_alphanumeric() || it == '-';
        !service.is_empty()
            && service.chars().all(is_service)
            && !name.is_empty()
            && name.chars().all(plain)
    });
    if is_one {
        Ok(())
    } else {
        Err(format!(
            "`{text}` is no action: write one as `iam:GetUser`, or some as `iam:Get*`"
        ))
    }
}
