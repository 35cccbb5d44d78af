//! Two runs against each other, in JSON: the document, and its schema.

use model::{Dataset, Timestamp};
use rules::{
    Absence, Change, CoverageChange, Diff, DiffAccount, DiffFailure, RunHead, SubjectKind,
};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;

use super::{
    baseline::{ChangeCountsDocument, PastDocument},
    dataset, names,
};

/// Two runs against each other.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Diff")]
pub(crate) struct DiffDocument<'a> {
    /// Always `mfaudit-diff`.
    #[schemars(extend("const" = "mfaudit-diff"))]
    schema: &'static str,
    /// The version of the document's form. Keys may be added within a version.
    #[schemars(extend("const" = 1))]
    version: u32,
    /// The earlier run.
    before: RunDocument<'a>,
    /// The later run.
    after: RunDocument<'a>,
    /// How many failures there are of each class.
    counts: ChangeCountsDocument,
    /// The failures of the later run that the earlier one does not know.
    failures: Vec<FailureDocument<'a>>,
    /// The failures of the earlier run that are fixed.
    fixed: Vec<PastDocument<'a>>,
    /// The failures of the earlier run of which the later one does not tell what became.
    unknown: Vec<PastDocument<'a>>,
    /// The rules that only one of them evaluated.
    rules: OnlyDocument<'a>,
    /// The accounts of which more was seen than before, or less.
    coverage: Vec<CoverageDocument<'a>>,
    /// The accounts that only the later run lists.
    accounts_appeared: Vec<AccountDocument<'a>>,
    /// The accounts that only the earlier run lists.
    accounts_disappeared: Vec<AbsentDocument<'a>>,
    /// The ARNs of the users that only the later run has. Told of accounts whose users both runs listed whole.
    users_appeared: Vec<&'a str>,
    /// The ARNs of the users that only the earlier run has, likewise.
    users_disappeared: Vec<&'a str>,
}

/// A run.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Run")]
struct RunDocument<'a> {
    /// When it began; `null` if it does not tell.
    #[schemars(extend("format" = "date-time"))]
    collected_at: Option<String>,
    /// The organization's identifier; `null` for an account that belongs to none, and for saved evidence.
    organization: Option<&'a str>,
}

/// A failure of the later run that the earlier one does not know.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "DiffFailure")]
struct FailureDocument<'a> {
    /// How it stands to the earlier run. `lapsed`: a waiver or a time of grace excused it there, and does no more.
    /// `new-rule`: the earlier run did not evaluate the rule.
    #[schemars(extend("enum" = ["new", "lapsed", "new-rule"]))]
    change: &'static str,
    /// The rule's identifier.
    rule: &'a str,
    /// The account's identifier.
    account_id: &'a str,
    /// The account's name; empty where none is known.
    account_name: &'a str,
    /// The ARN of what fails.
    principal_arn: &'a str,
    /// The kind of what fails.
    #[schemars(extend("enum" = names(&SubjectKind::ALL, SubjectKind::name)))]
    principal_kind: &'static str,
    /// When the earliest run known to have had it began.
    #[schemars(extend("format" = "date-time"))]
    first_seen: Option<String>,
}

/// Rules that only one run evaluated.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "RulesOfOne")]
struct OnlyDocument<'a> {
    /// The earlier one.
    only_before: &'a [String],
    /// The later one.
    only_after: &'a [String],
}

/// An account of which more was seen than before, or less.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "CoverageChange")]
struct CoverageDocument<'a> {
    account_id: &'a str,
    account_name: &'a str,
    /// The kinds of fact of which less was seen.
    lost: Vec<&'static str>,
    /// The kinds of fact of which more was seen.
    gained: Vec<&'static str>,
}

/// An account.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "DiffAccount")]
struct AccountDocument<'a> {
    account_id: &'a str,
    account_name: &'a str,
}

/// An account that the later run does not list.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "AbsentAccount")]
struct AbsentDocument<'a> {
    account_id: &'a str,
    account_name: &'a str,
    /// What the later run knows of it. `gone`: it is not in the organization any more, of which every account was listed.
    #[schemars(extend("enum" = names(&Absence::ALL, Absence::name)))]
    reason: &'static str,
}

/// Returns the JSON Schema of what `mfaudit diff --format json` writes.
pub fn diff_schema() -> serde_json::Value {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    generator
        .into_root_schema_for::<DiffDocument<'_>>()
        .to_value()
}

impl<'a> DiffDocument<'a> {
    pub(crate) fn of(diff: &'a Diff) -> Self {
        Self {
            schema: "mfaudit-diff",
            version: 1,
            before: RunDocument::of(&diff.before),
            after: RunDocument::of(&diff.after),
            counts: ChangeCountsDocument::of(diff.counts),
            failures: diff.failing.iter().map(FailureDocument::of).collect(),
            fixed: diff.fixed.iter().map(PastDocument::of).collect(),
            unknown: diff.unknown.iter().map(PastDocument::of).collect(),
            rules: OnlyDocument {
                only_before: &diff.rules_before,
                only_after: &diff.rules_after,
            },
            coverage: diff.coverage.iter().map(CoverageDocument::of).collect(),
            accounts_appeared: diff.appeared.iter().map(AccountDocument::of).collect(),
            accounts_disappeared: (diff.disappeared.iter())
                .map(|(account, absence)| AbsentDocument {
                    account_id: account.id.as_str(),
                    account_name: &account.name,
                    reason: absence.name(),
                })
                .collect(),
            users_appeared: diff.users_appeared.iter().map(model::Arn::as_str).collect(),
            users_disappeared: (diff.users_disappeared.iter())
                .map(model::Arn::as_str)
                .collect(),
        }
    }
}

impl<'a> RunDocument<'a> {
    fn of(it: &'a RunHead) -> Self {
        Self {
            collected_at: it.collected_at.as_ref().map(Timestamp::to_string),
            organization: it.organization.as_deref(),
        }
    }
}

impl<'a> FailureDocument<'a> {
    fn of(it: &'a DiffFailure) -> Self {
        Self {
            change: Change::name(it.change),
            rule: &it.rule,
            account_id: it.account.id.as_str(),
            account_name: &it.account.name,
            principal_arn: it.subject.arn.as_str(),
            principal_kind: it.subject.kind.name(),
            first_seen: it.first_seen.as_ref().map(Timestamp::to_string),
        }
    }
}

impl<'a> CoverageDocument<'a> {
    fn of(it: &'a CoverageChange) -> Self {
        let names = |all: &[Dataset]| all.iter().map(|it| dataset(*it)).collect();
        Self {
            account_id: it.account.id.as_str(),
            account_name: &it.account.name,
            lost: names(&it.lost),
            gained: names(&it.gained),
        }
    }
}

impl<'a> AccountDocument<'a> {
    fn of(it: &'a DiffAccount) -> Self {
        Self {
            account_id: it.id.as_str(),
            account_name: &it.name,
        }
    }
}
