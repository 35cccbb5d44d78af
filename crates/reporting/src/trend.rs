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
    /// Whether the accounts of the organization were listed whole and all asked for.
    pub lists_all_accounts: bool,
    /// How many accounts were audited.
    pub accounts: i64,
    /// The share of what had to be seen that was, in hundredths of a percent; `None` if there was nothing to see.
    pub coverage_basis_points: Option<i64>,
    /// How many root users and IAM users were seen.
    pub principals: i64,
    /// How many of them are known to be able to sign in without MFA; `None` if no rule that tells was evaluated.
    pub principals_without_mfa: Option<i64>,
    /// Of how many of them that is not known.
    pub principals_undecided: i64,
    /// How many findings of this run alone fail, waived or not.
    pub failures: i64,
    /// How many findings began to fail, in this run or before, and were not seen to end. What a run does not see is open still.
    pub open_failures: i64,
    /// How many findings begin to fail in it; in an organization's first run, all that do.
    pub new_failures: i64,
    /// How many failures were seen to have ended.
    pub fixed_failures: i64,
}

impl TrendPoint {
    /// Tells whether it was of a part of its organization. An account that is in none is whole by itself.
    pub(crate) fn is_of_a_part(&self) -> bool {
        let is_an_account = self.organization.bytes().all(|it| it.is_ascii_digit());
        !self.lists_all_accounts && !is_an_account
    }

    /// Tells that the run saw no less than another: fewer who sign in without MFA are then fewer, and not fewer that were seen.
    pub(crate) fn sees_no_less_than(&self, other: &Self) -> bool {
        let coverage = |it: &Self| it.coverage_basis_points.unwrap_or_default();
        self.principals_undecided == 0 && !self.is_of_a_part() && coverage(self) >= coverage(other)
    }

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

/// Returns the runs of an organization whose totals are the organization's, each with how it stands: all but those of a part
/// of it, or all if each is of a part. `None` stands where a run is left out.
pub(crate) fn comparable(
    points: &[TrendPoint],
) -> impl Iterator<Item = Option<&TrendPoint>> + Clone {
    let all = points.iter().all(TrendPoint::is_of_a_part);
    points
        .iter()
        .map(move |it| (all || !it.is_of_a_part()).then_some(it))
}

/// Returns the trend for a terminal.
pub fn write_trend(trend: &Trend, look: &Appearance) -> String {
    formats::trend_table(trend, look)
}

/// Returns rows for a terminal, under their columns' names.
pub fn write_rows(title: &str, names: &[&str], rows: &[Vec<String>], look: &Appearance) -> String {
    formats::rows_table(title, names, rows, look)
}
