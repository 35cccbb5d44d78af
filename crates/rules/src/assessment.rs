//! Findings, and the running totals over them.

use std::{borrow::Cow, fmt};

use model::{Arn, GapId, Record, Scope, Source, Timestamp, snapshot::AccountList};
use serde::Serialize;

use crate::{Change, Coverage, CoverageWaivers, Rule, Severity, WaiverId, WaiverUses};

/// The outcome of one rule for one subject. Its identity is (rule, subject's kind and ARN).
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// What was judged.
    pub subject: Subject,
    /// The outcome.
    pub status: Status,
    /// Why, as a sentence without a full stop.
    pub reason: Cow<'static, str>,
    /// The AWS operations whose answers the outcome rests on, each once, in alphabetical order.
    pub sources: Vec<Source>,
    /// When the oldest of those answers held: the time the outcome is true of. `None` where nothing was seen or
    /// the evidence does not tell.
    pub evidence_time: Option<Timestamp>,
    /// The gap that prevents a verdict; always there if the status is indeterminate, and only then.
    pub gap: Option<GapId>,
    /// The waiver that holds for a failure; `None` for what does not fail.
    pub waiver: Option<WaiverId>,
    /// When the failure of a new user begins to count; `None` for what does not fail, and once that is past.
    pub grace_until: Option<Timestamp>,
    /// How a failure stands to the baseline; `None` for what does not fail, and where there is no baseline.
    pub change: Option<Change>,
    /// The earliest of the runs that the baseline knows of in which it failed; `None` as for `change`, and where no run
    /// tells a time.
    pub first_seen: Option<Timestamp>,
}

impl Finding {
    /// Tells whether the gate holds the finding against the run: it fails, is neither waived nor in its time of grace, and
    /// is not known from the baseline.
    pub fn is_held(&self) -> bool {
        self.status == Status::Fail
            && self.waiver.is_none()
            && self.grace_until.is_none()
            && self.change.is_none_or(Change::is_held)
    }
}

/// What a rule judged.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Subject {
    /// The kind of principal.
    pub kind: SubjectKind,
    /// Its ARN. An account stands as `arn:PARTITION:iam::ACCOUNT:root`, AWS's way to name an account as principal;
    /// an organization as its management account does.
    pub arn: Arn,
}

/// The kinds of subject a finding may have.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// The root user of an account.
    RootUser,
    /// An IAM user.
    IamUser,
    /// An account; for a rule of users or roles, one whose users or roles are not all known.
    Account,
    /// An IAM role.
    IamRole,
    /// The organization.
    Organization,
}

impl SubjectKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::RootUser,
        Self::IamUser,
        Self::Account,
        Self::IamRole,
        Self::Organization,
    ];

    /// Returns the stable kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RootUser => "root-user",
            Self::IamUser => "iam-user",
            Self::Account => "account",
            Self::IamRole => "iam-role",
            Self::Organization => "organization",
        }
    }
}

/// An outcome.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The subject meets the requirement.
    Pass,
    /// The subject breaks the requirement.
    Fail,
    /// The requirement does not concern the subject.
    NotApplicable,
    /// A fact is missing, so nothing may be concluded.
    Indeterminate,
}

impl Status {
    /// Every status, in the order reports list them.
    pub const ALL: [Self; 4] = [
        Self::Pass,
        Self::Fail,
        Self::NotApplicable,
        Self::Indeterminate,
    ];

    /// Returns the stable kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotApplicable => "not-applicable",
            Self::Indeterminate => "indeterminate",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How many findings have each status.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub struct StatusCounts {
    /// Findings that pass.
    pub pass: u64,
    /// Findings that fail.
    pub fail: u64,
    /// Findings that do not concern their subject.
    pub not_applicable: u64,
    /// Findings without a verdict.
    pub indeterminate: u64,
    /// Of those that fail, the ones the gate holds against the run.
    pub held: u64,
    /// Of those that fail, the ones that are waived.
    pub waived: u64,
    /// Of those that fail and are not waived, the ones in their time of grace.
    pub in_grace: u64,
}

impl StatusCounts {
    /// Counts one finding.
    pub fn add(&mut self, finding: &Finding) {
        self.held += u64::from(finding.is_held());
        match (finding.waiver, finding.grace_until) {
            (Some(_), _) => self.waived += 1,
            (None, Some(_)) => self.in_grace += 1,
            (None, None) => {}
        }
        let count = match finding.status {
            Status::Pass => &mut self.pass,
            Status::Fail => &mut self.fail,
            Status::NotApplicable => &mut self.not_applicable,
            Status::Indeterminate => &mut self.indeterminate,
        };
        *count += 1;
    }
}

/// What a gate decides on: counts over all findings and all records.
#[derive(Clone, Debug)]
pub struct Totals {
    /// The rules that were evaluated, those without findings included, with the findings' statuses.
    pub rules: Vec<(&'static Rule, StatusCounts)>,
    /// Whether there may be accounts that nobody knows of.
    pub account_list: AccountList,
    /// What was seen.
    pub coverage: Coverage,
    /// What may be missing.
    pub waivers: CoverageWaivers,
    /// What may fail.
    pub waiver_uses: WaiverUses,
}

impl Totals {
    /// Returns the totals over nothing.
    pub fn new(
        rules: &[&'static Rule],
        account_list: AccountList,
        waivers: CoverageWaivers,
    ) -> Self {
        Self {
            rules: rules
                .iter()
                .map(|it| (*it, StatusCounts::default()))
                .collect(),
            account_list,
            coverage: Coverage::of(crate::datasets(rules)),
            waivers,
            waiver_uses: WaiverUses::default(),
        }
    }

    /// Returns the same totals, with what becomes of waivers.
    #[must_use]
    pub fn with_waivers(self, waiver_uses: WaiverUses) -> Self {
        Self {
            waiver_uses,
            ..self
        }
    }

    /// Counts a record and its findings.
    pub fn add(&mut self, record: &Record, findings: &[Finding]) {
        // Findings of one rule come one after the other.
        for group in findings.chunk_by(|a, b| a.rule.id == b.rule.id) {
            let id = group.first().map(|it| it.rule.id);
            let of_rule = self.rules.iter_mut().find(|(rule, _)| Some(rule.id) == id);
            if let Some((_, counts)) = of_rule {
                for finding in group {
                    counts.add(finding);
                }
            }
        }
        self.waiver_uses.count(&record.account, findings);
        if record.account.scope == Scope::Audited {
            let waiver = self.waivers.covering(&record.account);
            let completeness = self.coverage.add(record, waiver);
            self.waivers.count(&record.account, completeness);
        }
    }

    /// Returns how many failures that the gate holds are at least as bad as `severity`.
    pub fn failures_at_least(&self, severity: Severity) -> u64 {
        let bad = self
            .rules
            .iter()
            .filter(|(rule, _)| rule.severity >= severity);
        bad.map(|(_, counts)| counts.held).sum()
    }
}
