//! A principal that fails, with all that it fails.

use std::collections::BTreeMap;

use model::{AccountId, Timestamp};
use rules::{Rule, Severity, Status, Subject, SubjectKind};

use crate::{password_use::is_idle, row::principal_name};

/// The rule whose failure says that nobody uses a password, by the days that its settings give.
const UNUSED_PASSWORD: &str = "iam-user-unused-password";

/// A principal that fails, with all that it fails.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) owner: Option<String>,
    pub(super) account_id: AccountId,
    pub(super) account_name: String,
    pub(super) subject: Subject,
    /// For how many days its console password was not used, if it has one and that is known.
    pub(super) password_unused_days: Option<i64>,
    pub(super) failures: Vec<Failure>,
}

/// A failure.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) rule: String,
    /// The rule, if this version or its configuration knows it.
    pub(super) known: Option<&'static Rule>,
    pub(super) severity: Severity,
    pub(super) reason: String,
    pub(super) excuse: Excuse,
}

/// What excuses a failure.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Excuse {
    None,
    /// A waiver holds for it.
    Waived {
        /// The last day on which it does.
        until: String,
        /// Who answers for the waiver.
        owner: String,
        reason: String,
    },
    /// It is of a new user, and counts from this time on.
    Grace(Timestamp),
}

/// A finding, wherever it was read.
#[derive(Debug)]
pub(super) struct FindingTold<'a> {
    pub(super) owner: Option<&'a str>,
    pub(super) account_id: &'a AccountId,
    pub(super) account_name: &'a str,
    pub(super) subject: &'a Subject,
    pub(super) rule: &'a str,
    pub(super) known: Option<&'static Rule>,
    pub(super) severity: Severity,
    pub(super) status: Status,
    pub(super) reason: &'a str,
    pub(super) gap_reason: Option<&'a str>,
    pub(super) excuse: Excuse,
    pub(super) password_unused_days: Option<i64>,
}

/// The principals that fail, in the order in which they are told.
#[derive(Debug, Default)]
pub(super) struct Cases(BTreeMap<(AccountId, usize, String), Case>);

impl Cases {
    pub(super) fn all(&self) -> impl Iterator<Item = &Case> {
        self.0.values()
    }

    /// Adds a failure.
    pub(super) fn add(&mut self, finding: FindingTold<'_>) {
        let subject = finding.subject;
        let kind = SubjectKind::ALL.iter().position(|it| *it == subject.kind);
        let key = (
            finding.account_id.clone(),
            kind.unwrap_or_default(),
            subject.arn.as_str().to_owned(),
        );
        let case = self.0.entry(key).or_insert_with(|| Case {
            owner: finding.owner.map(str::to_owned),
            account_id: finding.account_id.clone(),
            account_name: finding.account_name.to_owned(),
            subject: subject.clone(),
            password_unused_days: finding.password_unused_days,
            failures: Vec::new(),
        });
        case.failures.push(Failure {
            rule: finding.rule.to_owned(),
            known: finding.known,
            severity: finding.severity,
            reason: finding.reason.to_owned(),
            excuse: finding.excuse,
        });
    }
}

impl Case {
    /// Returns what people call the principal.
    pub(super) fn name(&self) -> &str {
        principal_name(&self.subject)
    }

    /// Returns what the principal is.
    pub(super) const fn noun(&self) -> &'static str {
        match self.subject.kind {
            SubjectKind::RootUser => "root user",
            SubjectKind::IamUser => "IAM user",
            SubjectKind::IamRole => "IAM role",
            SubjectKind::Account => "account",
            SubjectKind::Organization => "organization",
        }
    }

    /// Returns what no waiver holds for, the worst first.
    pub(super) fn to_fix(&self) -> Vec<&Failure> {
        let mut all: Vec<_> = self.failures.iter().filter(|it| !it.is_waived()).collect();
        all.sort_by_key(|it| std::cmp::Reverse(it.severity));
        all
    }

    /// Returns what a waiver holds for.
    pub(super) fn waived(&self) -> impl Iterator<Item = &Failure> {
        self.failures.iter().filter(|it| it.is_waived())
    }

    /// Returns the severity of the worst failure that no waiver holds for.
    pub(super) fn severity(&self) -> Option<Severity> {
        self.to_fix().iter().map(|it| it.severity).max()
    }

    /// Tells whether nobody uses the console password, so that it is to be deleted.
    pub(super) fn is_idle(&self) -> bool {
        let unused = |it: &&Failure| it.rule == UNUSED_PASSWORD && !it.is_waived();
        self.password_unused_days.is_some_and(is_idle) || self.failures.iter().any(|it| unused(&it))
    }
}

impl Failure {
    pub(super) const fn is_waived(&self) -> bool {
        match self.excuse {
            Excuse::Waived { .. } => true,
            Excuse::None | Excuse::Grace(_) => false,
        }
    }

    /// Returns from when on it counts, if not yet.
    pub(super) const fn counts_from(&self) -> Option<Timestamp> {
        match self.excuse {
            Excuse::Grace(time) => Some(time),
            Excuse::None | Excuse::Waived { .. } => None,
        }
    }
}
