//! One finding with its account: what every format writes of it.

mod words;

use model::{Account, ConsolePassword, Date, Gap, IamUser, Record, Source, Timestamp};
use rules::{
    Change, Control, Finding, FindingId, Rule, Status, Subject, SubjectKind, Waiver, Waivers,
};

use crate::{duration::DAY, password_use::PasswordUse, summary::GapGroup};

/// One finding with its account: what every format writes of it.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    record: &'a Record,
    finding: &'a Finding,
    now: Option<Timestamp>,
    owner: Option<&'a str>,
    waivers: Option<&'a Waivers>,
}

/// The waiver that holds for a failure.
#[derive(Clone, Copy, Debug)]
pub struct AppliedWaiver<'a> {
    /// The waiver.
    pub waiver: &'a Waiver,
    /// The last day on which it holds for the failure, which the failure's severity may bring nearer.
    pub last_day: Date,
}

impl<'a> Row<'a> {
    /// Returns the row of `finding`, which was made from `record` by a run that began at `now`.
    pub const fn new(record: &'a Record, finding: &'a Finding, now: Option<Timestamp>) -> Self {
        Self {
            record,
            finding,
            now,
            owner: None,
            waivers: None,
        }
    }

    /// Returns the same row, of a run with these waivers.
    #[must_use]
    pub const fn with_waivers(self, waivers: &'a Waivers) -> Self {
        Self {
            waivers: Some(waivers),
            ..self
        }
    }

    /// Returns the row of a finding that somebody answers for.
    #[must_use]
    pub const fn owned_by(self, owner: Option<&'a str>) -> Self {
        Self { owner, ..self }
    }

    /// Returns who answers for the subject; `None` if nobody is known to.
    pub const fn owner(&self) -> Option<&'a str> {
        self.owner
    }

    /// Returns the account.
    pub const fn account(&self) -> &'a Account {
        &self.record.account
    }

    /// Returns when the run began; `None` where saved evidence does not tell.
    pub(crate) const fn now(&self) -> Option<Timestamp> {
        self.now
    }

    /// Returns the rule.
    pub const fn rule(&self) -> &'static Rule {
        self.finding.rule
    }

    /// Returns the finding's name.
    pub fn id(&self) -> FindingId {
        self.finding.id()
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

    /// Returns the same operations as the model names them.
    pub(crate) fn sources(&self) -> &'a [Source] {
        &self.finding.sources
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

    /// Returns the gap alone as a group, which tells its cause and what closes it.
    pub(crate) fn gap_group(&self) -> Option<GapGroup> {
        self.gap().map(|it| GapGroup::of(self.record, it))
    }

    /// Returns the waiver that holds for the failure.
    pub fn waiver(&self) -> Option<AppliedWaiver<'a>> {
        let waivers = self.waivers?;
        let waiver = waivers.get(self.finding.waiver?)?;
        Some(AppliedWaiver {
            waiver,
            last_day: waivers.last_day(waiver, self.rule().severity),
        })
    }

    /// Returns when the failure of a new user begins to count.
    pub const fn grace_until(&self) -> Option<Timestamp> {
        self.finding.grace_until
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
        self.user().map(|it| PasswordUse::of(it, self.now))
    }

    /// Returns for how many days the console password of an IAM user that fails was not used; `None` where that is not
    /// known, and for everything else.
    pub(crate) fn password_unused_days(&self) -> Option<i64> {
        if self.status() != Status::Fail || self.principal_kind() != SubjectKind::IamUser {
            return None;
        }
        let user = self.user()?;
        match user.password.known()? {
            ConsolePassword::NotSet => None,
            ConsolePassword::Set => PasswordUse::of(user, self.now).unused_days(),
        }
    }

    /// Returns the IAM user that was judged. Users are ordered by name, but of a file that somebody edited.
    fn user(&self) -> Option<&'a IamUser> {
        let users = &self.record.iam_users.items;
        let arn = &self.finding.subject.arn;
        let name = principal_name(&self.finding.subject);
        let at = users.binary_search_by(|it| (*it.name).cmp(name)).ok();
        let there = at.and_then(|it| users.get(it)).filter(|it| it.arn == *arn);
        there.or_else(|| users.iter().find(|it| it.arn == *arn))
    }
}

/// Returns what people call a subject: `root`, a user's name, or `account`.
pub fn principal_name(subject: &Subject) -> &str {
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
