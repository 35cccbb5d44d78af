//! How runs stand over time, as a dataset of runs tells it.

use model::{Date, Timestamp};

use crate::{Appearance, formats};

/// The runs of a dataset in order, each with how it stands.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Trend {
    /// By organization, then by time.
    pub points: Vec<TrendPoint>,
}

/// How a run stands, and what is new and fixed in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrendPoint {
    /// The organization; the account, for one that is in none.
    pub organization: String,
    /// The run's identifier.
    pub run_id: String,
    /// When it was collected.
    pub collected_at: Timestamp,
    /// How many accounts were audited.
    pub accounts: i64,
    /// The share of what had to be seen that was, in hundredths of a percent; `None` if there was nothing to see.
    pub coverage_basis_points: Option<i64>,
    /// How many root users and IAM users were seen.
    pub principals: i64,
    /// How many of them are known to be able to sign in without MFA.
    pub principals_without_mfa: i64,
    /// How many findings fail, waived or not.
    pub failures: i64,
    /// How many findings begin to fail in it; in an organization's first run, all that do.
    pub new_failures: i64,
    /// How many failures were seen to have ended.
    pub fixed_failures: i64,
}

impl TrendPoint {
    /// Returns the day of the run.
    pub(crate) fn day(&self) -> String {
        Date::of(self.collected_at).map_or_else(String::new, |it| it.to_string())
    }
}

impl Trend {
    /// Returns the runs of each organization.
    pub(crate) fn organizations(&self) -> impl Iterator<Item = &[TrendPoint]> {
        self.points
            .chunk_by(|one, other| one.organization == other.organization)
    }
}

/// Returns the trend for a terminal.
pub fn write_trend(trend: &Trend, look: &Appearance) -> String {
    formats::trend_table(trend, look)
}

/// Returns rows for a terminal, under their columns' names.
pub fn write_rows(title: &str, names: &[&str], rows: &[Vec<String>], look: &Appearance) -> String {
    formats::rows_table(title, names, rows, look)
}
