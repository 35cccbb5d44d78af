//! An earlier run to compare with: its failures, and which rules it evaluated.

mod change;
mod changes;
mod comparison;
mod fate;
mod renamed;
mod run_head;
mod seen;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::{
    AccountId, Arn, Cell, Dataset, IamUser, Record, Timestamp,
    snapshot::{Mode, RecordSource, SourceError},
};

use self::seen::Seen;
pub(crate) use self::{
    change::change_of,
    fate::{AccountNow, SubjectNow, fate},
};
pub use self::{
    change::{Change, NewRules, Standing},
    changes::{ChangeCounts, Changes, Failing},
    comparison::Comparison,
    fate::{Fate, Past},
    run_head::{AccountsFound, RunHead},
    seen::{Before, CoverageLost, LostAccount},
};
use crate::{
    Coverage, CoverageWaiver, CoverageWaivers, Criteria, Finding, Gate, Sight, Status, Subject,
    SubjectKind, evaluate,
};

/// An earlier run to compare with. It holds failures, and of every account a few bytes that tell how far it was seen: its
/// memory grows with what is wrong, not with the users.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// What it was a run of.
    pub head: RunHead,
    /// What becomes of failures of rules that it did not evaluate.
    pub new_rules: NewRules,
    /// The names of the rules that failures point to.
    rules: Vec<Box<str>>,
    /// The failures by account.
    accounts: BTreeMap<u64, Vec<Held>>,
    /// How far each account was seen.
    seen: Seen,
    /// Whether that was enough for a gate.
    pub sight: Sight,
}

/// A failure of a baseline, as small as can be: there may be many.
#[derive(Clone, Debug)]
struct Held {
    rule: u32,
    kind: SubjectKind,
    standing: Standing,
    arn: Arn,
    first_seen: Option<Timestamp>,
    /// `None` for what failed in the baseline's own run.
    last_seen: Option<Timestamp>,
    evidence_time: Option<Timestamp>,
}

/// What makes findings of two runs the same within one account: the rule, the kind of subject, and for a user or role
/// its name. IAM's names are unique in an account whatever their case and path, so that one that was moved stays itself.
type Identity<'a> = (&'a str, SubjectKind, String);

impl Baseline {
    /// Evaluates the records of a snapshot. Its failures were first seen when it was collected: a snapshot knows of no
    /// run before. Whether it saw enough is decided by `gate` and the coverage waivers that held then.
    ///
    /// # Errors
    ///
    /// Fails if the source does.
    pub fn of_records(
        source: &mut dyn RecordSource,
        criteria: &Criteria,
        gate: &Gate,
        waivers: &[CoverageWaiver],
    ) -> Result<Self, SourceError> {
        let mut baseline = Self {
            head: RunHead::of(source.header(), &criteria.rules),
            ..Self::default()
        };
        let datasets = crate::datasets(&criteria.rules);
        let header = source.header().clone();
        // What it was not asked for could not close a gate then.
        let asked = |it: &Dataset| {
            header.mode == Mode::SavedEvidence || header.parameters.datasets.contains(it)
        };
        let mut coverage = Coverage::of(datasets.iter().copied().filter(asked).collect());
        coverage.identity_center = header.identity_center;
        let waivers = CoverageWaivers::at(header.collected_at, waivers.to_vec());
        evaluate(source, criteria, |record, findings| {
            if AccountNow::of(&record.account) == AccountNow::Audited {
                baseline.seen.add_record(record, &datasets);
                coverage.add(record, waivers.covering(&record.account));
            }
            for finding in findings.iter().filter(|it| it.status == Status::Fail) {
                let standing = Standing::of(finding);
                let (rule, subject) = (finding.rule.id, &finding.subject);
                baseline.add(rule, subject, standing, None, None, finding.evidence_time);
            }
            Ok::<_, SourceError>(())
        })?;
        baseline.sight = gate.sight(&coverage, &header.account_list);
        baseline.settle();
        Ok(baseline)
    }

    /// Adds a failure. `first_seen` is `None` if no run before is known to have had it, `last_seen` if it failed in the
    /// baseline's own run; it tells when, if the baseline itself carried it over from a run before. `evidence_time` is the
    /// finding's, if that is told: collecting takes time, and what failed was there then, however late that was.
    pub fn add(
        &mut self,
        rule: &str,
        subject: &Subject,
        standing: Standing,
        first_seen: Option<Timestamp>,
        last_seen: Option<Timestamp>,
        evidence_time: Option<Timestamp>,
    ) {
        let found = self.rules.iter().position(|it| **it == *rule);
        let index = found.unwrap_or_else(|| {
            self.rules.push(rule.into());
            self.rules.len() - 1
        });
        let Ok(rule) = u32::try_from(index) else {
            return;
        };
        let held = Held {
            rule,
            kind: subject.kind,
            standing,
            arn: subject.arn.clone(),
            first_seen,
            last_seen,
            evidence_time,
        };
        let of_account = self.accounts.entry(number(&subject.arn)).or_default();
        of_account.push(held);
    }

