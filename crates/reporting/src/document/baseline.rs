//! What changed since the baseline, in JSON.

use rules::{ChangeCounts, Changes, Fate, Past, Standing, SubjectKind};
use schemars::JsonSchema;
use serde::Serialize;

use super::names;

/// What changed since the baseline.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Baseline")]
pub(super) struct BaselineDocument<'a> {
    /// When the baseline's run began; `null` if it does not tell.
    #[schemars(extend("format" = "date-time"))]
    collected_at: Option<String>,
    /// How many failures there are of each class.
    counts: ChangeCountsDocument,
    /// The rules of this run that the baseline did not evaluate.
    new_rules: &'a [&'static str],
    /// Failures of the baseline that are fixed.
    fixed: Vec<PastDocument<'a>>,
    /// Failures of the baseline of which this run does not tell what became. A report carries them over, so that they
    /// are known, and as old as they are, when they are seen again.
    unknown: Vec<PastDocument<'a>>,
}

/// How many failures there are of each class.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ChangeCounts")]
pub(crate) struct ChangeCountsDocument {
    /// Failures that the baseline did not have.
    new: u64,
    /// Failures that it had, too.
    known: u64,
    /// Failures that it had, which a waiver or a time of grace excused there and does no more.
    lapsed: u64,
    /// Failures of rules that it did not evaluate.
    new_rule: u64,
    /// Failures of the baseline that were seen to be none any more.
    fixed: u64,
    /// Failures of the baseline of which this run does not tell what became.
    unknown: u64,
}

/// A failure of the baseline that is no failure of this run.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "PastFailure")]
pub(crate) struct PastDocument<'a> {
    /// What became of it. `unknown`: it was not seen, which is not to say that it is fixed.
    #[schemars(extend("enum" = ["fixed", "unknown"]))]
    change: &'static str,
    /// The rule's identifier.
    rule: &'a str,
    /// The account's identifier.
    account_id: &'a str,
    /// The ARN of what was judged.
    principal_arn: &'a str,
    /// The kind of what was judged.
    #[schemars(extend("enum" = names(&SubjectKind::ALL, SubjectKind::name)))]
    principal_kind: &'static str,
    /// Why it is fixed, or not known.
    #[schemars(extend("enum" = names(&Fate::ALL, Fate::reason)))]
    reason: &'static str,
    /// When the earliest run known to have had the failure began.
    #[schemars(extend("format" = "date-time"))]
    first_seen: Option<String>,
    /// When the last run that had it began.
    #[schemars(extend("format" = "date-time"))]
    last_seen: Option<String>,
    /// Whether it was held against that run, or a waiver or a time of grace excused it.
    #[schemars(extend("enum" = names(&Standing::ALL, Standing::name)))]
    standing: &'static str,
}

impl<'a> BaselineDocument<'a> {
    pub(super) fn of(changes: &'a Changes) -> Self {
        let all = |list: &'a [Past]| list.iter().map(PastDocument::of).collect();
        Self {
            collected_at: changes.since.map(|it| it.to_string()),
            counts: ChangeCountsDocument::of(changes.counts),
            new_rules: &changes.new_rules,
            fixed: all(&changes.fixed),
            unknown: all(&changes.unknown),
        }
    }
}

impl ChangeCountsDocument {
    pub(crate) const fn of(it: ChangeCounts) -> Self {
        Self {
            new: it.new,
            known: it.known,
            lapsed: it.lapsed,
            new_rule: it.new_rule,
            fixed: it.fixed,
            unknown: it.unknown,
        }
    }
}

impl<'a> PastDocument<'a> {
    pub(crate) fn of(it: &'a Past) -> Self {
        Self {
            change: it.fate.class(),
            rule: &it.rule,
            account_id: it.subject.arn.account(),
            principal_arn: it.subject.arn.as_str(),
            principal_kind: it.subject.kind.name(),
            reason: it.fate.reason(),
            first_seen: it.first_seen.map(|it| it.to_string()),
            last_seen: it.last_seen.map(|it| it.to_string()),
            standing: it.standing.name(),
        }
    }
}
