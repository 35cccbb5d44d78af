//! Gaps by their cause, so that one line tells what closes them.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use model::{
    AccountKind, Cell, Dataset, DenyingPolicy, Gap, GapId, GapReason, PolicyKind, Record, cell,
    each_gap,
};
use rules::Finding;

use crate::{
    Owners,
    summary::{AccountName, Cause, GapGroup, OwnerShares, Place},
};

/// How many causes are told apart. Reasons are few; this bounds policies that each account names differently.
pub(super) const CAUSES: usize = 64;
/// How many accounts are named for each cause.
const EXAMPLES: usize = 3;
/// How many organizational units are named for each cause.
const OUS: usize = 4;
/// How many operations are named for each cause.
const OPERATIONS: usize = 12;

/// Gaps by their cause, so that one line tells what closes them.
#[derive(Debug, Default)]
pub(super) struct GapTally {
    groups: BTreeMap<Cause, GapGroup>,
}

impl GapTally {
    /// Counts the gaps that a finding rests on or that leave a needed dataset short.
    pub(super) fn add(
        &mut self,
        account: &AccountName,
        record: &Record,
        findings: &[Finding],
        needed: &[Dataset],
        owners: &Owners,
    ) {
        let mut gaps: BTreeMap<GapId, u64> = BTreeMap::new();
        for gap in findings.iter().filter_map(|it| it.gap) {
            *gaps.entry(gap).or_default() += 1;
        }
        for dataset in needed {
            match cell(record, *dataset) {
                Cell::Seen | Cell::NotVisible => {}
                Cell::Partly | Cell::NotSeen => each_gap(record, *dataset, |it| {
                    gaps.entry(it).or_default();
                }),
            }
        }
        let mut causes = BTreeSet::new();
        for (id, findings) in gaps {
            let Some(gap) = record.gap(id) else { continue };
            if gap.reason == GapReason::NotVisible && findings == 0 {
                continue;
            }
            let cause = self.told_apart(Cause::of(record, gap));
            let group = self
                .groups
                .entry(cause.clone())
                .or_insert_with(|| GapGroup::new(cause.clone()));
            group.add(gap, findings);
            if causes.insert(cause) {
                group.add_account(account, &record.account.ou_path);
                if owners.are_wanted() {
                    let owner = owners.of_whole_account(record).map(Into::into);
                    *group.owners.entry(owner).or_default() += 1;
                }
            }
        }
    }

    /// Returns the groups: the management account first, then most accounts first.
    pub(super) fn finish(self) -> Vec<GapGroup> {
        let mut groups: Vec<_> = self.groups.into_values().collect();
        groups.sort_by_key(|it| (it.cause.place, Reverse(it.accounts)));
        groups
    }

    fn told_apart(&self, cause: Cause) -> Cause {
        if self.groups.len() < CAUSES || self.groups.contains_key(&cause) {
            return cause;
        }
        Cause {
            policy: cause.policy.map(|(kind, _)| (kind, None)),
            ..cause
        }
    }
}

impl Cause {
    pub(crate) fn of(record: &Record, gap: &Gap) -> Self {
        Self {
            place: match record.account.kind {
                AccountKind::Management => Place::Management,
                AccountKind::Member | AccountKind::Standalone | AccountKind::Unstated => {
                    Place::Other
                }
            },
            reason: gap.reason,
            policy: gap.policy.as_ref().map(|it| (it.kind, name(it))),
        }
    }
}

/// Returns a policy's name without its account, so that accounts made from one template share it.
fn name(policy: &DenyingPolicy) -> Option<String> {
    let arn = policy.arn.as_deref()?;
    Some(match policy.kind {
        // `arn:aws:organizations::111122223333:policy/o-…/service_control_policy/p-…`
        PolicyKind::ServiceControl | PolicyKind::ResourceControl => {
            arn.rsplit('/').next().unwrap_or(arn).to_owned()
        }
        PolicyKind::Identity
        | PolicyKind::PermissionsBoundary
        | PolicyKind::Session
        | PolicyKind::Resource
        | PolicyKind::Trust => {
            let resource = arn.splitn(6, ':').nth(5).unwrap_or(arn);
            resource
                .strip_prefix("policy/")
                .unwrap_or(resource)
                .to_owned()
        }
    })
}

impl GapGroup {
    /// Returns one gap, of which one finding has no verdict, as a group.
    pub(crate) fn of(record: &Record, gap: &Gap) -> Self {
        let mut group = Self::new(Cause::of(record, gap));
        group.add(gap, 1);
        group.add_account(&AccountName::of(&record.account), &record.account.ou_path);
        group
    }

    const fn new(cause: Cause) -> Self {
        Self {
            cause,
            accounts: 0,
            findings: 0,
            datasets: BTreeSet::new(),
            operations: BTreeSet::new(),
            examples: Vec::new(),
            ous: BTreeSet::new(),
            detail: String::new(),
            owners: OwnerShares::new(),
        }
    }

    fn add(&mut self, gap: &Gap, findings: u64) {
        self.findings += findings;
        self.datasets.insert(gap.dataset);
        if !gap.operation.is_empty() && self.operations.len() < OPERATIONS {
            self.operations.insert(gap.operation.clone());
        }
        if self.detail.is_empty() {
            self.detail.clone_from(&gap.detail);
        }
    }

    fn add_account(&mut self, account: &AccountName, ou_path: &str) {
        self.accounts += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(account.clone());
        }
        if self.ous.len() < OUS {
            self.ous.insert(ou_path.to_owned());
        }
    }
}
