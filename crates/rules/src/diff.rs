//! Two runs against each other: what fails and no longer fails, what was seen and no longer is, who came and went.

mod run;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use model::{AccountId, Arn, Cell, Dataset, Timestamp};

use self::run::{Listed, RunAccount};
pub use self::run::{Run, RunFinding};
use crate::{
    Change, ChangeCounts, NewRules, Past, RunHead, Subject, SubjectKind,
    baseline::{AccountNow, SubjectNow, change_of, fate, name},
};

/// What differs between two runs.
#[derive(Clone, Debug, Default)]
pub struct Diff {
    /// The earlier run.
    pub before: RunHead,
    /// The later run.
    pub after: RunHead,
    /// How many failures there are of each class.
    pub counts: ChangeCounts,
    /// The failures of the later run that the earlier one does not know, in account order.
    pub failing: Vec<DiffFailure>,
    /// The failures of the earlier run that are fixed, in account order.
    pub fixed: Vec<Past>,
    /// The failures of the earlier run of which the later one does not tell what became, in account order.
    pub unknown: Vec<Past>,
    /// The rules that only the earlier run evaluated.
    pub rules_before: Vec<String>,
    /// The rules that only the later run evaluated.
    pub rules_after: Vec<String>,
    /// The accounts that only the later run lists.
    pub appeared: Vec<DiffAccount>,
    /// The accounts that only the earlier run lists, with what the later one knows of them.
    pub disappeared: Vec<(DiffAccount, Absence)>,
    /// The users that only the later run has, in accounts whose users both runs listed whole.
    pub users_appeared: Vec<Arn>,
    /// The users that only the earlier run has, likewise.
    pub users_disappeared: Vec<Arn>,
    /// The accounts of which more was seen, or less.
    pub coverage: Vec<CoverageChange>,
}

/// A failure that the earlier run does not know.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DiffFailure {
    /// How it stands to the earlier run.
    pub change: Change,
    /// The rule's identifier.
    pub rule: String,
    /// What fails.
    pub subject: Subject,
    /// Its account.
    pub account: DiffAccount,
    /// The earliest run known to have had it.
    pub first_seen: Option<Timestamp>,
}

/// An account as a comparison names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DiffAccount {
    /// The identifier.
    pub id: AccountId,
    /// The name; empty where none is known.
    pub name: String,
}

/// What a run knows of an account that it does not list.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Absence {
    /// It is not in the organization any more, of which every account was listed.
    Gone,
    /// It was not asked for.
    NotInScope,
    /// Nothing.
    NotSeen,
}

/// An account of which more was seen than before, or less.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CoverageChange {
    /// The account.
    pub account: DiffAccount,
    /// The datasets of which less was seen.
    pub lost: Vec<Dataset>,
    /// The datasets of which more was seen.
    pub gained: Vec<Dataset>,
}

impl Absence {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::Gone, Self::NotInScope, Self::NotSeen];

    /// Returns the stable kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::NotInScope => "not-in-scope",
            Self::NotSeen => "not-seen",
        }
    }
}

impl Diff {
    /// Compares two runs. The later one must have been read with the earlier one [watched](Run::watching).
    pub fn between(before: &Run, after: &Run) -> Self {
        let only = |a: &Run, b: &Run| {
            let rules = a.head.rules.difference(&b.head.rules);
            rules.map(ToString::to_string).collect()
        };
        let mut diff = Self {
            before: before.head.clone(),
            after: after.head.clone(),
            rules_before: only(before, after),
            rules_after: only(after, before),
            ..Self::default()
        };
        for (id, account) in &before.accounts {
            match after.accounts.get(id).filter(|it| it.is_listed()) {
                Some(now) => diff.account(id, account, now),
                None if account.is_listed() => {
                    let absence = match missing(before, after, id) {
                        AccountNow::Gone => Absence::Gone,
                        AccountNow::OutOfScope => Absence::NotInScope,
                        AccountNow::Audited
                        | AccountNow::Closed
                        | AccountNow::NotActive
                        | AccountNow::NotSeen => Absence::NotSeen,
                    };
                    diff.disappeared.push((account.named(id), absence));
                }
                None => {}
            }
            diff.past(before, after, id, account);
        }
        for (id, account) in &after.accounts {
            if account.is_listed() && !before.lists(id) {
                diff.appeared.push(account.named(id));
            }
            diff.failures(before, id, account);
        }
        diff
    }

