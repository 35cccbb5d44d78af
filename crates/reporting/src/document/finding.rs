//! One finding in JSON.

use std::collections::BTreeMap;

use rules::{Change, Rule, Severity, Status};
use schemars::JsonSchema;
use serde::Serialize;

use super::{names, waiver::AppliedWaiverDocument};
use crate::Row;

/// The columns of CSV, which are the keys of a finding in JSON, where `finding_id` is `id`, and what a `waiver` says is an
/// object. New ones come last.
pub(crate) const COLUMNS: [&str; 25] = [
    "status",
    "severity",
    "rule",
    "account_id",
    "account_name",
    "ou_path",
    "principal_arn",
    "principal_kind",
    "reason",
    "evidence_source",
    "evidence_time",
    "evidence_age_seconds",
    "controls",
    "gap_reason",
    "finding_id",
    "owner",
    "waiver_owner",
    "waiver_reason",
    "waiver_expires",
    "waiver_ticket",
    "grace_until",
    "change",
    "first_seen",
    "age_days",
    "password_unused_days",
];

/// The kinds of principal a report may name; not every version names them all.
const PRINCIPAL_KINDS: [&str; 5] = [
    "root-user",
    "iam-user",
    "account",
    "organization",
    "iam-role",
];

/// The outcome of one rule for one subject.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Finding")]
pub(crate) struct FindingDocument<'a> {
    /// The outcome. `indeterminate`: a fact is missing, so nothing may be concluded.
    #[schemars(extend("enum" = names(&Status::ALL, Status::name)))]
    status: &'a str,
    /// How bad a failure of the rule is.
    #[schemars(extend("enum" = names(&Severity::ALL, Severity::name)))]
    severity: &'a str,
    /// The rule's identifier.
    rule: &'a str,
    /// The account's identifier.
    account_id: &'a str,
    /// The account's name; empty where it has none.
    account_name: &'a str,
    /// The names of the organizational units above the account, joined by `/`; empty at the root.
    ou_path: &'a str,
    /// The ARN of what was judged. An account stands as the ARN of its root user.
    principal_arn: &'a str,
    /// The kind of what was judged.
    #[schemars(extend("enum" = PRINCIPAL_KINDS))]
    principal_kind: &'a str,
    /// Why the outcome is what it is.
    reason: &'a str,
    /// The AWS operations whose answers the outcome rests on.
    evidence_source: Vec<String>,
    /// When the oldest of those answers held.
    #[schemars(extend("format" = "date-time"))]
    evidence_time: Option<String>,
    /// The seconds from then to the beginning of the run; negative for what the run read after it began.
    evidence_age_seconds: Option<i64>,
    /// The framework requirements the rule gives evidence for, each as `framework version id`; in their parts they
    /// stand once, with the rule.
    controls: &'a [String],
    /// Why there is no verdict, if there is none.
    gap_reason: Option<&'a str>,
    /// The finding's name: made of the rule and what was judged alone, and so the same in every run.
    #[schemars(extend("pattern" = "^[0-9a-f]{16}$"))]
    id: String,
    /// Who answers for what was judged; `null` if nobody is known to.
    owner: Option<&'a str>,
    /// The waiver that holds for the failure, which stays one.
    waiver: Option<AppliedWaiverDocument<'a>>,
    /// When the failure of a new user begins to count.
    #[schemars(extend("format" = "date-time"))]
    grace_until: Option<String>,
    /// How a failure stands to the baseline; `null` for what does not fail, and without a baseline. `lapsed`: a waiver or
    /// a time of grace excused it there, and does no more. `new-rule`: the baseline did not evaluate the rule.
    #[schemars(extend("enum" = changes()))]
    change: Option<&'a str>,
    /// When the earliest run known to have had the failure began; `null` where `change` is.
    #[schemars(extend("format" = "date-time"))]
    first_seen: Option<String>,
    /// The whole days from then to the beginning of this run.
    age_days: Option<i64>,
    /// The whole days since the console password of an IAM user that fails was last used, or since it was set or the
    /// user created if it never was; `null` where that is not known, and for everything else.
    password_unused_days: Option<i64>,
}

/// A requirement of an external framework.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Control")]
pub(crate) struct ControlDocument {
    /// The framework's short name.
    framework: &'static str,
    /// The framework's version; empty where it is not versioned.
    version: &'static str,
    /// The requirement's identifier in that version.
    id: &'static str,
}

impl<'a> FindingDocument<'a> {
    /// `controls` is what [`ControlTexts`] hold for the row's rule.
    pub(crate) fn of(row: &Row<'a>, controls: &'a [String]) -> Self {
        let account = row.account();
        Self {
            status: row.status().name(),
            severity: row.rule().severity.name(),
            rule: row.rule().id,
            account_id: account.id.as_str(),
            account_name: &account.name,
            ou_path: &account.ou_path,
            principal_arn: row.principal_arn(),
            principal_kind: row.principal_kind().name(),
            reason: row.reason(),
            evidence_source: row.evidence_sources().collect(),
            evidence_time: row.evidence_time().map(|it| it.to_string()),
            evidence_age_seconds: row.evidence_age_seconds(),
            controls,
            gap_reason: row.gap().map(|it| it.reason.name()),
            id: row.id().to_string(),
            owner: row.owner(),
            waiver: row.waiver().map(AppliedWaiverDocument::of),
            grace_until: row.grace_until().map(|it| it.to_string()),
            change: row.change().map(Change::name),
            first_seen: row.first_seen().map(|it| it.to_string()),
            age_days: row.age_days(),
            password_unused_days: row.password_unused_days(),
        }
    }
}

/// The texts of the rules' controls, which are the same in every finding of a rule.
#[derive(Debug, Default)]
pub(crate) struct ControlTexts(BTreeMap<&'static str, Vec<String>>);

impl ControlTexts {
    /// Returns the texts of a rule's controls.
    pub(crate) fn of(&mut self, rule: &Rule) -> &[String] {
        let texts = || rule.controls.iter().map(ToString::to_string).collect();
        self.0.entry(rule.id).or_insert_with(texts)
    }
}

/// Returns the names of changes, and none.
fn changes() -> Vec<Option<&'static str>> {
    let names = names(&Change::ALL, Change::name).into_iter().map(Some);
    names.chain([None]).collect()
}

/// Returns controls as documents.
pub(super) fn controls(controls: &[rules::Control]) -> Vec<ControlDocument> {
    let document = |it: &rules::Control| ControlDocument {
        framework: it.framework,
        version: it.version,
        id: it.id,
    };
    controls.iter().map(document).collect()
}
