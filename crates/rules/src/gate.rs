//! From totals and a threshold to a decision.

use model::snapshot::AccountList;

use crate::{Coverage, Severity, Strictness, Totals};

/// What a run must meet.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// The least severity of a failure that closes the gate.
    pub fail_on: Severity,
    /// The least coverage of what is not waived, in hundredths of a percent: 10 000 is everything.
    pub min_coverage: u32,
    /// Whether what no call of the chosen mode can show counts against coverage.
    pub strictness: Strictness,
}

/// What the gate decides.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// No failure at or above the threshold is held, and enough was seen.
    Open,
    /// There are failures at or above the threshold, which nobody answers for.
    Failures,
    /// No such failure, but too little was seen to say that there is none.
    Incomplete,
}

/// Whether a run saw enough for its gate.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Sight {
    /// It did.
    Enough,
    /// It did not.
    TooLittle,
    /// Nobody knows: what it left does not tell.
    #[default]
    Unknown,
}

impl Gate {
    /// Decides. Failures come first: they are certain, whatever else was not seen; those that are waived or in
    /// their time of grace are not held. What a coverage waiver covers is
    /// not held against coverage, and never counts as seen.
    pub fn decide(&self, totals: &Totals) -> Decision {
        if totals.failures_at_least(self.fail_on) > 0 {
            return Decision::Failures;
        }
        match self.sight(&totals.coverage, &totals.account_list) {
            Sight::Enough => Decision::Open,
            Sight::TooLittle | Sight::Unknown => Decision::Incomplete,
        }
    }

    /// Tells whether enough was seen to say that there is no such failure.
    pub fn sight(&self, coverage: &Coverage, account_list: &AccountList) -> Sight {
        let (_, all) = coverage.seen_of_all(self.strictness);
        let (seen, held) = coverage.seen_of_held(self.strictness);
        // Nothing looked at is nothing seen: an empty scope is not a clean one.
        let enough = all > 0
            && u128::from(seen) * 10_000 >= u128::from(held) * u128::from(self.min_coverage);
        // An account that was not listed is in no count, and nobody can have waived it.
        let listed = account_list.is_whole();
        if enough && listed && coverage.management_unseen <= coverage.management_waived {
            Sight::Enough
        } else {
            Sight::TooLittle
        }
    }
}
