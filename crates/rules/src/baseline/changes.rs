//! What changed since a baseline, as it is counted.

use std::collections::BTreeMap;

use model::{AccountId, Record, Timestamp};

use super::{Change, CoverageLost, Fate, NewRules, Past};
use crate::{Finding, Severity, Sight, Subject};

/// What changed since the baseline.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// When the baseline was collected.
    pub since: Option<Timestamp>,
    /// How many failures there are of each class.
    pub counts: ChangeCounts,
    /// How many of those that are not known there are of each severity.
    pub severities: BTreeMap<Severity, u64>,
    /// The worst few failures of each class: the most severe first, and those of a severity in account order.
    pub examples: Vec<Failing>,
    /// What is fixed, in account order.
    pub fixed: Vec<Past>,
    /// What became of these nobody knows; in account order.
    pub unknown: Vec<Past>,
    /// The rules of this run that the baseline did not evaluate.
    pub new_rules: Vec<&'static str>,
    /// What the baseline saw and this run does not; `None` if the baseline does not tell what it saw.
    pub coverage_lost: Option<CoverageLost>,
    /// Whether the list of accounts was not read to its end, and the baseline's was.
    pub list_cut: bool,
    /// Whether the baseline saw enough for its gate.
    pub sight_before: Sight,
}

/// How many failures there are of each class.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ChangeCounts {
    /// Failures that are new.
    pub new: u64,
    /// Failures that are known.
    pub known: u64,
    /// Failures whose waiver or time of grace ended.
    pub lapsed: u64,
    /// Failures of rules that the baseline did not evaluate.
    pub new_rule: u64,
    /// Failures of the baseline that are fixed.
    pub fixed: u64,
    /// Failures of the baseline of which nobody knows what became.
    pub unknown: u64,
}

/// A failure of this run.
#[derive(Clone, Debug)]
pub struct Failing {
    /// How it stands to the baseline.
    pub change: Change,
    /// The rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What fails.
    pub subject: Subject,
    /// The account's identifier.
    pub account: AccountId,
    /// The account's name.
    pub account_name: String,
    /// Why it fails.
    pub reason: String,
    /// The earliest run known to have had it.
    pub first_seen: Option<Timestamp>,
}

impl ChangeCounts {
    /// Counts a failure of this run.
    pub const fn add(&mut self, change: Change) {
        let count = match change {
            Change::New => &mut self.new,
            Change::Known => &mut self.known,
            Change::Lapsed => &mut self.lapsed,
            Change::NewRule(_) => &mut self.new_rule,
        };
        *count += 1;
    }

    /// Counts a failure of the baseline that is none of this run.
    pub const fn add_past(&mut self, fate: Fate) {
        let count = if fate.is_fixed() {
            &mut self.fixed
        } else {
            &mut self.unknown
        };
        *count += 1;
    }
}

impl Changes {
    /// How many of each kind are named.
    pub const EXAMPLES: usize = 5;

    /// Returns how many failures of rules that the baseline did not evaluate are held against nobody.
    pub fn listed(&self) -> u64 {
        let is_listed = |it: &Failing| it.change == Change::NewRule(NewRules::Listed);
        if self.examples.iter().any(is_listed) {
            self.counts.new_rule
        } else {
            0
        }
    }

    pub(super) fn add(&mut self, change: Change, record: &Record, finding: &Finding) {
        self.counts.add(change);
        let severity = finding.rule.severity;
        if change != Change::Known {
            *self.severities.entry(severity).or_default() += 1;
        }
        let alike = self.examples.iter().filter(|it| it.change == change);
        if alike.count() == Self::EXAMPLES {
            // The last of them is the least severe, and of those the latest.
            let last = self
                .examples
                .iter()
                .rposition(|it| it.change == change && it.severity < severity);
            let Some(last) = last else {
                return;
            };
            self.examples.remove(last);
        }
        let place = self.examples.partition_point(|it| it.severity >= severity);
        let failing = Failing {
            change,
            rule: finding.rule.id,
            severity,
            subject: finding.subject.clone(),
            account: record.account.id.clone(),
            account_name: record.account.name.clone(),
            reason: finding.reason.clone().into_owned(),
            first_seen: finding.first_seen,
        };
        self.examples.insert(place, failing);
    }

    pub(super) fn past(&mut self, past: Past) {
        self.counts.add_past(past.fate);
        if past.fate.is_fixed() {
            self.fixed.push(past);
        } else {
            self.unknown.push(past);
        }
    }
}
