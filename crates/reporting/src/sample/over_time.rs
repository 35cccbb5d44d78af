//! An organization that has been audited for more than a year.

use model::Timestamp;

use super::{Sample, mixed};
use crate::{Trend, TrendPoint};

/// An organization with every kind of trouble, and four hundred runs before, in some of which nothing was seen.
pub(crate) fn over_time() -> Sample {
    let point = |run: i64| TrendPoint {
        organization: "o-ab12cd34".to_owned(),
        run_id: format!("run-{run}"),
        collected_at: Timestamp::from_epoch_seconds(1_756_000_000 + 86_400 * run).unwrap(),
        // Once somebody looked at a few accounts only.
        lists_all_accounts: run != 300,
        accounts: 40 + run / 20,
        coverage_basis_points: (run % 90 != 40).then_some(9_300 + run * 7 / 4),
        principals: 900 + run,
        principals_without_mfa: Some(420 - run),
        principals_undecided: run % 4,
        failures: 510 - run - run % 7 * 3,
        open_failures: 510 - run,
        new_failures: 0,
        fixed_failures: 1,
    };
    let points = (0..400).map(point).collect();
    Sample {
        trend: Some(Trend { points }),
        ..mixed()
    }
}
