//! What is remembered of authenticators: drift, codes that were used, attempts.

use crate::authenticators::{Authenticators, Rejection};
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
