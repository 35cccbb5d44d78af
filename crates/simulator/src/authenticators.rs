//! What AWS remembers of each authenticator: how far its clock is off, which codes it has seen, and how often it was
//! tried.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use crate::totp::{Codes, step_of};

/// How many codes of one device are looked at in a window; then none is, right or wrong.
const MOST_ATTEMPTS: u32 = 9;

/// How long a window lasts. All begin and end together, whenever a device was first tried.
const WINDOW_SECONDS: i64 = 180;

/// How many steps a device's second code may be behind or ahead of where it is expected when it is synchronized.
const SEARCH: (i64, i64) = (-998, 1000);

/// How many steps a code may be behind or ahead when its owner signs in with it.
const TOLERANCE: i64 = 2;

/// All authenticators since the start, by serial number.
#[derive(Debug, Default)]
pub(crate) struct Authenticators(Mutex<HashMap<String, Authenticator>>);

#[derive(Debug, Default)]
struct Authenticator {
    /// How many steps its clock is ahead of AWS's.
    drift: i64,
    /// The step of the second code of the last pair that synchronized it.
    synchronized: Option<i64>,
    /// The steps whose codes a session was opened with.
    used: BTreeSet<i64>,
    /// When a user enabled it, by the server's clock.
    bound: Option<i64>,
    /// The codes that sessions were asked for with.
    sessions: Attempts,
    /// The pairs of codes that were wrong.
    pairs: Attempts,
}

/// How often something was tried in a window.
#[derive(Debug, Default)]
struct Attempts {
    window: i64,
    count: u32,
}

impl Attempts {
    /// Returns how many attempts there were in the window of this time.
    fn count(&mut self, now: i64) -> &mut u32 {
        let window = now.div_euclid(WINDOW_SECONDS);
        if self.window != window {
            *self = Self { window, count: 0 };
        }
        &mut self.count
    }
}

/// Why a code does not open a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejection {
    /// It was not looked at.
    Unavailable,
    /// It is not right, or was used before.
    Wrong,
}

impl Authenticators {
    /// Takes a pair of codes in order, and learns from it how far the device's clock is off; tells whether it is right.
    ///
    /// Neither code may be of a pair that was taken before. Sessions can still be opened with both.
    pub(crate) fn synchronize(
        &self,
        serial: &str,
        seed: Option<&str>,
        pair: (u32, u32),
        now: i64,
    ) -> bool {
        self.with(serial, |it| {
            let attempts = it.pairs.count(now);
            if *attempts >= MOST_ATTEMPTS {
                return false;
            }
            let expected = step_of(now) + it.drift;
            let found = seed
                .and_then(Codes::of)
                .and_then(|codes| find(&codes, pair, expected, it.synchronized));
            match found {
                Some(second) => {
                    it.drift = second - step_of(now);
                    it.synchronized = Some(second);
                }
                None => *attempts += 1,
            }
            found.is_some()
        })
    }

    /// Notes that a user has enabled the device.
    pub(crate) fn bind(&self, serial: &str, now: i64) {
        self.with(serial, |it| it.bound = Some(now));
    }

    /// Notes that the device is no one's.
    pub(crate) fn unbind(&self, serial: &str) {
        self.with(serial, |it| it.bound = None);
    }

    /// Forgets the device but for the attempts: one with the same serial number has to wait as long.
    pub(crate) fn forget(&self, serial: &str) {
        self.with(serial, |it| {
            *it = Authenticator {
                sessions: std::mem::take(&mut it.sessions),
                pairs: std::mem::take(&mut it.pairs),
                ..Authenticator::default()
            };
        });
    }

    /// Takes a code to open a session with, which works once; `delay` is how long a new device is not known yet.
    pub(crate) fn authenticate(
        &self,
        serial: &str,
        seed: Option<&str>,
        code: u32,
        now: i64,
        delay: u32,
    ) -> Result<(), Rejection> {
        self.with(serial, |it| {
            let attempts = it.sessions.count(now);
            if *attempts >= MOST_ATTEMPTS {
                return Err(Rejection::Unavailable);
            }
            // AWS counts an attempt with a device that it does not know yet.
            *attempts += 1;
            if it.bound.is_some_and(|it| now < it + i64::from(delay)) {
                return Err(Rejection::Unavailable);
            }
            let codes = seed.and_then(Codes::of).ok_or(Rejection::Wrong)?;
            let expected = step_of(now) + it.drift;
            let mut window = expected - TOLERANCE..=expected + TOLERANCE;
            let step = window.find(|step| codes.at(*step) == code && !it.used.contains(step));
            it.used.insert(step.ok_or(Rejection::Wrong)?);
            Ok(())
        })
    }

    fn with<T>(&self, serial: &str, see: impl FnOnce(&mut Authenticator) -> T) -> T {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        see(all.entry(serial.to_owned()).or_default())
    }
}

