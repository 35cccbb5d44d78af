//! One finding as a Compliance Finding of OCSF 1.5.0.

use model::Timestamp;
use serde::Serialize;

use super::rule_texts::RuleText;
use self::{numbers::{activity, compliance, severity, status}, unmapped::Unmapped};
use crate::{Row, Summary, clip::filled, stable_uuid::stable_uuid};

mod numbers;
mod unmapped;

const VERSION: &str = "1.5.0";

/// What all events of a run share.
#[derive(Debug, Default)]
pub(super) struct Run {
    organization: Option<String>,
}

impl Run {
    pub(super) fn of(summary: &Summary) -> Self {
        let organization = summary.header.organization.as_ref();
        Self {
            organization: organization.map(|it| it.id.clone()),
        }
    }
}

/// The event. Names beside numbers are OCSF's own captions.
#[derive(Debug, Serialize)]
pub(super) struct ComplianceFinding<'a> {
    activity_id: u8,
    activity_name: &'static str,
    category_uid: u8,
    category_name: &'static str,
    class_uid: u16,
    class_name: &'static str,
    type_uid: u32,
    type_name: String,
    time: i64,
    severity_id: u8,
    severity: &'static str,
    status_id: u8,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_detail: Option<&'a str>,
    message: String,
    metadata: Metadata<'a>,
    finding_info: FindingInfo<'a>,
    compliance: Compliance<'a>,
    resources: [Resource<'a>; 1],
    cloud: Cloud<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<Remediation<'a>>,
    unmapped: Unmapped<'a>,
}

#[derive(Debug, Serialize)]
struct Metadata<'a> {
    version: &'static str,
    product: Product,
    profiles: [&'static str; 1],
    uid: String,
    event_code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_uid: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Product {
    name: &'static str,
    vendor_name: &'static str,
    version: &'static str,
}

#[derive(Debug, Serialize)]
struct FindingInfo<'a> {
    uid: String,
    title: String,
    desc: &'a str,
    analytic: Analytic,
    created_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_seen_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen_time: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    data_sources: Vec<String>,
    types: [&'static str; 1],
}

#[derive(Debug, Serialize)]
struct Analytic {
    uid: &'static str,
    name: &'static str,
    type_id: u8,
    r#type: &'static str,
}

#[derive(Debug, Serialize)]
struct Compliance<'a> {
    control: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    desc: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    standards: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    requirements: &'a [String],
    status_id: u8,
    status: &'static str,
    status_details: [&'a str; 1],
    checks: [Check; 1],
}

/// The rule with its own severity, whatever the outcome.
#[derive(Debug, Serialize)]
struct Check {
    uid: &'static str,
    name: &'static str,
    severity_id: u8,
    severity: &'static str,
    status_id: u8,
    status: &'static str,
}

#[derive(Debug, Serialize)]
struct Resource<'a> {
    uid: &'a str,
    name: &'a str,
    r#type: &'static str,
    cloud_partition: &'a str,
}

#[derive(Debug, Serialize)]
struct Cloud<'a> {
    provider: &'static str,
    account: Account<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    org: Option<Organization<'a>>,
}

#[derive(Debug, Serialize)]
struct Account<'a> {
    uid: &'a str,
    /// The identifier, of an account without a name: readers insist on one.
    name: &'a str,
    type_id: u8,
    r#type: &'static str,
}

#[derive(Debug, Serialize)]
struct Organization<'a> {
    uid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ou_name: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Remediation<'a> {
    desc: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    references: &'a [String],
}

const fn milliseconds(time: Timestamp) -> i64 {
    time.epoch_seconds().saturating_mul(1000)
}

impl<'a> ComplianceFinding<'a> {
    pub(super) fn of(row: &Row<'a>, run: &'a Run, rule: &'a RuleText) -> Self {
        let now = row.reported_at();
        let (activity_id, activity_name) = activity(row);
        let (severity_id, severity) = severity(row.outcome_severity());
        let (status_id, status) = status(row);
        Self {
            activity_id,
            activity_name,
            category_uid: 2,
            category_name: "Findings",
            class_uid: 2003,
            class_name: "Compliance Finding",
            type_uid: 200_300 + u32::from(activity_id),
            type_name: format!("Compliance Finding: {activity_name}"),
            time: milliseconds(now),
            severity_id,
            severity,
            status_id,
            status,
            status_detail: row.waiver().and_then(|it| filled(&it.waiver.reason)),
            message: format!("{}: {}", row.subject_in_words(), row.reason()),
            metadata: metadata(row, run),
            finding_info: finding_info(row),
            compliance: compliance_of(row, rule),
            resources: [Resource {
                uid: row.principal_arn(),
                name: row.principal_name(),
                r#type: row.resource_type(),
                cloud_partition: row.account().partition.as_str(),
            }],
            cloud: cloud(row, run),
            remediation: filled(&rule.how_to_fix_it).map(|desc| Remediation {
                desc,
                references: &rule.pages,
            }),
            unmapped: Unmapped::of(row),
        }
    }
}

fn metadata<'a>(row: &Row<'a>, run: &'a Run) -> Metadata<'a> {
    let id = row.id().to_string();
    let time = row.reported_at().to_string();
    Metadata {
        version: VERSION,
        product: Product {
            name: "mfaudit",
            vendor_name: "mfaudit",
            version: env!("CARGO_PKG_VERSION"),
        },
        profiles: ["cloud"],
        // An event is a finding in a run; the finding has a name of its own.
        uid: stable_uuid(&["event", &id, &time]),
        event_code: row.rule().id,
        tenant_uid: run.organization.as_deref(),
    }
}

fn finding_info<'a>(row: &Row<'a>) -> FindingInfo<'a> {
    FindingInfo {
        uid: row.uuid(),
        title: row.title(),
        desc: row.reason(),
        analytic: Analytic {
            uid: row.rule().id,
            name: row.rule().title,
            type_id: 1,
            r#type: "Rule",
        },
        created_time: milliseconds(row.reported_at()),
        first_seen_time: row.first_seen().map(milliseconds),
        last_seen_time: row.evidence_time().map(milliseconds),
        data_sources: row.evidence_sources().collect(),
        types: ["Multi-factor authentication"],
    }
}

fn compliance_of<'a>(row: &Row<'a>, rule: &'a RuleText) -> Compliance<'a> {
    let (status_id, status) = compliance(row.status());
    let (severity_id, severity) = severity(row.rule().severity);
    Compliance {
        control: row.rule().id,
        desc: filled(&rule.what_it_checks),
        standards: &rule.standards,
        requirements: &rule.requirements,
        status_id,
        status,
        status_details: [row.reason()],
        checks: [Check {
            uid: row.rule().id,
            name: row.rule().title,
            severity_id,
            severity,
            status_id,
            status,
        }],
    }
}

fn cloud<'a>(row: &Row<'a>, run: &'a Run) -> Cloud<'a> {
    let account = row.account();
    let id = account.id.as_str();
    Cloud {
        provider: "AWS",
        account: Account {
            uid: id,
            name: filled(&account.name).unwrap_or(id),
            type_id: 10,
            r#type: "AWS Account",
        },
        org: run.organization.as_deref().map(|uid| Organization {
            uid,
            ou_name: filled(&account.ou_path),
        }),
    }
}
