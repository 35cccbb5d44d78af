//! The parts of an earlier report that a comparison reads. Every other key may be there, and is ignored.

use std::collections::BTreeMap;

use model::{Arn, Cell, Dataset, Timestamp};
use rules::{RunFinding, Sight, Standing, Status, Subject, SubjectKind};
use serde::{Deserialize, Deserializer, de::IgnoredAny};

use super::{named, standing};

/// A finding.
#[derive(Debug, Deserialize)]
pub(crate) struct FindingEntry {
    #[serde(deserialize_with = "status")]
    pub(crate) status: Status,
    pub(crate) rule: String,
    principal_arn: Arn,
    #[serde(deserialize_with = "kind")]
    principal_kind: SubjectKind,
    #[serde(default)]
    pub(crate) first_seen: Option<Timestamp>,
    #[serde(default)]
    pub(crate) evidence_time: Option<Timestamp>,
    /// Whoever waived it.
    #[serde(default)]
    waiver: Option<IgnoredAny>,
    /// Until when it had time.
    #[serde(default)]
    grace_until: Option<IgnoredAny>,
}

/// A failure that the report carries over from a run before.
#[derive(Debug, Deserialize)]
pub(crate) struct CarriedEntry {
    pub(crate) rule: String,
    principal_arn: Arn,
    #[serde(deserialize_with = "kind")]
    principal_kind: SubjectKind,
    #[serde(default)]
    pub(crate) first_seen: Option<Timestamp>,
    #[serde(default)]
    pub(crate) last_seen: Option<Timestamp>,
    #[serde(default, deserialize_with = "standing_named")]
    standing: Option<Standing>,
}

/// An account of the coverage ledger.
#[derive(Debug, Deserialize)]
pub(crate) struct AccountEntry {
    pub(crate) account_id: model::AccountId,
    #[serde(default)]
    pub(crate) account_name: String,
    #[serde(default)]
    pub(crate) state: String,
    #[serde(default)]
    pub(crate) datasets: Vec<CellEntry>,
}

/// How far a dataset of an account was seen.
#[derive(Debug, Deserialize)]
pub(crate) struct CellEntry {
    /// `None` for a dataset that this version does not know.
    #[serde(deserialize_with = "dataset")]
    pub(crate) dataset: Option<Dataset>,
    #[serde(deserialize_with = "cell")]
    pub(crate) coverage: Cell,
}

#[derive(Debug, Deserialize)]
pub(crate) struct OrganizationEntry {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) management_account: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RuleEntry {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) title: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct SummaryEntry {
    pub(crate) findings: StatusesEntry,
    #[serde(default)]
    pub(crate) coverage: CoverageEntry,
    #[serde(default)]
    pub(crate) gaps: Vec<GapEntry>,
    #[serde(default)]
    pub(crate) accounts_not_active: Vec<IgnoredAny>,
    #[serde(default)]
    pub(crate) oldest_evidence_time: Option<Timestamp>,
    #[serde(default)]
    pub(super) baseline: Option<BaselineEntry>,
    #[serde(default)]
    decision: String,
    #[serde(default)]
    min_coverage: Option<f64>,
}

/// How many findings there are. The counts tell whether the list is whole.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct StatusesEntry {
    #[serde(default)]
    pub(crate) pass: u64,
    pub(crate) fail: u64,
    #[serde(default)]
    pub(crate) not_applicable: u64,
    #[serde(default)]
    pub(crate) indeterminate: u64,
}

/// What was seen of what the rules need.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct CoverageEntry {
    #[serde(default)]
    pub(crate) percent: Option<f64>,
    #[serde(default)]
    percent_not_waived: Option<f64>,
    #[serde(default)]
    management_unseen: u64,
    #[serde(default)]
    management_waived: u64,
    #[serde(default)]
    pub(crate) account_list_cut: Option<String>,
    #[serde(default)]
    pub(crate) accounts: u64,
    #[serde(default)]
    pub(crate) accounts_short: u64,
}

