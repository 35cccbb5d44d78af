//! Coverage waivers at one moment, and what became of each.

use model::{Account, Date, Timestamp};

use crate::{Completeness, CoverageWaiver};

/// Coverage waivers at one moment, and what became of each.
#[derive(Clone, Debug, Default)]
pub struct CoverageWaivers {
    /// The day of the run; `None` if the evidence tells no time.
    today: Option<Date>,
    counted: Vec<Counted>,
}

#[derive(Clone, Debug)]
struct Counted {
    waiver: CoverageWaiver,
    matched: u64,
    short: u64,
    held: u64,
}

/// What became of a coverage waiver.
#[derive(Clone, Copy, Debug)]
pub struct WaiverUse<'a> {
    /// The waiver.
    pub waiver: &'a CoverageWaiver,
    /// Whether it applied, and if not, why.
    pub state: WaiverState,
    /// The audited accounts where it holds, or would.
    pub accounts_matched: u64,
    /// Of those, the accounts that were not fully seen.
    pub accounts_short: u64,
    /// Of those, the accounts that no waiver covers, so that they are held against the gate.
    pub accounts_held: u64,
}

/// Whether a coverage waiver applied, and if not, why.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum WaiverState {
    /// It applied.
    Active,
    /// Its last day has passed, so it applied no more.
    Expired,
    /// The evidence tells no time, so that nobody can say whether it holds: it did not apply.
    Undated,
    /// No audited account is where it holds.
    Unmatched,
    /// Every account where it holds was fully seen.
    NotNeeded,
}

impl WaiverState {
    /// Every state.
    pub const ALL: [Self; 5] = [
        Self::Active,
        Self::Expired,
        Self::Undated,
        Self::Unmatched,
        Self::NotNeeded,
    ];

    /// Returns the stable kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Undated => "undated",
            Self::Unmatched => "unmatched",
            Self::NotNeeded => "not-needed",
        }
    }
}

impl CoverageWaivers {
    /// Returns `waivers` as they are at `now`, the moment of the run. If there is none, no waiver applies.
    pub fn at(now: Option<Timestamp>, waivers: Vec<CoverageWaiver>) -> Self {
        let uncounted = |waiver| Counted {
            waiver,
            matched: 0,
            short: 0,
            held: 0,
        };
        Self {
            today: now.and_then(Date::of),
            counted: waivers.into_iter().map(uncounted).collect(),
        }
    }

    /// Returns the waiver that covers `account`: of those that hold, the one that does for longest.
    pub fn covering(&self, account: &Account) -> Option<&CoverageWaiver> {
        let today = self.today?;
        let waivers = self.counted.iter().rev().map(|it| &it.waiver);
        let hold = waivers.filter(|it| it.holds_on(today) && it.matches(account));
        // Of equal ones the last counts, which is the first as written.
        hold.max_by_key(|it| it.expires)
    }

    /// Counts an audited account.
    pub fn count(&mut self, account: &Account, completeness: Completeness) {
        let (short, held) = match (completeness, self.covering(account)) {
            (Completeness::Full, _) => (0, 0),
            (Completeness::Short, Some(_)) => (1, 0),
            (Completeness::Short, None) => (1, 1),
        };
        for it in &mut self.counted {
            if it.waiver.matches(account) {
                it.matched += 1;
                it.short += short;
                it.held += held;
            }
        }
    }

    /// Returns what became of each waiver, in the order they were given.
    pub fn uses(&self) -> impl Iterator<Item = WaiverUse<'_>> {
        self.counted.iter().map(|it| WaiverUse {
            waiver: &it.waiver,
            state: self.state(it),
            accounts_matched: it.matched,
            accounts_short: it.short,
            accounts_held: it.held,
        })
    }

    fn state(&self, counted: &Counted) -> WaiverState {
        match self.today {
            None => WaiverState::Undated,
            Some(today) if !counted.waiver.holds_on(today) => WaiverState::Expired,
            Some(_) if counted.matched == 0 => WaiverState::Unmatched,
            Some(_) if counted.short == 0 => WaiverState::NotNeeded,
            Some(_) => WaiverState::Active,
        }
    }
}
