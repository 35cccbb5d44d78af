//! What a finding says that OCSF has no field for, by the names of the JSON report.

use rules::Change;
use serde::Serialize;

use crate::{Row, clip::filled};

/// What a finding says that OCSF has no field for. A key that has nothing to say is left out.
#[derive(Debug, Serialize)]
pub(super) struct Unmapped<'a> {
    rule: &'static str,
    status: &'static str,
    finding_id: String,
    principal_kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ou_path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<Waiver<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grace_until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gap_reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_unused_days: Option<i64>,
}

#[derive(Debug, Serialize)]
struct Waiver<'a> {
    owner: &'a str,
    reason: &'a str,
    expires: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<&'a str>,
}

impl<'a> Unmapped<'a> {
    pub(super) fn of(row: &Row<'a>) -> Self {
        Self {
            rule: row.rule().id,
            status: row.status().name(),
            finding_id: row.id().to_string(),
            principal_kind: row.principal_kind().name(),
            ou_path: filled(&row.account().ou_path),
            owner: row.owner(),
            waiver: row.waiver().map(|it| Waiver {
                owner: &it.waiver.owner,
                reason: &it.waiver.reason,
                expires: it.last_day.to_string(),
                ticket: it.waiver.ticket.as_deref(),
            }),
            grace_until: row.grace_until().map(|it| it.to_string()),
            gap_reason: row.gap().map(|it| it.reason.name()),
            change: row.change().map(Change::name),
            password_unused_days: row.password_unused_days(),
        }
    }
}
