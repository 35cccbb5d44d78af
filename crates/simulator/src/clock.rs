//! The time: real where credentials are concerned, fixed elsewhere if asked for.
#![expect(
    clippy::disallowed_methods,
    reason = "the simulator stands for AWS, which has a clock of its own"
)]

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const BASIC: &str = "%Y%m%dT%H%M%SZ";

/// The simulator's clock.
pub(crate) struct Clock {
    fixed: Option<i64>,
}

impl Clock {
    pub(crate) fn new(fixed: Option<i64>) -> Self {
        Self { fixed }
    }

    /// Returns the time that answers show, in seconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.fixed.unwrap_or_else(real)
    }
}

/// Returns the real time, in seconds since 1970; credentials expire by it, since SDKs compare it with their own clock.
pub(crate) fn real() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Returns a moment to measure delays from.
pub(crate) fn moment() -> Instant {
    Instant::now()
}

/// Returns a time as `x-amz-date` writes it, such as `20261124T090000Z`.
pub(crate) fn basic(second: i64) -> String {
    time(second).strftime(BASIC).to_string()
}

/// Reads a time as `x-amz-date` writes it.
pub(crate) fn read_basic(text: &str) -> Option<i64> {
    let time = DateTime::strptime(BASIC, text).ok()?;
    Some(TimeZone::UTC.to_timestamp(time).ok()?.as_second())
}

/// Returns a time as the header `Date` writes it, such as `Tue, 24 Nov 2026 09:00:00 GMT`.
pub(crate) fn http_date(second: i64) -> String {
    time(second)
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}

fn time(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH)
}
