//! The documented questions, and the columns of their answers.

use reporting::columnar::{Column, Kind, Presence};

/// A documented question over all runs, the same in SQL and here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Query {
    /// How each run stands, and what is new and fixed in it.
    Trend,
    /// How much each run saw.
    Coverage,
    /// How long failures took that were seen to end.
    TimeToFix,
    /// What fails still, and since when.
    OldestOpen,
    /// What passed, and then failed.
    Regressed,
    /// Accounts of which no run saw anything.
    NeverSeen,
}

use Kind::{Flag, Number, SharedText, Text, Time};

const fn column(name: &'static str, kind: Kind) -> Column {
    Column {
        name,
        kind,
        presence: Presence::Sometimes,
    }
}

const ORGANIZATION: Column = column("organization", SharedText);
const RUN: Column = column("run_id", SharedText);
const COLLECTED: Column = column("collected_at", Time);
const COVERED: Column = column("coverage_basis_points", Number);
const FINDING: Column = column("finding_id", Text);
const RULE: Column = column("rule", SharedText);
const SEVERITY: Column = column("severity", SharedText);
const ACCOUNT: Column = column("account_id", SharedText);
const SUBJECT: Column = column("subject_arn", Text);
const SINCE: Column = column("failing_since", Time);
const DAYS: Column = column("days", Number);

impl Query {
    /// Every question.
    pub const ALL: [Self; 6] = [
        Self::Trend,
        Self::Coverage,
        Self::TimeToFix,
        Self::OldestOpen,
        Self::Regressed,
        Self::NeverSeen,
    ];

    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Trend => "trend",
            Self::Coverage => "coverage",
            Self::TimeToFix => "time-to-fix",
            Self::OldestOpen => "oldest-open",
            Self::Regressed => "regressed",
            Self::NeverSeen => "never-seen",
        }
    }

    /// Returns what it asks, as a sentence without a full stop.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Trend => "How each run stands, and what is new and fixed in it",
            Self::Coverage => "How much each run saw",
            Self::TimeToFix => "How long failures took that were seen to end",
            Self::OldestOpen => "What fails still, and since when",
            Self::Regressed => "What passed, and then failed",
            Self::NeverSeen => "Accounts of which no run saw anything",
        }
    }

    /// Returns it in SQL, the same for every engine, over the documented views.
    pub const fn sql(self) -> &'static str {
        match self {
            Self::Trend => include_str!("../sql/trend.sql"),
            Self::Coverage => include_str!("../sql/coverage.sql"),
            Self::TimeToFix => include_str!("../sql/time_to_fix.sql"),
            Self::OldestOpen => include_str!("../sql/oldest_open.sql"),
            Self::Regressed => include_str!("../sql/regressed.sql"),
            Self::NeverSeen => include_str!("../sql/never_seen.sql"),
        }
    }

    /// Returns the columns of its answer.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Trend => {
                const {
                    &[
                        ORGANIZATION,
                        RUN,
                        COLLECTED,
                        column("lists_all_accounts", Flag),
                        column("accounts", Number),
                        COVERED,
                        column("principals", Number),
                        column("principals_without_mfa", Number),
                        column("principals_undecided", Number),
                        column("failures", Number),
                        column("open_failures", Number),
                        column("new_failures", Number),
                        column("fixed_failures", Number),
                    ]
                }
            }
            Self::Coverage => {
                const {
                    &[
                        ORGANIZATION,
                        RUN,
                        COLLECTED,
                        column("accounts", Number),
                        column("accounts_short", Number),
                        column("accounts_unseen", Number),
                        column("cells", Number),
                        column("cells_seen", Number),
                        COVERED,
                    ]
                }
            }
            Self::TimeToFix => {
                const {
                    &[
                        ORGANIZATION,
                        FINDING,
                        RULE,
                        SEVERITY,
                        ACCOUNT,
                        SUBJECT,
                        column("fixed_by", SharedText),
                        SINCE,
                        column("fixed_at", Time),
                        DAYS,
                    ]
                }
            }
            Self::OldestOpen => {
                const {
                    &[
                        ORGANIZATION,
                        FINDING,
                        RULE,
                        SEVERITY,
                        ACCOUNT,
                        SUBJECT,
                        column("owner", SharedText),
                        column("waived", Flag),
                        SINCE,
                        column("last_failed_at", Time),
                        DAYS,
                    ]
                }
            }
            Self::Regressed => {
                const {
                    &[
                        ORGANIZATION,
                        FINDING,
                        RULE,
                        SEVERITY,
                        ACCOUNT,
                        SUBJECT,
                        column("passed_at", Time),
                        column("failed_at", Time),
                    ]
                }
            }
            Self::NeverSeen => {
                const {
                    &[
                        ORGANIZATION,
                        ACCOUNT,
                        column("account_name", SharedText),
                        column("runs", Number),
                        column("first_listed", Time),
                        column("last_listed", Time),
                        column("gap_reason", SharedText),
                    ]
                }
            }
        }
    }
}
