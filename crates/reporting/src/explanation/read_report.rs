//! A JSON report that is read back: as much of it as an explanation tells.

use serde::Deserialize;

/// A JSON report.
#[derive(Clone, Debug, Deserialize)]
pub struct ReadReport {
    /// What kind of document it is.
    pub schema: String,
    /// The version of its form.
    pub version: u32,
    rules: Vec<ReadRule>,
    /// Every finding.
    pub findings: Vec<ReadFinding>,
}

#[derive(Clone, Debug, Deserialize)]
struct ReadRule {
    id: String,
    title: String,
}

/// A finding of a report.
#[derive(Clone, Debug, Deserialize)]
#[expect(
    missing_docs,
    reason = "the keys are the report's, and documented there"
)]
pub struct ReadFinding {
    /// Empty in reports that were written before findings had names.
    #[serde(default)]
    pub id: String,
    pub status: String,
    pub severity: String,
    pub rule: String,
    pub account_id: String,
    pub account_name: String,
    pub ou_path: String,
    pub principal_arn: String,
    pub principal_kind: String,
    pub reason: String,
    pub evidence_source: Vec<String>,
    pub evidence_time: Option<String>,
    pub evidence_age_seconds: Option<i64>,
    pub controls: Vec<String>,
    pub gap_reason: Option<String>,
}

impl ReadReport {
    /// Returns the title that the report gives a rule.
    pub(super) fn title(&self, rule: &str) -> Option<&str> {
        let found = self.rules.iter().find(|it| it.id == rule);
        found.map(|it| it.title.as_str())
    }
}
