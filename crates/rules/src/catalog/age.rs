//! Not a rule: how old something is, which several rules ask.

use model::Timestamp;

/// Tells whether more than so many days lie between a time and now. So many days to the second are not more, and what
/// is in the future is not old at all.
pub(super) const fn is_older(now: Timestamp, at: Timestamp, days: u32) -> bool {
    now.seconds_since(at) > days as i64 * 86_400
}

#[cfg(test)]
mod tests {
    use super::is_older;
    use crate::example::time;

    #[test]
    fn the_day_itself_is_not_older() {
        let now = time("2026-11-24T12:00:00Z");
        assert!(!is_older(now, time("2026-10-10T12:00:00Z"), 45));
        assert!(is_older(now, time("2026-10-10T11:59:59Z"), 45));
        assert!(!is_older(now, time("2027-01-01T00:00:00Z"), 0));
    }
}
