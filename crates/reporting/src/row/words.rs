//! A finding in the words and names that other programs ask for.

use model::Timestamp;
use rules::{Severity, Status, SubjectKind};

use super::Row;
use crate::{stable_uuid::stable_uuid, summary::AccountName};

impl Row<'_> {
    /// Returns what is so, in a few words. A rule's title tells the failure, so it stands for failures alone.
    pub(crate) fn title(&self) -> String {
        let rule = self.rule();
        match self.status() {
            Status::Fail => rule.title.to_owned(),
            Status::Pass => format!("{} passes", rule.id),
            Status::NotApplicable => format!("{} does not apply", rule.id),
            Status::Indeterminate => format!("{} could not be judged", rule.id),
        }
    }

    /// Returns what was judged, and where: `IAM user ana of payments 100000000003`.
    pub(crate) fn subject_in_words(&self) -> String {
        let account = AccountName::of(self.account());
        let name = self.principal_name();
        match self.principal_kind() {
            SubjectKind::RootUser => format!("root user of {account}"),
            SubjectKind::IamUser => format!("IAM user {name} of {account}"),
            SubjectKind::IamRole => format!("IAM role {name} of {account}"),
            SubjectKind::Account => format!("account {account}"),
            SubjectKind::Organization => format!("organization of {account}"),
        }
    }

    /// Returns Security Hub's name for the type of what was judged. It has none for root users and organizations, which
    /// stand as accounts.
    pub(crate) const fn resource_type(&self) -> &'static str {
        match self.principal_kind() {
            SubjectKind::IamUser => "AwsIamUser",
            SubjectKind::IamRole => "AwsIamRole",
            SubjectKind::RootUser | SubjectKind::Account | SubjectKind::Organization => {
                "AwsAccount"
            }
        }
    }

    /// Returns the finding's UUID, which is made of its name, and so the same in every run.
    pub(crate) fn uuid(&self) -> String {
        stable_uuid(&["finding", &self.id().to_string()])
    }

    /// Tells whether somebody answers for the failure.
    pub(crate) fn is_waived(&self) -> bool {
        self.waiver().is_some()
    }

    /// Returns how bad it is that the outcome is what it is: a gap may hide a failure, and is as bad as one; what passes
    /// or does not apply is no trouble at all.
    pub(crate) const fn outcome_severity(&self) -> Severity {
        match self.status() {
            Status::Fail | Status::Indeterminate => self.rule().severity,
            Status::Pass | Status::NotApplicable => Severity::Info,
        }
    }

    /// Returns when the run began, for formats that cannot do without a time. Saved evidence need not tell: then it is
    /// the evidence's time, and 1970 if that is not known either.
    pub(crate) fn reported_at(&self) -> Timestamp {
        let time = self.now.or_else(|| self.evidence_time());
        time.unwrap_or(Timestamp::EPOCH)
    }
}
