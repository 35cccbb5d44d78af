//! One finding as Security Hub reads it, within the lengths that it takes.

use std::collections::BTreeMap;

use model::Partition;
use rules::{Change, Severity, Status, SubjectKind};
use serde::Serialize;

use super::rule_texts::{Remediation, RuleTexts};
use crate::{
    Row,
    clip::{clipped, filled},
};

// The most characters, or entries, that Security Hub takes.
const TITLE: usize = 256;
const DESCRIPTION: usize = 1024;
const PRODUCT_FIELD: usize = 2048;
const REASON: usize = 1024;

/// A finding. There is no `Workflow`: what people did with a finding is theirs. `Severity` and `Types` stand among the
/// provider's fields, so that what people set instead of them stays.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AsffFinding<'a> {
    schema_version: &'static str,
    id: String,
    product_arn: String,
    product_name: &'static str,
    generator_id: String,
    aws_account_id: String,
    created_at: String,
    updated_at: String,
    first_observed_at: String,
    last_observed_at: String,
    title: String,
    description: String,
    finding_provider_fields: ProviderFields<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<&'a Remediation>,
    product_fields: BTreeMap<String, String>,
    resources: [Resource; 1],
    compliance: Compliance<'a>,
    record_state: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ProviderFields<'a> {
    severity: AsffSeverity,
    types: &'a [&'static str],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AsffSeverity {
    label: &'static str,
    /// The rule's severity, whatever the outcome.
    original: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Resource {
    r#type: &'static str,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    partition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
}

#[derive(Debug, Serialize)]
enum Details {
    #[serde(rename_all = "PascalCase")]
    AwsIamUser { user_name: String },
    #[serde(rename_all = "PascalCase")]
    AwsIamRole { role_name: String },
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Compliance<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    related_requirements: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reasons: Option<[StatusReason; 1]>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct StatusReason {
    reason_code: String,
    description: String,
}

impl<'a> AsffFinding<'a> {
    pub(super) fn of(row: &Row<'_>, rule: &'a RuleTexts) -> Self {
        let account = row.account();
        let now = row.reported_at();
        let observed = row.evidence_time().unwrap_or(now).to_string();
        let region = home_region(&account.partition);
        let description = format!("{}: {}", row.subject_in_words(), row.reason());
        Self {
            schema_version: "2018-10-08",
            id: format!("mfaudit/{}/{}", account.id, row.uuid()),
            product_arn: format!(
                "arn:{}:securityhub:{region}:{id}:product/{id}/default",
                account.partition,
                id = account.id
            ),
            product_name: "mfaudit",
            generator_id: format!("mfaudit/{}", row.rule().id),
            aws_account_id: account.id.to_string(),
            // Never later than the update, which a run with a clock that is behind its baseline's would have it.
            created_at: row.first_seen().unwrap_or(now).min(now).to_string(),
            updated_at: now.to_string(),
            first_observed_at: row
                .first_seen()
                .map_or_else(|| observed.clone(), |it| it.to_string()),
            last_observed_at: observed,
            title: clipped(&row.title(), TITLE).into_owned(),
            description: clipped(&description, DESCRIPTION).into_owned(),
            finding_provider_fields: ProviderFields {
                severity: AsffSeverity {
                    label: label(row.outcome_severity()),
                    original: row.rule().severity.name(),
                },
                types: &rule.types,
            },
            remediation: rule.remediation.as_ref(),
            product_fields: product_fields(row),
            resources: [resource(row)],
            compliance: compliance(row, rule),
            record_state: record_state(row.status()),
        }
    }
}

/// Returns the Region in which a partition keeps what is global, IAM among it. Findings of another Region's Security Hub
/// are of another product: the loop that sends them sets the Region.
fn home_region(partition: &Partition) -> &'static str {
    match partition.as_str() {
        "aws-us-gov" => "us-gov-west-1",
        "aws-cn" => "cn-north-1",
        "aws-eusc" => "eusc-de-east-1",
        "aws-iso" => "us-iso-east-1",
        "aws-iso-b" => "us-isob-east-1",
        _ => "us-east-1",
    }
}

const fn label(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "INFORMATIONAL",
        Severity::Low => "LOW",
        Severity::Medium => "MEDIUM",
        Severity::High => "HIGH",
        Severity::Critical => "CRITICAL",
    }
}

