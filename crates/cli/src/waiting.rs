//! Looks for what another machine is to deliver.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::error::CliError;

/// How often it is looked for at first, since much is there at once or soon.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// How often it is looked for later on.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Looks for something until it is there, or until the time is over; once if there is none.
pub(crate) fn wait<T>(
    until: Option<Instant>,
    mut look: impl FnMut() -> Result<Option<T>, CliError>,
) -> Result<Option<T>, CliError> {
    let mut pause = FIRST_PAUSE;
    loop {
        let found = look()?;
        let left = until.map_or(Duration::ZERO, |it| it.saturating_duration_since(now()));
        if found.is_some() || left.is_zero() {
            return Ok(found);
        }
        thread::sleep(left.min(pause));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Returns when a time that begins now is over; `None` if no time was given.
pub(crate) fn until(time: Option<Duration>) -> Option<Instant> {
    time.and_then(|it| now().checked_add(it))
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long to wait is of this machine's clock, and stands in no output"
)]
fn now() -> Instant {
    Instant::now()
}
