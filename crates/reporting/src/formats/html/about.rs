//! What the page's script needs to know of the run: its rules, and the words for numbers in the data.

use rules::{Severity, Status, SubjectKind};
use serde::Serialize;

use super::columns::severity_index;
use crate::Summary;

/// What the page's script needs to know of the run.
#[derive(Debug, Serialize)]
pub(super) struct About {
    /// The version of the data. Keys are added, never renamed.
    version: u8,
    /// When the run began, in seconds since 1970.
    now: Option<i64>,
    statuses: [&'static str; 4],
    severities: [&'static str; 5],
    kinds: [&'static str; 5],
    rules: Vec<RuleData>,
    /// What is missing, by cause.
    causes: Vec<String>,
    /// Whether anybody said who answers for what.
    owned: bool,
    /// Whether the run was compared with a baseline.
    compared: bool,
}

#[derive(Debug, Serialize)]
struct RuleData {
    id: &'static str,
    title: &'static str,
    /// Its number among the severities.
    severity: i64,
    checks: String,
    matters: String,
    fix: String,
    controls: Vec<String>,
}

/// Returns what the page's script needs to know of the run.
pub(super) fn about(summary: &Summary) -> About {
    let rules = summary.totals.rules.iter().map(|(rule, _)| RuleData {
        id: rule.id,
        title: rule.title,
        severity: severity_index(rule.severity),
        checks: rule.section("What it checks"),
        matters: rule.section("Why it matters"),
        fix: rule.section("How to fix it"),
        controls: rule.controls.iter().map(ToString::to_string).collect(),
    });
    let causes = summary.gaps.iter().map(|it| it.remedy(&summary.header).text);
    About {
        version: 1,
        now: summary.header.collected_at.map(model::Timestamp::epoch_seconds),
        statuses: Status::ALL.map(Status::name),
        severities: Severity::ALL.map(Severity::name),
        kinds: SubjectKind::ALL.map(SubjectKind::name),
        rules: rules.collect(),
        causes: causes.collect(),
        owned: summary.owners.is_some(),
        compared: summary.changes.is_some(),
    }
}