    /// Tells whether anything fails that the earlier run does not know, but for rules that it did not evaluate.
    pub const fn has_new(&self) -> bool {
        self.counts.new > 0 || self.counts.lapsed > 0
    }

    /// Compares what was seen of an account, and its users.
    fn account(&mut self, id: &AccountId, before: &RunAccount, after: &RunAccount) {
        let better = |a: Cell, b: Cell| a < b;
        let (mut lost, mut gained) = (Vec::new(), Vec::new());
        for (dataset, was) in &before.cells {
            match after.cells.get(dataset) {
                Some(is) if better(*is, *was) => gained.push(*dataset),
                Some(is) if better(*was, *is) => lost.push(*dataset),
                Some(_) | None => {}
            }
        }
        if !lost.is_empty() || !gained.is_empty() {
            let account = after.named(id);
            self.coverage.push(CoverageChange {
                account,
                lost,
                gained,
            });
        }
        if let (Listed::Whole, Listed::Whole) = (before.users_listed, after.users_listed) {
            let only = |a: &BTreeMap<String, Arn>, b: &BTreeMap<String, Arn>| {
                let only: BTreeSet<_> = a.iter().filter(|(it, _)| !b.contains_key(*it)).collect();
                only.into_iter()
                    .map(|(_, arn)| arn.clone())
                    .collect::<Vec<_>>()
            };
            self.users_appeared
                .extend(only(&after.users, &before.users));
            self.users_disappeared
                .extend(only(&before.users, &after.users));
        }
    }

    /// Tells what became of the failures that an account had.
    fn past(&mut self, before: &Run, after: &Run, id: &AccountId, account: &RunAccount) {
        let now = after.accounts.get(id).filter(|it| it.is_listed());
        let state = now.map_or_else(|| missing(before, after, id), |it| it.state);
        for failure in account.failures.values() {
            let subject = now.map_or(SubjectNow::NotJudged, |it| {
                it.subject(&after.head, &failure.rule, &failure.subject)
            });
            let Some(fate) = fate(state, subject) else {
                continue;
            };
            let past = Past {
                rule: failure.rule.clone(),
                subject: failure.subject.clone(),
                standing: failure.standing,
                first_seen: failure.first_seen.or(before.head.collected_at),
                last_seen: failure.last_seen.or(before.head.collected_at),
                fate,
            };
            self.counts.add_past(fate);
            if fate.is_fixed() {
                self.fixed.push(past);
            } else {
                self.unknown.push(past);
            }
        }
    }

    /// Tells how the failures that an account has stand to those it had.
    fn failures(&mut self, before: &Run, id: &AccountId, account: &RunAccount) {
        let known = before.accounts.get(id);
        for (key, failure) in &account.failures {
            let replaced = account.watched.get(key) == Some(&SubjectNow::Replaced);
            let earlier = known
                .and_then(|it| it.failures.get(key))
                .filter(|_| !replaced);
            let change = change_of(
                earlier.map(|it| it.standing),
                failure.standing,
                before.head.evaluated(&failure.rule),
                NewRules::Listed,
            );
            self.counts.add(change);
            if change != Change::Known {
                self.failing.push(DiffFailure {
                    change,
                    rule: failure.rule.clone(),
                    subject: failure.subject.clone(),
                    account: account.named(id),
                    first_seen: failure.first_seen,
                });
            }
        }
    }
}

impl RunAccount {
    fn subject(&self, head: &RunHead, rule: &str, subject: &Subject) -> SubjectNow {
        let key = run::key(rule, subject);
        if let Some(seen) = self.watched.get(&key) {
            return *seen;
        }
        let (is_listed, listed) = match subject.kind {
            SubjectKind::IamUser => {
                let name = name(subject.kind, &subject.arn);
                (self.users.contains_key(&name), self.users_listed)
            }
            SubjectKind::IamRole => {
                let name = name(subject.kind, &subject.arn);
                (self.roles.contains(&name), self.roles_listed)
            }
            SubjectKind::RootUser | SubjectKind::Account | SubjectKind::Organization => {
                return SubjectNow::NotJudged;
            }
        };
        match listed {
            Listed::Whole if !is_listed => SubjectNow::Gone,
            Listed::Cut if !is_listed && head.rules.contains(rule) => SubjectNow::NotListed,
            Listed::Whole | Listed::Cut => SubjectNow::NotJudged,
        }
    }
}

fn missing(before: &Run, after: &Run, id: &AccountId) -> AccountNow {
    let organization = before.head.organization.as_deref();
    after.head.missing(id.number(), organization)
}
