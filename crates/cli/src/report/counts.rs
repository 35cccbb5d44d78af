//! The counts of a run, as it is told.

use model::Date;
use reporting::{Tally, Told};
use rules::{Criteria, WaiverUses};

/// The counts of a run. What becomes of waivers is counted of the run itself, for their patterns match no pseudonyms; all
/// else of what is told.
pub(super) struct Counts {
    pub(super) tally: Tally,
    pub(super) uses: WaiverUses,
}

impl Counts {
    pub(super) fn new(told: &Told<'_>, criteria: &Criteria) -> Self {
        let day = told.header.collected_at.and_then(Date::of);
        Self {
            tally: Tally::new(
                &told.header,
                &told.criteria.rules,
                told.coverage_waivers.clone(),
            )
            .with_frameworks(&told.criteria)
            .compared(told.criteria.baseline.as_ref())
            .with_owners(told.owners.clone()),
            uses: WaiverUses::new(criteria.waivers.clone(), &criteria.rules, day),
        }
    }

    pub(super) fn finish(self, told: &Told<'_>) -> Tally {
        let uses = self.uses.told_as(&told.criteria.waivers);
        self.tally.with_waiver_uses(uses)
    }
}
