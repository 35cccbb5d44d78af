//! The report on a framework in JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::{names, summary::StatusesDocument};
use crate::framework_report::{FrameworkReport, RequirementReport, RequirementStatus, RuleReport};

/// What the run says of a framework's version.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Framework")]
pub(crate) struct FrameworkDocument<'a> {
    /// The framework's short name.
    framework: &'static str,
    /// The version; empty where it is not versioned.
    version: &'static str,
    /// The framework's full name.
    name: &'static str,
    /// How many requirements have each status.
    requirement_counts: RequirementCountsDocument,
    /// The requirements that concern who can sign in; the framework has others.
    requirements: Vec<RequirementDocument<'a>>,
}

/// How many requirements have each status.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "RequirementCounts")]
struct RequirementCountsDocument {
    /// Requirements for which a rule found a failure.
    fail: u64,
    /// Requirements without a failure, for which not everything was seen.
    not_seen: u64,
    /// Requirements that are met.
    pass: u64,
    /// Requirements that concern nobody here.
    not_applicable: u64,
    /// Requirements that no rule answers, or none in full.
    not_automated: u64,
}

/// What the run says of a requirement.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Requirement")]
struct RequirementDocument<'a> {
    /// The identifier in this version of the framework.
    id: &'static str,
    /// What it asks for, in this tool's own words.
    title: &'static str,
    /// The level, of frameworks that have levels.
    level: Option<u8>,
    /// `fail`: a rule found a failure. `not-seen`: none, and not everything was seen that a pass needs. `not-automated`:
    /// no rule answers it, or none in full.
    #[schemars(extend("enum" = names(&RequirementStatus::ALL, RequirementStatus::name)))]
    status: &'static str,
    /// Why, where the counts do not say it; else empty.
    why: &'a str,
    /// The rules that have a say.
    rules: Vec<RequirementRuleDocument>,
}

/// A rule that has a say on a requirement.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "RequirementRule")]
struct RequirementRuleDocument {
    /// The rule's identifier.
    rule: &'static str,
    /// How many of its findings have each status; `null` if it was not evaluated.
    findings: Option<StatusesDocument>,
}

impl<'a> FrameworkDocument<'a> {
    pub(super) fn of(report: &'a FrameworkReport) -> Self {
        let version = report.version;
        let document = |it: &'a RequirementReport| RequirementDocument {
            id: it.requirement.id,
            title: it.requirement.title,
            level: it.level(version),
            status: it.status.name(),
            why: &it.why,
            rules: it.rules.iter().map(RequirementRuleDocument::of).collect(),
        };
        Self {
            framework: version.framework,
            version: version.version,
            name: version.name(),
            requirement_counts: RequirementCountsDocument {
                fail: report.count(RequirementStatus::Fail),
                not_seen: report.count(RequirementStatus::NotSeen),
                pass: report.count(RequirementStatus::Pass),
                not_applicable: report.count(RequirementStatus::NotApplicable),
                not_automated: report.count(RequirementStatus::NotByUs),
            },
            requirements: report.requirements.iter().map(document).collect(),
        }
    }
}

impl RequirementRuleDocument {
    fn of(rule: &RuleReport) -> Self {
        Self {
            rule: rule.rule.id,
            findings: rule.counts.map(StatusesDocument::of),
        }
    }
}
