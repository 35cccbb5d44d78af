//! What became of a failure of the baseline that is no failure of this run.

use model::Timestamp;

use super::Standing;
use crate::{Status, Subject};

/// What became of a failure of the baseline that is no failure of this run. Fixed is only what was seen to be.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Fate {
    /// Fixed: it was seen, and passes.
    Passes,
    /// Fixed: it was seen, and the requirement does not concern it any more.
    NotApplicable,
    /// Fixed: the list that it would be on was read whole, and it is not on it.
    SubjectGone,
    /// Fixed: what has its name was created since, and is judged for itself.
    SubjectReplaced,
    /// Fixed: its account is not in the organization any more, of which every account was listed.
    AccountGone,
    /// Fixed: its account was closed.
    AccountClosed,
    /// Unknown: a fact was not seen.
    FactNotSeen,
    /// Unknown: the list that it would be on was not read whole.
    SubjectsNotListed,
    /// Unknown: nothing judged it, for this run did not evaluate the rule.
    NotJudged,
    /// Unknown: its account is listed, and not audited.
    AccountNotActive,
    /// Unknown: this run did not ask for its account.
    NotInScope,
    /// Unknown: its account was not seen.
    AccountNotSeen,
}

impl Fate {
    /// Every value.
    pub const ALL: [Self; 12] = [
        Self::Passes,
        Self::NotApplicable,
        Self::SubjectGone,
        Self::SubjectReplaced,
        Self::AccountGone,
        Self::AccountClosed,
        Self::FactNotSeen,
        Self::SubjectsNotListed,
        Self::NotJudged,
        Self::AccountNotActive,
        Self::NotInScope,
        Self::AccountNotSeen,
    ];

    /// Tells whether the failure is fixed, and not merely out of sight.
    pub const fn is_fixed(self) -> bool {
        match self {
            Self::Passes
            | Self::NotApplicable
            | Self::SubjectGone
            | Self::SubjectReplaced
            | Self::AccountGone
            | Self::AccountClosed => true,
            Self::FactNotSeen
            | Self::SubjectsNotListed
            | Self::NotJudged
            | Self::AccountNotActive
            | Self::NotInScope
            | Self::AccountNotSeen => false,
        }
    }

    /// Returns the stable name of its class: `fixed` or `unknown`.
    pub const fn class(self) -> &'static str {
        if self.is_fixed() { "fixed" } else { "unknown" }
    }

    /// Returns why, as a sentence without a full stop.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Passes => "it passes now",
            Self::NotApplicable => "the rule does not concern it any more",
            Self::SubjectGone => "it does not exist any more",
            Self::SubjectReplaced => "it was deleted, and another was created under its name",
            Self::AccountGone => "its account is not in the organization any more",
            Self::AccountClosed => "its account was closed",
            Self::FactNotSeen => "a fact that the rule needs was not seen",
            Self::SubjectsNotListed => {
                "the list that it would be on was not read to its end, and it was not seen"
            }
            Self::NotJudged => "this run did not evaluate the rule",
            Self::AccountNotActive => "its account is not active, so it was not audited",
            Self::NotInScope => "its account is not in the scope of this run",
            Self::AccountNotSeen => "its account was not seen",
        }
    }
}

/// A failure of the baseline that is no failure of this run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Past {
    /// The rule's identifier; this version may not have the rule.
    pub rule: String,
    /// What was judged.
    pub subject: Subject,
    /// Whether it was held against the baseline's run.
    pub standing: Standing,
    /// The earliest run known to have had it.
    pub first_seen: Option<Timestamp>,
    /// The last run that had it.
    pub last_seen: Option<Timestamp>,
    /// What became of it.
    pub fate: Fate,
}

/// What a run knows of an account in which the baseline has a failure.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum AccountNow {
    /// It was audited.
    Audited,
    /// It is listed as closed.
    Closed,
    /// It is listed and not audited, for another reason.
    NotActive,
    /// It is proven not to be in the organization any more.
    Gone,
    /// It was not asked for.
    OutOfScope,
    /// Nothing is known of it.
    NotSeen,
}

/// What a run knows of the subject of a failure, in an account that it audited.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum SubjectNow {
    /// The rule gave it this status.
    Judged(Status),
    /// What has its name was created since.
    Replaced,
    /// It is not on a list that is whole.
    Gone,
    /// It is not on a list that is not whole.
    NotListed,
    /// It is there, or is not known not to be, and the rule did not judge it.
    NotJudged,
}

/// Returns what became of a failure; `None` if it is one still.
pub(crate) const fn fate(account: AccountNow, subject: SubjectNow) -> Option<Fate> {
    Some(match (account, subject) {
        (AccountNow::Closed, _) => Fate::AccountClosed,
        (AccountNow::Gone, _) => Fate::AccountGone,
        (AccountNow::NotActive, _) => Fate::AccountNotActive,
        (AccountNow::OutOfScope, _) => Fate::NotInScope,
        (AccountNow::NotSeen, _) => Fate::AccountNotSeen,
        (AccountNow::Audited, SubjectNow::Replaced) => Fate::SubjectReplaced,
        (AccountNow::Audited, SubjectNow::Gone) => Fate::SubjectGone,
        (AccountNow::Audited, SubjectNow::NotListed) => Fate::SubjectsNotListed,
        (AccountNow::Audited, SubjectNow::NotJudged) => Fate::NotJudged,
        (AccountNow::Audited, SubjectNow::Judged(status)) => match status {
            Status::Pass => Fate::Passes,
            Status::NotApplicable => Fate::NotApplicable,
            Status::Indeterminate => Fate::FactNotSeen,
            Status::Fail => return None,
        },
    })
}