    /// Adds how far an audited account was seen.
    pub fn saw(&mut self, account: &AccountId, cells: BTreeMap<Dataset, Cell>) {
        self.seen.add(account, cells);
    }

    /// Puts the failures in order, each once, when all are added: those of the baseline's own run before what it carried
    /// over.
    pub fn settle(&mut self) {
        for failures in self.accounts.values_mut() {
            let identity = |it: &Held| (it.rule, it.kind, name(it.kind, &it.arn));
            failures.sort_by_cached_key(|it| (identity(it), it.last_seen));
            failures.dedup_by_key(|it| identity(it));
            failures.shrink_to_fit();
        }
    }

    /// Says of each failure among the findings of a record how it stands to this baseline.
    pub(crate) fn mark(&self, record: &Record, findings: &mut [Finding], now: Option<Timestamp>) {
        let of_account = self.failures(record.account.id.number());
        let held: HashMap<_, _> = of_account
            .iter()
            .map(|it| (self.identity(it), it))
            .collect();
        let users = Users::of(record, of_account);
        for finding in findings.iter_mut().filter(|it| it.status == Status::Fail) {
            // The name costs an allocation, which an account without known failures does not need.
            let earlier = if held.is_empty() {
                None
            } else {
                held.get(&identity(finding)).copied()
            };
            let earlier = earlier.filter(|it| !users.is_replaced(it, self.last_there(it)));
            let change = change_of(
                earlier.map(|it| it.standing),
                Standing::of(finding),
                self.head.evaluated(finding.rule.id),
                self.new_rules,
            );
            finding.change = Some(change);
            let before = earlier.and_then(|it| self.first_seen(it));
            finding.first_seen = match (before, now) {
                (Some(before), Some(now)) => Some(before.min(now)),
                (before, now) => before.or(now),
            };
        }
    }

    fn failures(&self, account: u64) -> &[Held] {
        self.accounts.get(&account).map_or(&[], Vec::as_slice)
    }

    fn rule(&self, held: &Held) -> &str {
        let index = usize::try_from(held.rule).unwrap_or(usize::MAX);
        self.rules.get(index).map_or("", |it| it)
    }

    fn identity<'a>(&'a self, held: &Held) -> Identity<'a> {
        (self.rule(held), held.kind, name(held.kind, &held.arn))
    }

    fn first_seen(&self, held: &Held) -> Option<Timestamp> {
        held.first_seen.or(self.head.collected_at)
    }

    fn last_seen(&self, held: &Held) -> Option<Timestamp> {
        held.last_seen.or(self.head.collected_at)
    }

    /// Returns the last time at which what failed is known to have been there: a run begins before it sees anything.
    fn last_there(&self, held: &Held) -> Option<Timestamp> {
        self.last_seen(held).max(held.evidence_time)
    }
}

/// The users of an account by name, if failures of users are to be found among them.
struct Users<'a>(HashMap<String, &'a IamUser>);

impl<'a> Users<'a> {
    fn of(record: &'a Record, failures: &[Held]) -> Self {
        let asked = failures.iter().any(|it| it.kind == SubjectKind::IamUser);
        let users = record.iam_users.items.iter().filter(|_| asked);
        Self(
            users
                .map(|it| (name(SubjectKind::IamUser, &it.arn), it))
                .collect(),
        )
    }

    fn has(&self, held: &Held) -> bool {
        self.0.contains_key(&name(held.kind, &held.arn))
    }

    /// Tells whether the user of that name was created after the failing one was last there, and so is another.
    fn is_replaced(&self, held: &Held, last_there: Option<Timestamp>) -> bool {
        if held.kind != SubjectKind::IamUser {
            return false;
        }
        let user = self.0.get(&name(held.kind, &held.arn));
        let created = user.and_then(|it| it.created_at.known());
        matches!((created, last_there), (Some(created), Some(there)) if *created > there)
    }
}

/// Returns the identity of a finding within its account.
fn identity(finding: &Finding) -> Identity<'static> {
    let Subject { kind, arn } = &finding.subject;
    (finding.rule.id, *kind, name(*kind, arn))
}

/// Returns the part of an ARN that tells subjects of one kind in one account apart.
pub(crate) fn name(kind: SubjectKind, arn: &Arn) -> String {
    match kind {
        SubjectKind::RootUser | SubjectKind::Account | SubjectKind::Organization => String::new(),
        SubjectKind::IamUser | SubjectKind::IamRole => {
            let resource = arn.resource();
            let name = resource.rsplit('/').next().unwrap_or(resource);
            name.to_ascii_lowercase()
        }
    }
}

/// Returns an ARN's account as a number.
pub(crate) fn number(arn: &Arn) -> u64 {
    arn.account().parse().unwrap_or_default()
}

/// Returns the names of rules.
pub(crate) fn names<'a>(rules: impl IntoIterator<Item = &'a str>) -> BTreeSet<Box<str>> {
    rules.into_iter().map(Into::into).collect()
}