/// A finding that is closed is archived; one that comes back is active again, and Security Hub makes it new. What could not
/// be judged is not closed.
const fn record_state(status: Status) -> &'static str {
    match status {
        Status::Fail | Status::Indeterminate => "ACTIVE",
        Status::Pass | Status::NotApplicable => "ARCHIVED",
    }
}

/// Security Hub's own controls say `NOT_AVAILABLE` of what does not apply, and `WARNING` where information is missing.
const fn compliance_status(status: Status) -> &'static str {
    match status {
        Status::Pass => "PASSED",
        Status::Fail => "FAILED",
        Status::NotApplicable => "NOT_AVAILABLE",
        Status::Indeterminate => "WARNING",
    }
}

fn compliance<'a>(row: &Row<'_>, rule: &'a RuleTexts) -> Compliance<'a> {
    let reason = row.gap().map(|gap| StatusReason {
        reason_code: gap.reason.name().to_uppercase().replace('-', "_"),
        description: clipped(row.reason(), REASON).into_owned(),
    });
    Compliance {
        status: compliance_status(row.status()),
        related_requirements: &rule.requirements,
        status_reasons: reason.map(|it| [it]),
    }
}

fn resource(row: &Row<'_>) -> Resource {
    let account = row.account();
    let name = row.principal_name().to_owned();
    let (id, details) = match row.principal_kind() {
        SubjectKind::IamUser => (
            row.principal_arn().to_owned(),
            Some(Details::AwsIamUser { user_name: name }),
        ),
        SubjectKind::IamRole => (
            row.principal_arn().to_owned(),
            Some(Details::AwsIamRole { role_name: name }),
        ),
        SubjectKind::RootUser | SubjectKind::Account | SubjectKind::Organization => {
            (format!("AWS::::Account:{}", account.id), None)
        }
    };
    // The others have names in this format that are not those of their ARNs.
    let partition = account.partition.as_str();
    let is_named = ["aws", "aws-cn", "aws-us-gov"].contains(&partition);
    Resource {
        r#type: row.resource_type(),
        id,
        partition: is_named.then(|| partition.to_owned()),
        details,
    }
}

/// What Security Hub has no field for. A key that has nothing to say is left out.
fn product_fields(row: &Row<'_>) -> BTreeMap<String, String> {
    let account = row.account();
    let waiver = row.waiver();
    let of_waiver = |text: fn(&rules::Waiver) -> &str| waiver.map(|it| text(it.waiver).to_owned());
    let sources = row.evidence_sources().collect::<Vec<_>>().join(", ");
    let fields: [(&str, Option<String>); 18] = [
        ("Rule", Some(row.rule().id.to_owned())),
        ("Status", Some(row.status().name().to_owned())),
        ("FindingId", Some(row.id().to_string())),
        ("PrincipalArn", Some(row.principal_arn().to_owned())),
        ("PrincipalKind", Some(row.principal_kind().name().to_owned())),
        ("AccountName", Some(account.name.clone())),
        ("OuPath", Some(account.ou_path.clone())),
        ("Owner", row.owner().map(str::to_owned)),
        ("Waived", row.is_waived().then(|| "true".to_owned())),
        ("WaiverOwner", of_waiver(|it| &it.owner)),
        ("WaiverReason", of_waiver(|it| &it.reason)),
        ("WaiverExpires", waiver.map(|it| it.last_day.to_string())),
        (
            "WaiverTicket",
            of_waiver(|it| it.ticket.as_deref().unwrap_or_default()),
        ),
        ("GraceUntil", row.grace_until().map(|it| it.to_string())),
        ("GapReason", row.gap().map(|it| it.reason.name().to_owned())),
        ("Change", row.change().map(Change::name).map(str::to_owned)),
        ("EvidenceSource", Some(sources)),
        (
            "PasswordUnusedDays",
            row.password_unused_days().map(|it| it.to_string()),
        ),
    ];
    let told = fields.into_iter().filter_map(|(key, value)| {
        let value = value?;
        let value = clipped(filled(&value)?, PRODUCT_FIELD).into_owned();
        Some((format!("mfaudit/{key}"), value))
    });
    told.collect()
}
