//! Why a finding is what it is: as a document for programs, and as a page for people.

mod facts;
mod page;
mod policies;
mod read_report;

#[cfg(test)]
mod tests;

use model::{Record, snapshot::Header};
use rules::{Explanation, Finding, PeerAnswer, PeerSays, Rule};
use serde::Serialize;

pub use self::read_report::{ReadFinding, ReadReport};
use self::{facts::FactsDocument, policies::PoliciesDocument};
use crate::{Row, escape, remedy};

/// Why a finding is what it is. Keys are added, never renamed.
#[derive(Clone, Debug, Serialize)]
pub struct ExplanationDocument {
    id: String,
    rule: String,
    title: String,
    severity: String,
    status: String,
    reason: String,
    account_id: String,
    account_name: String,
    ou_path: String,
    principal_arn: String,
    principal_kind: String,
    evidence_source: Vec<String>,
    evidence_time: Option<String>,
    evidence_age_seconds: Option<i64>,
    /// `null` from a report, which holds no facts.
    facts: Option<FactsDocument>,
    /// What the policies over an IAM user come to; `null` of other rules, and from a report.
    policies: Option<PoliciesDocument>,
    gap: Option<GapDocument>,
    controls: Vec<String>,
    /// `null` from a report: what others say depends on the facts.
    other_tools: Option<Vec<PeerDocument>>,
    how_to_fix: String,
}

/// What is missing.
#[derive(Clone, Debug, Serialize)]
struct GapDocument {
    reason: String,
    text: String,
    /// What to do; `null` from a report.
    remedy: Option<String>,
    command: Option<String>,
}

/// What another tool says of the same facts.
#[derive(Clone, Debug, Serialize)]
struct PeerDocument {
    tool: String,
    checks: Vec<&'static str>,
    /// `differs`, `no-difference-known`, `no-check` or `not-known`.
    answer: &'static str,
    /// What it says, by its own word, if it differs.
    says: Option<&'static str>,
    why: Option<&'static str>,
}

impl ExplanationDocument {
    /// Returns the explanation of a finding that was made from `record` by the run of `header`.
    pub fn new(record: &Record, header: &Header, explanation: &Explanation) -> Self {
        let finding = &explanation.finding;
        let row = Row::new(record, finding, header.collected_at);
        Self {
            facts: Some(FactsDocument::of(record, header, explanation)),
            policies: explanation.policies.as_ref().map(PoliciesDocument::of),
            gap: GapDocument::of(record, header, finding),
            other_tools: Some(explanation.peers.iter().map(PeerDocument::of).collect()),
            how_to_fix: finding.rule.section("How to fix it"),
            id: row.id().to_string(),
            rule: finding.rule.id.to_owned(),
            title: finding.rule.title.to_owned(),
            severity: finding.rule.severity.name().to_owned(),
            status: row.status().name().to_owned(),
            reason: row.reason().to_owned(),
            account_id: row.account().id.to_string(),
            account_name: row.account().name.clone(),
            ou_path: row.account().ou_path.clone(),
            principal_arn: row.principal_arn().to_owned(),
            principal_kind: row.principal_kind().name().to_owned(),
            evidence_source: row.evidence_sources().collect(),
            evidence_time: row.evidence_time().map(|it| it.to_string()),
            evidence_age_seconds: row.evidence_age_seconds(),
            controls: row.controls().iter().map(ToString::to_string).collect(),
        }
    }

    /// Returns what a report holds of a finding. `rule` is the rule as this version has it, if it has it.
    pub fn of_report(report: &ReadReport, found: &ReadFinding, rule: Option<&Rule>) -> Self {
        Self {
            id: found.id.clone(),
            rule: found.rule.clone(),
            title: report.title(&found.rule).unwrap_or_default().to_owned(),
            severity: found.severity.clone(),
            status: found.status.clone(),
            reason: found.reason.clone(),
            account_id: found.account_id.clone(),
            account_name: found.account_name.clone(),
            ou_path: found.ou_path.clone(),
            principal_arn: found.principal_arn.clone(),
            principal_kind: found.principal_kind.clone(),
            evidence_source: found.evidence_source.clone(),
            evidence_time: found.evidence_time.clone(),
            evidence_age_seconds: found.evidence_age_seconds,
            facts: None,
            policies: None,
            gap: found.gap_reason.as_ref().map(|reason| GapDocument {
                reason: reason.clone(),
                text: found.reason.clone(),
                remedy: None,
                command: None,
            }),
            controls: found.controls.clone(),
            other_tools: None,
            how_to_fix: rule
                .map(|it| it.section("How to fix it"))
                .unwrap_or_default(),
        }
    }

    /// Returns the document as JSON, which a terminal shows harmlessly.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be written as JSON, which does not happen.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        let text = serde_json::to_string_pretty(self)?;
        Ok(format!("{}\n", escape::json(&text)))
    }
}

impl GapDocument {
    fn of(record: &Record, header: &Header, finding: &Finding) -> Option<Self> {
        let gap = record.gap(finding.gap?)?;
        let remedy = remedy::of_gap(record, gap, header);
        Some(Self {
            reason: gap.reason.name().to_owned(),
            text: gap.to_string(),
            remedy: Some(remedy.text),
            command: remedy.command,
        })
    }
}

impl PeerDocument {
    fn of(peer: &PeerSays) -> Self {
        let (answer, says) = match peer.answer {
            PeerAnswer::Differs(says, why) => ("differs", Some((says, why))),
            PeerAnswer::NoDifferenceKnown => ("no-difference-known", None),
            PeerAnswer::NoCheck => ("no-check", None),
            PeerAnswer::NotKnown => ("not-known", None),
        };
        Self {
            tool: peer.tool.to_string(),
            checks: peer.checks.to_vec(),
            answer,
            says: says.map(|(says, _)| says),
            why: says.map(|(_, why)| why),
        }
    }
}
