//! The coverage ledger: account × dataset, how far it was seen, and what kept it from being seen.

use std::collections::BTreeMap;

use model::{
    Account, Cell, Dataset, DenyingPolicy, Gap, GapId, GapReason, Record, Scope, cell, each_gap,
};
use rules::CoverageWaiver;

use crate::Summary;

/// The part of the coverage ledger that one account fills.
#[derive(Debug)]
pub struct AccountLedger<'a> {
    /// The account.
    pub(crate) account: &'a Account,
    /// A cell for each dataset that a selected rule needs; none for an account that is not audited.
    pub(crate) cells: Vec<LedgerCell<'a>>,
    /// The waiver that covers the account, if it was not fully seen.
    pub(crate) waiver: Option<&'a CoverageWaiver>,
}

/// A cell of the coverage ledger.
#[derive(Debug)]
pub(crate) struct LedgerCell<'a> {
    pub(crate) dataset: Dataset,
    pub(crate) coverage: Cell,
    /// What kept its facts from being seen: most facts first.
    pub(crate) causes: Vec<Missing<'a>>,
    /// The waiver, if one covers the account and the cell was not fully seen.
    pub(crate) waiver: Option<&'a CoverageWaiver>,
}

/// What kept facts of a cell from being seen.
#[derive(Debug)]
pub(crate) struct Missing<'a> {
    /// The first of the gaps that share reason, operation and policy.
    pub(crate) gap: &'a Gap,
    /// How many facts, or ends of lists, are missing for it.
    pub(crate) facts: u64,
}

impl Summary {
    /// Returns the part of the ledger that the account of `record` fills.
    pub fn ledger<'a>(&'a self, record: &'a Record) -> AccountLedger<'a> {
        let datasets = match record.account.scope {
            Scope::Audited => self.totals.coverage.cells.keys().copied().collect(),
            Scope::NotActive => Vec::new(),
        };
        let covering = self.totals.waivers.covering(&record.account);
        let cells: Vec<_> = datasets
            .into_iter()
            .map(|it| LedgerCell::of(record, it, covering))
            .collect();
        AccountLedger {
            account: &record.account,
            waiver: cells.iter().find_map(|it| it.waiver),
            cells,
        }
    }
}

impl<'a> LedgerCell<'a> {
    fn of(record: &'a Record, dataset: Dataset, covering: Option<&'a CoverageWaiver>) -> Self {
        let coverage = cell(record, dataset);
        let waiver = match coverage {
            Cell::Seen | Cell::NotVisible => None,
            Cell::Partly | Cell::NotSeen => covering,
        };
        Self {
            dataset,
            coverage,
            causes: causes(record, dataset),
            waiver,
        }
    }
}

/// What one remedy closes: AWS's words differ with each user, so that they tell no cause from another.
type Shared<'a> = (GapReason, &'a str, Option<&'a DenyingPolicy>);

fn causes(record: &Record, dataset: Dataset) -> Vec<Missing<'_>> {
    let mut facts: BTreeMap<GapId, u64> = BTreeMap::new();
    each_gap(record, dataset, |it| *facts.entry(it).or_default() += 1);
    let mut causes: BTreeMap<Shared<'_>, Missing<'_>> = BTreeMap::new();
    for (id, facts) in facts {
        let Some(gap) = record.gap(id) else { continue };
        let shared = (gap.reason, gap.operation.as_str(), gap.policy.as_ref());
        let missing = causes.entry(shared).or_insert(Missing { gap, facts: 0 });
        missing.facts += facts;
    }
    let mut causes: Vec<_> = causes.into_values().collect();
    causes.sort_by_key(|it| std::cmp::Reverse(it.facts));
    causes
}

#[cfg(test)]
mod tests {
    use model::{Cell, Dataset, Fact, Gap, GapReason};

    use crate::{sample, tally::tests::summary};

    #[test]
    fn a_cell_tells_every_cause_once_and_the_commonest_first() {
        let sample = sample::mixed();
        let summary = summary(&sample);
        let mut record = sample.records[1].clone();
        let refused = |record: &mut model::Record, user: &str| {
            record.missing(Gap {
                operation: "ListMFADevices".into(),
                detail: format!("not authorized on {user}"),
                ..Gap::new(Dataset::MfaStatus, GapReason::AccessDenied)
            })
        };
        let throttled = record.missing(Gap::new(Dataset::MfaStatus, GapReason::Throttled));
        record.iam_users.items[0].mfa = Fact::Unknown(throttled);
        for index in [1, 2] {
            let gap = refused(&mut record, &format!("user {index}"));
            record.iam_users.items[index].mfa = Fact::Unknown(gap);
        }
        let ledger = summary.ledger(&record);
        let cell = ledger
            .cells
            .iter()
            .find(|it| it.dataset == Dataset::MfaStatus)
            .unwrap();
        assert_eq!(cell.coverage, Cell::Partly);
        let told: Vec<_> = cell
            .causes
            .iter()
            .map(|it| (it.gap.reason, it.facts))
            .collect();
        assert_eq!(
            told,
            [(GapReason::AccessDenied, 2), (GapReason::Throttled, 1)]
        );
        assert_eq!(cell.causes[0].gap.detail, "not authorized on user 1");
    }

    #[test]
    fn the_ledger_adds_up_to_the_coverage() {
        for sample in [sample::mixed(), sample::large(), sample::waived()] {
            let summary = summary(&sample);
            for (dataset, counts) in &summary.totals.coverage.cells {
                let cells = sample
                    .records
                    .iter()
                    .flat_map(|it| summary.ledger(it).cells);
                let of_dataset: Vec<_> = cells.filter(|it| it.dataset == *dataset).collect();
                let count = |coverage| {
                    of_dataset
                        .iter()
                        .filter(|it| it.coverage == coverage)
                        .count() as u64
                };
                let counted = [
                    counts.seen,
                    counts.not_visible,
                    counts.partly,
                    counts.not_seen,
                ];
                assert_eq!(Cell::ALL.map(count), counted, "{dataset}");
                let waived = of_dataset.iter().filter(|it| it.waiver.is_some()).count() as u64;
                assert_eq!(waived, counts.waived, "{dataset}");
            }
        }
    }

    #[test]
    fn what_was_seen_has_no_cause_and_what_was_not_has_one() {
        let sample = sample::mixed();
        let summary = summary(&sample);
        for cell in sample
            .records
            .iter()
            .flat_map(|it| summary.ledger(it).cells)
        {
            assert_eq!(
                cell.coverage == Cell::Seen,
                cell.causes.is_empty(),
                "{cell:?}"
            );
        }
    }
}
