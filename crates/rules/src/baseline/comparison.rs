//! A run against its baseline: counted as its records come, and what is left in the end.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use model::{AccountId, Record, Timestamp, snapshot::Header};

use super::{
    AccountNow, AccountsFound, Baseline, Change, Fate, Held, NewRules, Past, RunHead, SubjectNow,
    Users,
    change::Evaluated,
    fate, identity, names,
    seen::{CoverageLost, Lost},
};
use crate::{Finding, Rule, Severity, Sight, Status, Subject, SubjectKind};

/// How many failures of each class are named.
const EXAMPLES: usize = 5;

/// A run that is compared with its baseline, as its records come.
#[derive(Clone, Debug)]
pub struct Comparison {
    baseline: Arc<Baseline>,
    head: RunHead,
    seen: BTreeSet<u64>,
    lost: Lost,
    changes: Changes,
}

/// What changed since the baseline.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// When the baseline was collected.
    pub since: Option<Timestamp>,
    /// How many failures there are of each class.
    pub counts: ChangeCounts,
    /// The first few failures of each class, in account order.
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
    /// Returns how many failures of rules that the baseline did not evaluate are held against nobody.
    pub fn listed(&self) -> u64 {
        let is_listed = |it: &Failing| it.change == Change::NewRule(NewRules::Listed);
        if self.examples.iter().any(is_listed) {
            self.counts.new_rule
        } else {
            0
        }
    }

    fn add(&mut self, change: Change, record: &Record, finding: &Finding) {
        self.counts.add(change);
        let alike = self.examples.iter().filter(|it| it.change == change);
        if alike.count() < EXAMPLES {
            self.examples.push(Failing {
                change,
                rule: finding.rule.id,
                severity: finding.rule.severity,
                subject: finding.subject.clone(),
                account: record.account.id.clone(),
                account_name: record.account.name.clone(),
                reason: finding.reason.clone().into_owned(),
                first_seen: finding.first_seen,
            });
        }
    }

    fn past(&mut self, past: Past) {
        self.counts.add_past(past.fate);
        if past.fate.is_fixed() {
            self.fixed.push(past);
        } else {
            self.unknown.push(past);
        }
    }
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
        if self.users.is_replaced(held, baseline.last_seen(held)) {
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
