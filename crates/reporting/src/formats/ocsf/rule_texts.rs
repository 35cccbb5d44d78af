//! What a rule says in each of its events, made once.

use std::collections::BTreeMap;

use rules::Rule;

use crate::rule_page::rule_page;

/// What all events of a rule share.
#[derive(Debug, Default)]
pub(super) struct RuleTexts(BTreeMap<&'static str, RuleText>);

#[derive(Debug)]
pub(super) struct RuleText {
    pub(super) what_it_checks: String,
    pub(super) how_to_fix_it: String,
    pub(super) standards: Vec<String>,
    pub(super) requirements: Vec<String>,
    /// Where to read more.
    pub(super) pages: Vec<String>,
}

impl RuleTexts {
    pub(super) fn of(&mut self, rule: &Rule) -> &RuleText {
        self.0.entry(rule.id).or_insert_with(|| {
            let mut standards: Vec<String> = Vec::new();
            for it in rule.controls {
                let standard = format!("{} {}", it.framework, it.version).trim_end().to_owned();
                if !standards.contains(&standard) {
                    standards.push(standard);
                }
            }
            RuleText {
                what_it_checks: rule.section("What it checks"),
                how_to_fix_it: rule.section("How to fix it"),
                standards,
                requirements: rule.controls.iter().map(ToString::to_string).collect(),
                pages: rule_page(rule).into_iter().collect(),
            }
        })
    }
}