/// Returns the step of the pair's second code that is nearest to the expected one, if both codes are of steps after
/// `last`.
fn find(codes: &Codes, pair: (u32, u32), expected: i64, last: Option<i64>) -> Option<i64> {
    let first = expected + SEARCH.0 - 1;
    let mut before = codes.at(first);
    let mut found: Option<i64> = None;
    for step in first + 1..=expected + SEARCH.1 {
        let code = codes.at(step);
        let right = (before, code) == pair && last.is_none_or(|last| step - 1 > last);
        let nearer = |it: i64| (step - expected).abs() < (it - expected).abs();
        if right && found.is_none_or(nearer) {
            found = Some(step);
        }
        before = code;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Authenticators, Rejection};
    use crate::totp::{Codes, step_of};

    const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    /// The beginning of a window of attempts.
    const NOW: i64 = 1_800_000_000;

    fn code(offset: i64) -> u32 {
        Codes::of(SEED).unwrap().at(step_of(NOW) + offset)
    }

    /// Synchronizes with the pair whose second code is so many steps ahead of the clock.
    fn pair(known: &Authenticators, second: i64) -> bool {
        pair_at(known, second, NOW)
    }

    fn pair_at(known: &Authenticators, second: i64, now: i64) -> bool {
        known.synchronize("s", Some(SEED), (code(second - 1), code(second)), now)
    }

    fn session(known: &Authenticators, offset: i64, now: i64) -> Result<(), Rejection> {
        known.authenticate("s", Some(SEED), code(offset), now, 0)
    }

    #[test]
    fn a_pair_is_two_codes_one_after_the_other() {
        let known = Authenticators::default();
        for wrong in [(0, 0), (0, -1), (-2, 0), (-1, 1)] {
            let codes = (code(wrong.0), code(wrong.1));
            assert!(!known.synchronize("s", Some(SEED), codes, NOW), "{wrong:?}");
        }
        assert!(pair(&known, 0));
    }

    #[test]
    fn a_clock_may_be_off_by_a_third_of_a_day() {
        for (offset, right) in [(-999, false), (-998, true), (1000, true), (1001, false)] {
            assert_eq!(pair(&Authenticators::default(), offset), right, "{offset}");
        }
    }

    #[test]
    fn a_later_search_begins_where_the_device_is() {
        let known = Authenticators::default();
        assert!(pair(&known, 1000));
        assert!(!pair(&known, 2001));
        assert!(pair(&known, 2000));
    }

    #[test]
    fn sessions_tolerate_two_steps_of_the_devices_own_clock() {
        for drift in [0, 6] {
            let known = Authenticators::default();
            assert!(pair(&known, drift));
            for (offset, right) in [(-3, false), (-2, true), (2, true), (3, false), (0, true)] {
                let answer = session(&known, drift + offset, NOW);
                assert_eq!(answer.is_ok(), right, "{drift} {offset}");
            }
        }
    }

    #[test]
    fn a_pair_cannot_be_used_again_nor_its_second_code_in_another() {
        let known = Authenticators::default();
        assert!(pair(&known, 3));
        for old in [3, 2, 4] {
            assert!(!pair(&known, old), "{old}");
        }
        assert!(pair(&known, 5));
    }

    #[test]
    fn a_pair_is_good_for_sessions_each_code_once_in_any_order() {
        let known = Authenticators::default();
        assert!(pair(&known, 0));
        assert_eq!(session(&known, 0, NOW), Ok(()));
        assert_eq!(session(&known, -1, NOW), Ok(()));
        assert_eq!(session(&known, 0, NOW), Err(Rejection::Wrong));
        // A new pair may hold a code that a session was opened with, and does not release it.
        assert_eq!(session(&known, 2, NOW), Ok(()));
        assert!(pair(&known, 2));
        assert_eq!(session(&known, 2, NOW), Err(Rejection::Wrong));
    }

    #[test]
    fn nine_codes_are_looked_at_in_three_minutes() {
        let known = Authenticators::default();
        assert_eq!(session(&known, 0, NOW), Ok(()));
        for _ in 0..8 {
            assert_eq!(session(&known, 50, NOW + 100), Err(Rejection::Wrong));
        }
        let refused = Err(Rejection::Unavailable);
        assert_eq!(session(&known, 1, NOW + 30), refused);
        assert_eq!(session(&known, 5, NOW + 179), refused);
        assert_eq!(session(&known, 6, NOW + 180), Ok(()));
        let other = known.authenticate("other", Some(SEED), code(0), NOW, 0);
        assert_eq!(other, Ok(()), "each device has attempts of its own");
    }

    #[test]
    fn nine_wrong_pairs_are_too_many_and_sessions_count_apart() {
        let known = Authenticators::default();
        for _ in 0..9 {
            assert!(!known.synchronize("s", Some(SEED), (1, 2), NOW));
        }
        assert!(!pair(&known, 0));
        assert_eq!(session(&known, 0, NOW), Ok(()));
        assert!(pair_at(&known, 6, NOW + 180));
    }

    #[test]
    fn what_a_deleted_device_leaves_is_its_attempts() {
        let known = Authenticators::default();
        assert!(pair(&known, 6));
        for _ in 0..9 {
            let _ = session(&known, 50, NOW);
        }
        known.forget("s");
        assert_eq!(session(&known, 0, NOW), Err(Rejection::Unavailable));
        assert_eq!(session(&known, 6, NOW + 180), Ok(()), "the drift is gone");
        assert!(pair_at(&known, 6, NOW + 180), "so is the last pair");
    }

    #[test]
    fn a_new_device_is_known_after_a_while() {
        let known = Authenticators::default();
        known.bind("s", NOW);
        let early = known.authenticate("s", Some(SEED), code(0), NOW + 9, 10);
        assert_eq!(early, Err(Rejection::Unavailable));
        let late = known.authenticate("s", Some(SEED), code(0), NOW + 10, 10);
        assert_eq!(late, Ok(()));
    }

    #[test]
    fn without_a_seed_no_code_is_right() {
        let known = Authenticators::default();
        assert!(!known.synchronize("s", None, (code(-1), code(0)), NOW));
        let answer = known.authenticate("s", None, code(0), NOW, 0);
        assert_eq!(answer, Err(Rejection::Wrong));
    }
}
