//! From totals and a threshold to a decision.

use crate::{Severity, Totals, assessment::Strictness};

/// What a run must meet.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// The least severity of a failure that closes the gate.
    pub fail_on: Severity,
    /// The least coverage, in hundredths of a percent: 10 000 is everything.
    pub min_coverage: u32,
    /// Whether what no call of the chosen mode can show counts against coverage.
    pub strictness: Strictness,
}

/// What the gate decides.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// No failure at or above the threshold, and enough was seen.
    Open,
    /// There are failures at or above the threshold.
    Failures,
    /// No such failure, but too little was seen to say that there is none.
    Incomplete,
}

impl Gate {
    /// Decides. Failures come first: they are certain, whatever else was not seen.
    pub fn decide(&self, totals: &Totals) -> Decision {
        if totals.failures_at_least(self.fail_on) > 0 {
            return Decision::Failures;
        }
        let (seen, all) = totals.coverage.seen_of_all(self.strictness);
        // Nothing looked at is nothing seen: an empty scope is not a clean one.
        let enough =
            all > 0 && u128::from(seen) * 10_000 >= u128::from(all) * u128::from(self.min_coverage);
        if enough && totals.coverage.management_unseen == 0 {
            Decision::Open
        } else {
            Decision::Incomplete
        }
    }
}
