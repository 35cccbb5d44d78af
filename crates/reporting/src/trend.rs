//! How runs before this one came out, for whoever draws them.

use model::Timestamp;

/// The runs of an organization, the oldest first; the last may be this one.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Trend {
    /// The runs.
    pub points: Vec<TrendPoint>,
}

/// What a run came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TrendPoint {
    /// When it was collected.
    pub at: Timestamp,
    /// The accounts that were audited.
    pub accounts: u64,
    /// How much of what had to be seen was seen, in hundredths of a percent; `None` if nothing had to.
    pub coverage: Option<u32>,
    /// The root users and IAM users that were seen.
    pub principals: u64,
    /// Those of them that are known to be able to sign in without MFA.
    pub without_mfa: u64,
    /// The failures that were found.
    pub failures: u64,
}
