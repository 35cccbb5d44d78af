//! One of two runs, held as small as a comparison allows: its failures, the names of its users, and what was seen.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Account, AccountId, AccountState, Arn, Cell, Dataset, Record, Timestamp, cell,
    snapshot::{RecordSource, SourceError},
};

use super::DiffAccount;
use crate::{
    CATALOG, Criteria, Finding, RunHead, Standing, Status, Subject, SubjectKind,
    baseline::{AccountNow, SubjectNow, name},
    evaluate,
};

/// One of two runs that are compared.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// What it was a run of.
    pub head: RunHead,
    pub(super) accounts: BTreeMap<AccountId, RunAccount>,
    place: Place,
    /// The failures of an earlier run, of which this one keeps whatever it says.
    watched: BTreeMap<AccountId, BTreeMap<Key, Option<Timestamp>>>,
}

/// Which of the two it is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Place {
    #[default]
    Earlier,
    Later,
}

/// A finding, wherever it comes from.
#[derive(Clone, Debug)]
pub struct RunFinding {
    /// The rule's identifier.
    pub rule: String,
    /// What was judged.
    pub subject: Subject,
    /// The outcome.
    pub status: Status,
    /// Whether it is held against the run.
    pub standing: Standing,
    /// The earliest run known to have had it, if it fails and the run was compared with another.
    pub first_seen: Option<Timestamp>,
    /// The last run that had it, if that is not the run itself, which carries it over.
    pub last_seen: Option<Timestamp>,
    /// When the oldest answer it rests on held, if that is told: the subject was there then.
    pub evidence_time: Option<Timestamp>,
}

/// Rule, kind and name: what makes findings of two runs the same within one account.
pub(super) type Key = (String, SubjectKind, String);

pub(super) fn key(rule: &str, subject: &Subject) -> Key {
    let Subject { kind, arn } = subject;
    (rule.to_owned(), *kind, name(*kind, arn))
}

/// Whether a list was read to its end.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Listed {
    Whole,
    #[default]
    Cut,
}

#[derive(Clone, Debug)]
pub(super) struct RunAccount {
    account_name: String,
    pub(super) state: AccountNow,
    pub(super) cells: BTreeMap<Dataset, Cell>,
    pub(super) users: BTreeMap<String, Arn>,
    pub(super) users_listed: Listed,
    pub(super) roles: BTreeSet<String>,
    pub(super) roles_listed: Listed,
    pub(super) failures: BTreeMap<Key, RunFinding>,
    pub(super) watched: BTreeMap<Key, SubjectNow>,
}

impl Default for RunAccount {
    fn default() -> Self {
        Self {
            account_name: String::new(),
            state: AccountNow::NotSeen,
            cells: BTreeMap::new(),
            users: BTreeMap::new(),
            users_listed: Listed::Cut,
            roles: BTreeSet::new(),
            roles_listed: Listed::Cut,
            failures: BTreeMap::new(),
            watched: BTreeMap::new(),
        }
    }
}

impl RunAccount {
    /// Tells whether the run lists the account; of one that it does not it may carry failures over.
    pub(super) fn is_listed(&self) -> bool {
        self.state != AccountNow::NotSeen
    }

    pub(super) fn named(&self, id: &AccountId) -> DiffAccount {
        DiffAccount {
            id: id.clone(),
            name: self.account_name.clone(),
        }
    }
}

impl Run {
    /// Returns a run of which nothing is known yet, and which is to be compared with an earlier one.
    pub fn watching(before: &Self) -> Self {
        let failures = |(id, account): (&AccountId, &RunAccount)| {
            // A run begins before it sees anything.
            let last = |it: &RunFinding| {
                let run = it.last_seen.or(before.head.collected_at);
                run.max(it.evidence_time)
            };
            let keys = account.failures.iter();
            let keys = keys.map(|(key, it)| (key.clone(), last(it))).collect();
            (id.clone(), keys)
        };
        Self {
            place: Place::Later,
            watched: before.accounts.iter().map(failures).collect(),
            ..Self::default()
        }
    }

    /// Adds the records of a snapshot, evaluated.
    ///
    /// # Errors
    ///
    /// Fails if the source does.
    pub fn add_records(
        &mut self,
        source: &mut dyn RecordSource,
        criteria: &Criteria,
    ) -> Result<(), SourceError> {
        self.head = RunHead::of(source.header(), &criteria.rules);
        let datasets = crate::datasets(&criteria.rules);
        evaluate(source, criteria, |record, findings| {
            self.add_record(record, findings, &datasets);
            Ok::<_, SourceError>(())
        })
    }

