//! What a rule says in each of its findings, made once.

use rules::Rule;
use serde::Serialize;

use crate::{
    clip::{clipped, filled},
    rule_page::rule_page,
};

// The most characters, or entries, that Security Hub takes.
const RECOMMENDATION: usize = 512;
const REQUIREMENTS: usize = 32;
const REQUIREMENT: usize = 64;

/// The type of every finding.
const PRACTICES: &str = "Software and Configuration Checks/AWS Security Best Practices";
/// The type of those whose rule is evidence for the benchmark.
const CIS: &str = "Software and Configuration Checks/Industry and Regulatory Standards/CIS AWS Foundations Benchmark";

/// What a rule says in each of its findings.
#[derive(Debug)]
pub(super) struct RuleTexts {
    pub(super) types: Vec<&'static str>,
    pub(super) requirements: Vec<String>,
    pub(super) remediation: Option<Remediation>,
}

/// How to fix a failure.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Remediation {
    recommendation: Recommendation,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Recommendation {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl RuleTexts {
    pub(super) fn of(rule: &Rule) -> Self {
        let is_cis = rule.controls.iter().any(|it| it.framework == "cis-aws");
        let requirements = rule.controls.iter().map(ToString::to_string);
        // An identifier that is cut is another.
        let requirements = requirements.filter(|it| it.chars().count() <= REQUIREMENT);
        let fix = rule.section("How to fix it");
        let recommendation = filled(&fix).map(|it| Recommendation {
            text: clipped(it, RECOMMENDATION).into_owned(),
            url: rule_page(rule),
        });
        Self {
            types: [PRACTICES]
                .into_iter()
                .chain(is_cis.then_some(CIS))
                .collect(),
            requirements: requirements.take(REQUIREMENTS).collect(),
            remediation: recommendation.map(|recommendation| Remediation { recommendation }),
        }
    }
}
