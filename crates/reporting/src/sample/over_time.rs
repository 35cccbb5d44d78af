//! An organization that has been audited for more than a year.

use model::Timestamp;

use super::{Sample, mixed};
use crate::{Trend, TrendPoint};

/// An organization with every kind of trouble, and four hundred runs before, in some of which nothing was seen.
pub(crate) fn over_time() -> Sample {
    let point = |run: u64| TrendPoint {
        at: Timestamp::from_epoch_seconds(1_756_000_000 + 86_400 * i64::try_from(run).unwrap())
            .unwrap(),
        accounts: 40 + run / 20,
        coverage: (run % 90 != 40).then(|| 9_300 + u32::try_from(run).unwrap() * 7 / 4),
        principals: 900 + run,
        without_mfa: 420 - run,
        failures: 510 - run - run % 7 * 3,
    };
    let points = (0..400).map(point).collect();
    Sample {
        trend: Some(Trend { points }),
        ..mixed()
    }
}
