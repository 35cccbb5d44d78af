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
