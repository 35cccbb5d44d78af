//! One finding with its account: what every format writes of it.

use model::{Account, Gap, Record, Timestamp};
use rules::{Change, Control, Finding, Rule, Status, Subject, SubjectKind};

use crate::{duration::DAY, password_use::PasswordUse};

/// One finding with its account: what every format writes of it.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    record: &'a Record,
    finding: &'a Finding,
    now: Option<Timestamp>,
}

impl<'a> Row<'a> {
    /// Returns the row of `finding`, which was made from `record` by a run that began at `now`.
    pub const fn new(record: &'a Record, finding: &'a Finding, now: Option<Timestamp>) -> Self {
        Self {
            record,
            finding,
            now,
        }
    }

    /// Returns the account.
    pub const fn account(&self) -> &'a Account {
        &self.record.account
    }

    /// Returns the rule.
    pub const fn rule(&self) -> &'static Rule {
        self.finding.rule
    }

    /// Returns the outcome.
    pub const fn status(&self) -> Status {
        self.finding.status
    }

    /// Returns the subject's ARN.
    pub fn principal_arn(&self) -> &'a str {
        self.finding.subject.arn.as_str()
    }

    /// Returns the kind of subject.
    pub const fn principal_kind(&self) -> SubjectKind {
        self.finding.subject.kind
    }

    /// Returns what people call the subject: `root`, a user's name, or `account`.
    pub fn principal_name(&self) -> &'a str {
        principal_name(&self.finding.subject)
    }

    /// Returns why the outcome is what it is.
    pub fn reason(&self) -> &'a str {
        &self.finding.reason
    }

    /// Returns the AWS operations the outcome rests on.
    pub fn evidence_sources(&self) -> impl Iterator<Item = String> {
        self.finding.sources.iter().map(ToString::to_string)
    }

    /// Returns when the oldest of the evidence held.
    pub const fn evidence_time(&self) -> Option<Timestamp> {
        self.finding.evidence_time
    }

    /// Returns how many seconds before the run the oldest of the evidence held; negative for what the run read
    /// after it began.
    pub fn evidence_age_seconds(&self) -> Option<i64> {
        Some(self.now?.seconds_since(self.evidence_time()?))
    }

    /// Returns the framework requirements the rule gives evidence for.
    pub const fn controls(&self) -> &'static [Control] {
        self.finding.rule.controls
    }

    /// Returns the gap that prevents a verdict.
    pub fn gap(&self) -> Option<&'a Gap> {
        self.record.gap(self.finding.gap?)
    }

    /// Returns how a failure stands to the baseline; `None` without one.
    pub const fn change(&self) -> Option<Change> {
        self.finding.change
    }

    /// Returns the earliest run known to have had the failure; `None` without a baseline.
    pub const fn first_seen(&self) -> Option<Timestamp> {
        self.finding.first_seen
    }

    /// Returns how many whole days before the run that was.
    pub fn age_days(&self) -> Option<i64> {
        Some(self.now?.seconds_since(self.first_seen()?) / DAY)
    }

    /// Returns how the subject's console password is used; `None` unless it is an IAM user.
    pub(crate) fn password_use(&self) -> Option<PasswordUse> {
        let arn = &self.finding.subject.arn;
        let user = self.record.iam_users.items.iter().find(|it| it.arn == *arn);
        user.map(|it| PasswordUse::of(it, self.now))
    }
}

/// Returns what people call a subject: `root`, a user's name, or `account`.
pub(crate) fn principal_name(subject: &Subject) -> &str {
    match subject.kind {
        SubjectKind::RootUser => "root",
        SubjectKind::Account => "account",
        SubjectKind::Organization => "organization",
        SubjectKind::IamUser | SubjectKind::IamRole => {
            let resource = subject.arn.resource();
            resource.rsplit('/').next().unwrap_or(resource)
        }
    }
}