    fn add_record(&mut self, record: &Record, findings: &[Finding], datasets: &BTreeSet<Dataset>) {
        let Account { id, name, .. } = &record.account;
        let state = AccountNow::of(&record.account);
        let mut cells = BTreeMap::new();
        if state == AccountNow::Audited {
            cells.extend(datasets.iter().map(|it| (*it, cell(record, *it))));
        }
        self.put_account(id, name, state, cells);
        for finding in findings {
            self.add_finding(RunFinding {
                rule: finding.rule.id.to_owned(),
                subject: finding.subject.clone(),
                status: finding.status,
                standing: Standing::of(finding),
                first_seen: None,
                last_seen: None,
                evidence_time: finding.evidence_time,
            });
        }
        let watched = self.watched.get(id);
        let account = self.accounts.entry(id.clone()).or_default();
        account.users_listed = listed(record.iam_users.gap.is_none());
        account.roles_listed = listed(record.iam_roles.gap.is_none());
        for role in &record.iam_roles.items {
            let name = name_of(SubjectKind::IamRole, &role.arn);
            account.roles.insert(name);
        }
        for user in &record.iam_users.items {
            let name = name_of(SubjectKind::IamUser, &user.arn);
            for (key, last) in watched.into_iter().flatten() {
                let same = key.1 == SubjectKind::IamUser && key.2 == name;
                let created = user.created_at.known();
                if same
                    && created
                        .zip(last.as_ref())
                        .is_some_and(|(it, last)| it > last)
                {
                    account.watched.insert(key.clone(), SubjectNow::Replaced);
                }
            }
            account.users.insert(name, user.arn.clone());
        }
    }

    /// Adds an account of a report's ledger. `state` is in words, as the ledger tells it.
    pub fn add_account(
        &mut self,
        id: &AccountId,
        name: &str,
        state: &str,
        cells: BTreeMap<Dataset, Cell>,
    ) {
        let is = |it: AccountState| it.to_string() == state;
        let state = if is(AccountState::Closed) {
            AccountNow::Closed
        } else if is(AccountState::Suspended)
            || is(AccountState::PendingClosure)
            || is(AccountState::PendingActivation)
        {
            AccountNow::NotActive
        } else {
            AccountNow::Audited
        };
        self.put_account(id, name, state, cells);
    }

    fn put_account(
        &mut self,
        id: &AccountId,
        name: &str,
        state: AccountNow,
        cells: BTreeMap<Dataset, Cell>,
    ) {
        let account = self.accounts.entry(id.clone()).or_default();
        name.clone_into(&mut account.account_name);
        account.state = state;
        account.cells = cells;
    }

    /// Adds a finding, of which a failure is kept, and what an earlier run has as one.
    pub fn add_finding(&mut self, finding: RunFinding) {
        let Some(id) = AccountId::as_written(finding.subject.arn.account()) else {
            return;
        };
        let key = key(&finding.rule, &finding.subject);
        let watched = self
            .watched
            .get(&id)
            .is_some_and(|it| it.contains_key(&key));
        let account = self.accounts.entry(id).or_default();
        let Subject { kind, arn } = &finding.subject;
        match kind {
            SubjectKind::IamUser => {
                account.users.insert(key.2.clone(), arn.clone());
            }
            SubjectKind::IamRole => {
                account.roles.insert(key.2.clone());
            }
            SubjectKind::RootUser | SubjectKind::Account | SubjectKind::Organization => {}
        }
        if watched {
            let seen = SubjectNow::Judged(finding.status);
            account.watched.insert(key.clone(), seen);
        }
        if finding.status == Status::Fail {
            // What failed in the run itself comes before what it carries over.
            account.failures.entry(key).or_insert(finding);
        }
    }

    /// Adds a failure that a report carries over from a run before. The later of two runs may have failures of its own,
    /// and knows of no other.
    pub fn add_carried(&mut self, failure: RunFinding) {
        match self.place {
            Place::Earlier => self.add_finding(failure),
            Place::Later => {}
        }
    }

    /// Concludes from a report's ledger which lists were read to their end, when all of it was added. Users are told by
    /// the findings of rules about users, so without such a rule nobody knows them.
    pub fn conclude_lists(&mut self) {
        let judges = |kind: SubjectKind| {
            self.head.rules.iter().any(|id| {
                let rule = CATALOG.iter().find(|it| it.id == &**id);
                rule.is_some_and(|it| it.check.subject() == kind)
            })
        };
        let (users, roles) = (judges(SubjectKind::IamUser), judges(SubjectKind::IamRole));
        for account in self.accounts.values_mut() {
            let seen = |dataset| account.cells.get(&dataset) == Some(&Cell::Seen);
            let users_listed = listed(users && seen(Dataset::IamUsers));
            let roles_listed = listed(roles && seen(Dataset::RoleTrust));
            account.users_listed = users_listed;
            account.roles_listed = roles_listed;
        }
    }

    /// Tells whether the run lists an account.
    pub(super) fn lists(&self, id: &AccountId) -> bool {
        self.accounts.get(id).is_some_and(RunAccount::is_listed)
    }
}

const fn listed(whole: bool) -> Listed {
    if whole { Listed::Whole } else { Listed::Cut }
}

fn name_of(kind: SubjectKind, arn: &Arn) -> String {
    name(kind, arn)
}
