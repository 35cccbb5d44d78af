//! A run against its baseline: counted as its records come, and what is left in the end.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use model::{Record, snapshot::Header};

use super::{
    AccountNow, AccountsFound, Baseline, Changes, Fate, Held, Past, RunHead, SubjectNow, Users,
    change::Evaluated, fate, identity, names, seen::Lost,
};
use crate::{Finding, Rule, Status, Subject, SubjectKind};

/// A run that is compared with its baseline, as its records come.
#[derive(Clone, Debug)]
pub struct Comparison {
    baseline: Arc<Baseline>,
    head: RunHead,
    seen: BTreeSet<u64>,
    lost: Lost,
    changes: Changes,
}

impl Comparison {
    /// Returns a comparison of which no record is known yet.
    pub fn new(baseline: Arc<Baseline>, header: &Header, rules: &[&'static Rule]) -> Self {
        let head = RunHead {
            // What this run is asked to judge it judges, if it can or not.
            rules: names(rules.iter().map(|it| it.id)),
            ..RunHead::of(header, rules)
        };
        let new_rules = rules.iter().map(|it| it.id);
        let changes = Changes {
            since: baseline.head.collected_at,
            list_cut: head.accounts == AccountsFound::Cut
                && baseline.head.accounts != AccountsFound::Cut,
            sight_before: baseline.sight,
            new_rules: new_rules
                .filter(|it| !baseline.head.rules.contains(*it))
                .collect(),
            ..Changes::default()
        };
        Self {
            baseline,
            head,
            seen: BTreeSet::new(),
            lost: Lost::new(crate::datasets(rules)),
            changes,
        }
    }

    /// Adds a record and its findings, which are compared with the baseline already.
    pub fn add(&mut self, record: &Record, findings: &[Finding]) {
        for finding in findings {
            if let Some(change) = finding.change {
                self.changes.add(change, record, finding);
            }
        }
        self.lost.add(&self.baseline.seen, record);
        let number = record.account.id.number();
        let failures = self.baseline.failures(number);
        if failures.is_empty() {
            return;
        }
        self.seen.insert(number);
        let account = AccountNow::of(&record.account);
        let now = Now {
            head: &self.head,
            record,
            statuses: findings
                .iter()
                .map(|it| (identity(it), it.status))
                .collect(),
            users: Users::of(record, failures),
        };
        for held in failures {
            let subject = now.subject(&self.baseline, held);
            if let Some(fate) = fate(account, subject) {
                self.changes.past(self.baseline.past(held, fate));
            }
        }
    }

    /// Returns what changed, now that every record was added.
    pub fn finish(mut self) -> Changes {
        let organization = self.baseline.head.organization.as_deref();
        for (number, failures) in &self.baseline.accounts {
            if self.seen.contains(number) {
                continue;
            }
            let account = self.head.missing(*number, organization);
            for held in failures {
                if let Some(fate) = fate(account, SubjectNow::NotJudged) {
                    self.changes.past(self.baseline.past(held, fate));
                }
            }
        }
        self.changes.coverage_lost =
            (self.lost).finish(&self.baseline.seen, &self.head, organization);
        for list in [&mut self.changes.fixed, &mut self.changes.unknown] {
            list.sort_by(|a, b| order(a).cmp(&order(b)));
        }
        self.changes
    }
}

fn order(it: &Past) -> (&str, &str, SubjectKind, &str) {
    let Subject { kind, arn } = &it.subject;
    (arn.account(), &it.rule, *kind, arn.as_str())
}

impl Baseline {
    fn past(&self, held: &Held, fate: Fate) -> Past {
        Past {
            rule: self.rule(held).to_owned(),
            subject: Subject {
                kind: held.kind,
                arn: held.arn.clone(),
            },
            standing: held.standing,
            first_seen: self.first_seen(held),
            last_seen: self.last_seen(held),
            fate,
        }
    }
}

/// What this run knows of one account.
struct Now<'a> {
    head: &'a RunHead,
    record: &'a Record,
    statuses: HashMap<super::Identity<'static>, Status>,
    users: Users<'a>,
}

impl Now<'_> {
    fn subject(&self, baseline: &Baseline, held: &Held) -> SubjectNow {
        if self.users.is_replaced(held, baseline.last_there(held)) {
            return SubjectNow::Replaced;
        }
        if let Some(status) = self.statuses.get(&baseline.identity(held)) {
            return SubjectNow::Judged(*status);
        }
        let (is_listed, gap) = match held.kind {
            SubjectKind::IamUser => (self.users.has(held), self.record.iam_users.gap),
            SubjectKind::IamRole => {
                let name = super::name(held.kind, &held.arn);
                let mut roles = self.record.iam_roles.items.iter();
                let is_it = |arn| super::name(SubjectKind::IamRole, arn) == name;
                (roles.any(|it| is_it(&it.arn)), self.record.iam_roles.gap)
            }
            SubjectKind::RootUser | SubjectKind::Account | SubjectKind::Organization => {
                return SubjectNow::NotJudged;
            }
        };
        match (is_listed, gap) {
            (true, _) => SubjectNow::NotJudged,
            (false, None) => SubjectNow::Gone,
            (false, Some(_)) => match self.head.evaluated(baseline.rule(held)) {
                Evaluated::Yes => SubjectNow::NotListed,
                Evaluated::No => SubjectNow::NotJudged,
            },
        }
    }
}
