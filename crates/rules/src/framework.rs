//! The requirements of framework versions, as far as they concern who can sign in: which are answered by rules.

mod cis_aws;
mod nist_800_53;
mod pci_dss;
mod security_hub;

#[cfg(test)]
mod tests;

use std::fmt;

use crate::{CATALOG, Control, FRAMEWORKS, Rule, SettingValue, Settings};

/// A version of a framework whose requirements are known here.
#[derive(Debug)]
pub struct FrameworkVersion {
    /// The framework's stable short name.
    pub framework: &'static str,
    /// The version; empty if the framework has none.
    pub version: &'static str,
    /// The requirements that concern who can sign in, in the framework's order. Others are not listed.
    pub requirements: fn() -> Vec<Requirement>,
    /// What the framework asks for that rules let users set.
    pub settings: &'static [Implied],
}

/// A requirement of a framework's version.
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    /// The identifier in that version.
    pub id: &'static str,
    /// What it asks for, in our own words.
    pub title: &'static str,
    /// The level of those who need it.
    pub level: Level,
    /// Whether rules answer it.
    pub answer: Answer,
    /// Rules that have a say beside those that name the requirement.
    pub also: &'static [&'static str],
    /// The settings with which a pass of those rules is one of the requirement.
    pub bounds: &'static [Bound],
}

/// How much a framework asks for. Only the CIS benchmarks have two levels.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// For everyone.
    One,
    /// For those who need more.
    Two,
}

/// Whether rules answer a requirement.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    /// They do.
    ByRules,
    /// Their failures are failures of the requirement; their passes leave something open, which is told.
    InPart(&'static str),
    /// None does, for the reason told.
    NotByUs(&'static str),
}

/// What a setting of a rule must be for the rule's pass to count.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// The rule.
    pub rule: &'static str,
    /// The setting.
    pub key: &'static str,
    /// The least number.
    pub min: u32,
    /// The greatest number.
    pub max: u32,
}

/// A setting that a ruleset or framework asks for.
#[derive(Clone, Copy, Debug)]
pub struct Implied {
    /// The rule.
    pub rule: &'static str,
    /// The setting.
    pub key: &'static str,
    /// Its value.
    pub value: SettingValue,
}

/// Every framework version whose requirements are known, each framework's newest version first.
pub static FRAMEWORK_VERSIONS: &[&FrameworkVersion] = &[
    &cis_aws::V7_0_0,
    &cis_aws::V6_0_0,
    &cis_aws::V5_0_0,
    &cis_aws::V4_0_1,
    &cis_aws::V3_0_0,
    &cis_aws::V2_0_0,
    &cis_aws::V1_5_0,
    &cis_aws::V1_4_0,
    &cis_aws::V1_2_0,
    &security_hub::CONTROLS,
    &nist_800_53::R5,
    &pci_dss::V4_0_1,
    &pci_dss::V4_0,
    &pci_dss::V3_2_1,
];

impl FrameworkVersion {
    /// Returns the full name.
    pub fn name(&self) -> &'static str {
        let named = FRAMEWORKS.iter().find(|it| it.id == self.framework);
        named.map_or(self.framework, |it| it.name)
    }

    /// Returns the rules that answer requirements up to a level, in catalog order.
    pub fn rules(&self, level: Level, known: &[&'static Rule]) -> Vec<&'static Rule> {
        let requirements = (self.requirements)();
        let asked: Vec<_> = requirements.iter().filter(|it| it.level <= level).collect();
        let answers = |rule: &&'static Rule| asked.iter().any(|it| self.is_answered(it, rule));
        known.iter().copied().filter(answers).collect()
    }

    /// Tells whether a rule has a say on one of the version's requirements.
    pub fn is_answered(&self, requirement: &Requirement, rule: &Rule) -> bool {
        requirement.also.contains(&rule.id)
            || rule.controls.iter().any(|it| self.names(requirement, it))
    }

    fn names(&self, requirement: &Requirement, control: &Control) -> bool {
        let here = (self.framework, self.version, requirement.id);
        (control.framework, control.version, control.id) == here
    }
}

/// Writes the version as `framework@version`, as options name it.
impl fmt::Display for FrameworkVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.framework)?;
        if self.version.is_empty() {
            return Ok(());
        }
        write!(f, "@{}", self.version)
    }
}

impl Bound {
    /// Returns the value that is set instead, if the bound is not kept.
    pub fn broken_by(&self, settings: &Settings) -> Option<SettingValue> {
        let value = self.setting()?(settings);
        match value {
            SettingValue::Number(number) if (self.min..=self.max).contains(&number) => None,
            value @ (SettingValue::Number(_)
            | SettingValue::Switch(_)
            | SettingValue::Choice(_)
            | SettingValue::Actions(_)) => Some(value),
        }
    }

    fn setting(&self) -> Option<fn(&Settings) -> SettingValue> {
        let rule = CATALOG.iter().find(|it| it.id == self.rule)?;
        let setting = rule.settings.iter().find(|it| it.key == self.key)?;
        Some(setting.get)
    }
}

/// Returns the version that `NAME` or `NAME@VERSION` names, the newest if it names none. `7.0` is as good as `7.0.0`.
pub fn find_framework(text: &str) -> Option<&'static FrameworkVersion> {
    let (name, version) = match text.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (text, None),
    };
    let mut of_name = FRAMEWORK_VERSIONS
        .iter()
        .copied()
        .filter(|it| it.framework == name);
    let Some(version) = version else {
        return of_name.next();
    };
    let exact = of_name.clone().find(|it| it.version == version);
    exact.or_else(|| of_name.find(|it| is_short_for(version, it.version)))
}

/// Tells whether a version stands for a longer one: `7.0` for `7.0.0`, and not for `7.01`.
pub fn is_short_for(short: &str, version: &str) -> bool {
    let rest = version.strip_prefix(short);
    !short.is_empty() && rest.is_some_and(|it| it.is_empty() || it.starts_with('.'))
}

/// A requirement that rules answer with whatever settings.
const ANSWERED: Requirement = Requirement {
    id: "",
    title: "",
    level: Level::One,
    answer: Answer::ByRules,
    also: &[],
    bounds: &[],
};
