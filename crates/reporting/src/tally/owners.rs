//! Failures and gaps by who answers for them.

use std::collections::{BTreeMap, BTreeSet};

use model::Record;
use rules::{Finding, Status};

use crate::{Owners, summary::OwnerCounts};

/// Failures and gaps by who answers for them. There are no more owners than somebody has named.
#[derive(Debug, Default)]
pub(super) struct OwnerTally {
    pub(super) owners: Owners,
    counts: BTreeMap<Option<Box<str>>, OwnerCounts>,
}

impl OwnerTally {
    pub(super) fn new(owners: Owners) -> Self {
        Self {
            owners,
            counts: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, record: &Record, findings: &[Finding]) {
        if !self.owners.are_wanted() {
            return;
        }
        let mut seen = BTreeSet::new();
        for finding in findings {
            let owner = self.owners.of(record, &finding.subject);
            let new = || OwnerCounts {
                owner: owner.map(str::to_owned),
                ..OwnerCounts::default()
            };
            let counts = self.counts.entry(owner.map(Into::into)).or_insert_with(new);
            match finding.status {
                Status::Fail => counts.failures += 1,
                Status::Indeterminate => counts.indeterminate += 1,
                Status::Pass | Status::NotApplicable => {}
            }
            counts.accounts += u64::from(seen.insert(owner));
        }
    }

    /// Returns the counts, most failures first; `None` if nobody asked.
    pub(super) fn finish(self) -> Option<Vec<OwnerCounts>> {
        if !self.owners.are_wanted() {
            return None;
        }
        let mut counts: Vec<_> = self.counts.into_values().collect();
        counts.sort_by_key(|it| std::cmp::Reverse((it.failures, it.indeterminate)));
        Some(counts)
    }
}
