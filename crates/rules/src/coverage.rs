//! How much was seen of what the rules need.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use model::{AccountKind, Cell, Dataset, Record, cell, snapshot::IdentityCenter};
use serde::Serialize;

use crate::CoverageWaiver;

/// What was seen of what had to be: account in scope × dataset that a selected rule needs.
///
/// A waiver changes nothing of what was seen: what it covers is counted where it belongs, and counted again as
/// waived, so that a gate can leave it out.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Coverage {
    /// The cells of each dataset.
    pub cells: BTreeMap<Dataset, CellCounts>,
    /// Whether the organization uses Identity Center, which is a fact of the run and not of an account.
    pub identity_center: IdentityCenter,
    /// The accounts in scope.
    pub accounts: u64,
    /// The accounts in scope of which a cell was not fully seen, what no call can show aside.
    pub accounts_short: u64,
    /// Of those, the accounts that a waiver covers.
    pub accounts_waived: u64,
    /// Management accounts in scope of which a whole dataset was not seen.
    pub management_unseen: u64,
    /// Of those, the accounts that a waiver covers.
    pub management_waived: u64,
}

/// How many accounts have one dataset seen, partly seen, and so on.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct CellCounts {
    /// Accounts where every fact was seen.
    pub seen: u64,
    /// Accounts where only what no call of the chosen mode can show is missing.
    pub not_visible: u64,
    /// Accounts where some facts are missing.
    pub partly: u64,
    /// Accounts where every fact is missing.
    pub not_seen: u64,
    /// Of the accounts where some or all are, those that a waiver covers.
    pub waived: u64,
}

/// Whether an account was seen in full.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Completeness {
    /// Every cell was, what no call can show aside.
    Full,
    /// A cell was not.
    Short,
}

/// Whether what no call of the chosen mode can show counts against coverage.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Strictness {
    /// Only what could have been seen counts.
    Visible,
    /// Everything counts.
    Strict,
}

impl CellCounts {
    /// Returns (accounts where the dataset was seen, accounts in all). What no call can show counts as seen unless
    /// `strict`.
    pub const fn seen_of_all(&self, strict: Strictness) -> (u64, u64) {
        let seen = match strict {
            Strictness::Visible => self.seen + self.not_visible,
            Strictness::Strict => self.seen,
        };
        let all = self.seen + self.not_visible + self.partly + self.not_seen;
        (seen, all)
    }
}

impl Coverage {
    /// Returns the coverage of no account yet.
    pub fn of(datasets: BTreeSet<Dataset>) -> Self {
        let cells = datasets.into_iter().map(|it| (it, CellCounts::default()));
        Self {
            cells: cells.collect(),
            ..Self::default()
        }
    }

    /// Counts an audited account, with the waiver that covers it.
    pub fn add(&mut self, record: &Record, waiver: Option<&CoverageWaiver>) -> Completeness {
        self.accounts += 1;
        let covered = u64::from(waiver.is_some());
        let (mut short, mut unseen) = (0, 0);
        for (dataset, counts) in &mut self.cells {
            let told_by_run = *dataset == Dataset::IdentityCenter;
            let seen = match self.identity_center {
                IdentityCenter::NotSeen if told_by_run => Cell::NotSeen,
                IdentityCenter::NotSeen | IdentityCenter::InUse | IdentityCenter::NotInUse => {
                    cell(record, *dataset)
                }
            };
            match seen {
                Cell::Seen => counts.seen += 1,
                Cell::NotVisible => counts.not_visible += 1,
                Cell::Partly => {
                    counts.partly += 1;
                    counts.waived += covered;
                    short = 1;
                }
                Cell::NotSeen => {
                    counts.not_seen += 1;
                    counts.waived += covered;
                    (short, unseen) = (1, 1);
                }
            }
        }
        self.accounts_short += short;
        self.accounts_waived += short * covered;
        if record.account.kind == AccountKind::Management {
            self.management_unseen += unseen;
            self.management_waived += unseen * covered;
        }
        if short == 0 {
            Completeness::Full
        } else {
            Completeness::Short
        }
    }

    /// Returns (cells seen, cells in all), whatever is waived. What no call can show counts as seen unless `strict`.
    pub fn seen_of_all(&self, strict: Strictness) -> (u64, u64) {
        let cells = self.cells.values().map(|it| it.seen_of_all(strict));
        cells.fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1))
    }

    /// Returns (cells seen, cells in all but those a waiver covers): what a gate decides on.
    pub fn seen_of_held(&self, strict: Strictness) -> (u64, u64) {
        let (seen, all) = self.seen_of_all(strict);
        let waived: u64 = self.cells.values().map(|it| it.waived).sum();
        (seen, all.saturating_sub(waived))
    }
}
