//! From what was asked for to what a run is judged by.

use std::fmt;

use super::Ruleset;
use crate::{
    CATALOG, Criteria, FrameworkVersion, Implied, Level, Rule, Setting, SettingValue, Settings,
};

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Sets of rules.
    pub rulesets: Vec<&'static Ruleset>,
    /// Rules besides.
    pub rules: Vec<&'static Rule>,
    /// Rules that are not evaluated, whatever else asks for them.
    pub skipped: Vec<&'static Rule>,
    /// Frameworks to report on, whose rules are evaluated besides.
    pub frameworks: Vec<&'static FrameworkVersion>,
}

/// Two of what was asked for want the same setting to have different values.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SettingConflict {
    rule: &'static str,
    key: &'static str,
    first: Box<(String, SettingValue)>,
    second: Box<(String, SettingValue)>,
}

impl Selection {
    /// Returns the rules among those that are known, in their order.
    pub fn chosen(&self, known: &[&'static Rule]) -> Vec<&'static Rule> {
        let mut chosen = self.rules.clone();
        for ruleset in &self.rulesets {
            chosen.extend(ruleset.rules(known));
        }
        for framework in &self.frameworks {
            chosen.extend(framework.rules(Level::Two, known));
        }
        let has = |rules: &[&'static Rule], id: &str| rules.iter().any(|it| it.id == id);
        let of_known = known.iter().copied();
        of_known
            .filter(|it| has(&chosen, it.id) && !has(&self.skipped, it.id))
            .collect()
    }

    /// Returns what the run is judged by, with the settings that rulesets and frameworks ask for.
    ///
    /// # Errors
    ///
    /// Fails if two of them ask for different values of one setting: neither would be judged rightly.
    pub fn criteria(&self, known: &[&'static Rule]) -> Result<Criteria, SettingConflict> {
        let rules = self.chosen(known);
        let of_rulesets = self
            .rulesets
            .iter()
            .map(|it| (it.id.to_owned(), it.settings()));
        let of_frameworks = self
            .frameworks
            .iter()
            .map(|it| (it.to_string(), it.settings));
        let mut settings = Settings::default();
        let mut done: Vec<(String, &'static Implied)> = Vec::new();
        for (who, asked) in of_rulesets.chain(of_frameworks) {
            // What is set of a rule that is not evaluated has no effect.
            for implied in asked
                .iter()
                .filter(|it| rules.iter().any(|rule| rule.id == it.rule))
            {
                if let Some((other, before)) = done.iter().find(|(_, it)| it.is_of_same(implied)) {
                    if before.value != implied.value {
                        return Err(SettingConflict {
                            rule: implied.rule,
                            key: implied.key,
                            first: Box::new((other.clone(), before.value)),
                            second: Box::new((who, implied.value)),
                        });
                    }
                    continue;
                }
                implied.apply(&mut settings);
                done.push((who.clone(), implied));
            }
        }
        Ok(Criteria {
            rules,
            settings,
            frameworks: self.frameworks.clone(),
            ..Criteria::default()
        })
    }
}

impl Implied {
    fn is_of_same(&self, other: &Self) -> bool {
        (self.rule, self.key) == (other.rule, other.key)
    }

    /// Tells whether the setting is another if nobody sets it.
    pub fn changes_something(&self) -> bool {
        let default = self.setting().map(|it| (it.get)(&Settings::default()));
        default.is_some_and(|it| it != self.value)
    }

    /// Sets the setting, if there is such a rule with such a setting.
    pub(crate) fn apply(&self, settings: &mut Settings) {
        if let Some(setting) = self.setting() {
            (setting.set)(settings, self.value);
        }
    }

    fn setting(&self) -> Option<&'static Setting> {
        let rule = CATALOG.iter().find(|it| it.id == self.rule)?;
        rule.settings.iter().find(|it| it.key == self.key)
    }
}

/// Writes who wants what.
impl fmt::Display for SettingConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rule,
            key,
            first,
            second,
        } = self;
        write!(
            f,
            "`{}` asks for {key} = {} of {rule}, and `{}` for {}",
            first.0, first.1, second.0, second.1
        )
    }
}

impl std::error::Error for SettingConflict {}
