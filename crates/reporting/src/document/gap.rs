//! The gaps of one cause, in JSON.

use model::{Dataset, snapshot::Header};
use schemars::JsonSchema;
use serde::Serialize;

use super::{account::AccountDocument, coverage::dataset, names};
use crate::summary::{GapGroup, Place};

/// The gaps of one cause.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Gap")]
pub(super) struct GapDocument<'a> {
    /// Why nothing was seen.
    reason: &'static str,
    /// Where.
    #[schemars(extend("enum" = names(&[Place::Management, Place::Other], place)))]
    place: &'static str,
    /// The policy that denies.
    policy: Option<PolicyDocument<'a>>,
    /// The AWS operations that would have told, or the first few of them.
    operations: Vec<&'a str>,
    /// The kinds of fact that are missing.
    #[schemars(extend("items" = serde_json::json!({ "type": "string", "enum": names(Dataset::ALL, dataset) })))]
    datasets: Vec<&'static str>,
    /// The accounts concerned.
    accounts: u64,
    /// The findings that have no verdict for it.
    findings: u64,
    /// The first few of the accounts.
    examples: Vec<AccountDocument<'a>>,
    /// The organizational units of the accounts, or the first few of them.
    ou_paths: Vec<&'a str>,
    /// AWS's own words, from the first gap that has any.
    detail: &'a str,
    /// What to do.
    remedy: String,
    /// The command that helps.
    command: Option<String>,
}

/// A policy that denies.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Policy")]
struct PolicyDocument<'a> {
    /// The kind, in words.
    kind: String,
    /// Its name or identifier, where AWS tells it.
    name: Option<&'a str>,
}

impl<'a> GapDocument<'a> {
    pub(super) fn of(group: &'a GapGroup, header: &Header) -> Self {
        let remedy = group.remedy(header);
        let policy = group.cause.policy.as_ref();
        Self {
            reason: group.cause.reason.name(),
            place: place(group.cause.place),
            policy: policy.map(|(kind, name)| PolicyDocument {
                kind: kind.to_string(),
                name: name.as_deref(),
            }),
            operations: group.operations.iter().map(String::as_str).collect(),
            datasets: group.datasets.iter().map(|it| dataset(*it)).collect(),
            accounts: group.accounts,
            findings: group.findings,
            examples: group.examples.iter().map(AccountDocument::of).collect(),
            ou_paths: group.ous.iter().map(String::as_str).collect(),
            detail: &group.detail,
            remedy: remedy.text,
            command: remedy.command,
        }
    }
}

const fn place(place: Place) -> &'static str {
    match place {
        Place::Management => "management-account",
        Place::Other => "other-accounts",
    }
}
