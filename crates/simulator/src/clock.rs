//! The time: real where credentials are concerned, fixed elsewhere if asked for.
#![expect(
    clippy::disallowed_methods,
    reason = "the simulator stands for AWS, which has a clock of its own"
)]

use std::time::{Instant, SystemTime, UNIX_EPOCH};

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