/// The gaps of one cause.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct GapEntry {
    pub(crate) accounts: u64,
    pub(crate) findings: u64,
    pub(crate) remedy: String,
    pub(crate) command: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct BaselineEntry {
    #[serde(default)]
    pub(super) unknown: Vec<CarriedEntry>,
}

impl FindingEntry {
    pub(crate) fn subject(&self) -> Subject {
        Subject {
            kind: self.principal_kind,
            arn: self.principal_arn.clone(),
        }
    }

    pub(crate) fn finding(&self) -> RunFinding {
        RunFinding {
            rule: self.rule.clone(),
            subject: self.subject(),
            status: self.status,
            standing: self.standing(),
            first_seen: self.first_seen,
            last_seen: None,
            evidence_time: self.evidence_time,
        }
    }

    pub(crate) fn standing(&self) -> Standing {
        standing([&self.waiver, &self.grace_until])
    }
}

impl AccountEntry {
    pub(crate) fn cells(&self) -> BTreeMap<Dataset, Cell> {
        let cells = self.datasets.iter();
        cells
            .filter_map(|it| Some((it.dataset?, it.coverage)))
            .collect()
    }
}

impl SummaryEntry {
    /// Tells whether the report's run saw enough for its own gate.
    pub(super) fn sight(&self) -> Sight {
        let it = &self.coverage;
        match (self.decision.as_str(), self.min_coverage) {
            ("open", _) => Sight::Enough,
            ("incomplete", _) => Sight::TooLittle,
            // Failures come first: it does not tell what would have been decided without them.
            ("failures", Some(least)) => {
                // Where everything is waived there is nothing left of which it could be a share.
                let enough = it.percent.is_some()
                    && it.percent_not_waived.is_none_or(|it| it >= least)
                    && it.account_list_cut.is_none()
                    && it.management_unseen <= it.management_waived;
                if enough {
                    Sight::Enough
                } else {
                    Sight::TooLittle
                }
            }
            _ => Sight::Unknown,
        }
    }
}

impl CarriedEntry {
    /// Returns the failure as a comparison takes it, last seen before the report's own run at `collected_at`.
    pub(crate) fn finding(&self, collected_at: Option<Timestamp>) -> RunFinding {
        RunFinding {
            rule: self.rule.clone(),
            subject: self.subject(),
            status: Status::Fail,
            standing: self.standing(),
            first_seen: self.first_seen,
            last_seen: self.last_seen.or(collected_at),
            evidence_time: None,
        }
    }

    pub(crate) fn subject(&self) -> Subject {
        Subject {
            kind: self.principal_kind,
            arn: self.principal_arn.clone(),
        }
    }

    pub(crate) fn standing(&self) -> Standing {
        self.standing.unwrap_or(Standing::Held)
    }
}

impl StatusesEntry {
    pub(crate) const fn all(&self) -> u64 {
        let judged = self.pass.saturating_add(self.fail);
        judged
            .saturating_add(self.not_applicable)
            .saturating_add(self.indeterminate)
    }
}

pub(crate) fn status<'de, D: Deserializer<'de>>(it: D) -> Result<Status, D::Error> {
    named(it, &Status::ALL, Status::name)
}

pub(crate) fn kind<'de, D: Deserializer<'de>>(it: D) -> Result<SubjectKind, D::Error> {
    named(it, &SubjectKind::ALL, SubjectKind::name)
}

fn cell<'de, D: Deserializer<'de>>(it: D) -> Result<Cell, D::Error> {
    named(it, &Cell::ALL, Cell::name)
}

fn standing_named<'de, D: Deserializer<'de>>(it: D) -> Result<Option<Standing>, D::Error> {
    named(it, &Standing::ALL, Standing::name).map(Some)
}

fn dataset<'de, D: Deserializer<'de>>(it: D) -> Result<Option<Dataset>, D::Error> {
    let name = String::deserialize(it)?;
    Ok(Dataset::ALL.iter().copied().find(|it| it.name() == name))
}
