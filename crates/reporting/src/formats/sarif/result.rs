//! A failure, or what could not be judged, as a result.

use rules::{Change, Status};
use serde::Serialize;

use super::{
    driver::{Text, level},
    invocation::plain,
};
use crate::{Row, clip::filled};

/// A result. A list of suppressions is there for each, for without one its state would be unknown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifResult<'a> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    kind: &'static str,
    level: &'static str,
    message: Text,
    locations: [Location<'a>; 1],
    partial_fingerprints: Fingerprints,
    correlation_guid: String,
    suppressions: Vec<Suppression<'a>>,
    properties: ResultProperties<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: PhysicalLocation,
    logical_locations: [LogicalLocation<'a>; 1],
}

/// There is no file: a path for each account stands for one, which is what GitHub filters by.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Debug, Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u8,
    start_column: u8,
    end_line: u8,
    end_column: u8,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'a> {
    name: &'a str,
    fully_qualified_name: &'a str,
    kind: &'static str,
}

/// GitHub knows a result again by the first alone.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Fingerprints {
    primary_location_line_hash: String,
    #[serde(rename = "findingId/v1")]
    finding_id: String,
}

#[derive(Debug, Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'a str>,
    properties: WaiverProperties<'a>,
}

#[derive(Debug, Serialize)]
struct WaiverProperties<'a> {
    owner: &'a str,
    expires: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultProperties<'a> {
    severity: &'static str,
    account_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ou_path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gap_reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grace_until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence_time: Option<String>,
}

impl<'a> SarifResult<'a> {
    /// `rule_index` is the rule's place in the driver.
    pub(super) fn of(row: &Row<'a>, rule_index: Option<usize>) -> Self {
        let id = row.id().to_string();
        let (kind, level) = match row.status() {
            Status::Fail => ("fail", level(row.rule().severity)),
            Status::Indeterminate => ("open", "none"),
            Status::Pass => ("pass", "none"),
            Status::NotApplicable => ("notApplicable", "none"),
        };
        let message = format!("{}: {}", row.subject_in_words(), row.reason());
        Self {
            rule_id: row.rule().id,
            rule_index,
            kind,
            level,
            message: Text::sentence(&plain(&message)),
            locations: [location(row)],
            partial_fingerprints: Fingerprints {
                // The form that GitHub's own are of: a hash, and which of the results that share it.
                primary_location_line_hash: format!("{id}:1"),
                finding_id: id,
            },
            correlation_guid: row.uuid(),
            suppressions: suppression(row).into_iter().collect(),
            properties: properties(row),
        }
    }
}

fn location<'a>(row: &Row<'a>) -> Location<'a> {
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: format!("aws/{}", row.account().id),
            },
            region: Region {
                start_line: 1,
                start_column: 1,
                end_line: 1,
                end_column: 1,
            },
        },
        logical_locations: [LogicalLocation {
            name: row.principal_name(),
            fully_qualified_name: row.principal_arn(),
            kind: row.principal_kind().name(),
        }],
    }
}

fn suppression<'a>(row: &Row<'a>) -> Option<Suppression<'a>> {
    let applied = row.waiver()?;
    Some(Suppression {
        kind: "external",
        status: "accepted",
        justification: filled(&applied.waiver.reason),
        properties: WaiverProperties {
            owner: &applied.waiver.owner,
            expires: applied.last_day.to_string(),
            ticket: applied.waiver.ticket.as_deref().and_then(filled),
        },
    })
}

fn properties<'a>(row: &Row<'a>) -> ResultProperties<'a> {
    let account = row.account();
    ResultProperties {
        severity: row.rule().severity.name(),
        account_id: account.id.as_str(),
        account_name: filled(&account.name),
        ou_path: filled(&account.ou_path),
        owner: row.owner(),
        gap_reason: row.gap().map(|it| it.reason.name()),
        grace_until: row.grace_until().map(|it| it.to_string()),
        change: row.change().map(Change::name),
        evidence_time: row.evidence_time().map(|it| it.to_string()),
    }
}
