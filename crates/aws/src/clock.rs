//! The time that facts, snapshots and reports are stamped with.
#![expect(clippy::disallowed_methods, reason = "this is where the time enters")]

use std::time::SystemTime;

use model::Timestamp;

/// The time that facts, snapshots and reports are stamped with. It never reaches request signing, the expiry of
/// credentials, or deadlines.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The system's.
    System,
    /// Always this moment: `SOURCE_DATE_EPOCH`, for reproducible output.
    Fixed(Timestamp),
}

impl Clock {
    /// Returns the current time, to the second.
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => from_system(SystemTime::now()),
            Self::Fixed(at) => at,
        }
    }
}

/// Returns the system's time, whatever the clock that stamps says.
pub(crate) fn system_now() -> SystemTime {
    SystemTime::now()
}

fn from_system(time: SystemTime) -> Timestamp {
    let seconds = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |it| -it),
    };
    // A machine whose clock is outside the calendar gets the epoch rather than a panic.
    Timestamp::from_epoch_seconds(seconds).unwrap_or(Timestamp::EPOCH)
}
