//! How long credential reports take, learned from the accounts before.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// AWS documents nothing; for a report of fifty users two seconds were seen, and small ones may be quicker.
const AT_FIRST: Duration = Duration::from_secs(1);
/// The shortest wait.
const SHORTEST: Duration = Duration::from_millis(250);
/// The longest wait that is learned.
const LONGEST: Duration = Duration::from_secs(10);

/// How long credential reports take: each look that comes too early is a call wasted, and each that comes late is
/// time. All accounts share what was learned.
///
/// A report that was ready lowers the wait a little, one that was not raises it by a fifth: some looks in a hundred
/// come too early. Only waits as long as the present one count, so that hundreds of accounts that waited alike do not
/// push it hundreds of times.
#[derive(Debug)]
pub(crate) struct ReportWait(Mutex<Duration>);

impl Default for ReportWait {
    fn default() -> Self {
        Self(Mutex::new(AT_FIRST))
    }
}

impl ReportWait {
    /// Returns how long to wait before the first look.
    pub(crate) fn now(&self) -> Duration {
        *self.lock()
    }

    /// Takes note that a report was ready after `waited`.
    pub(crate) fn sufficed(&self, waited: Duration) {
        let mut wait = self.lock();
        if waited <= *wait {
            *wait = waited.mul_f64(0.98).max(SHORTEST);
        }
    }

    /// Takes note that a report was not ready after `waited`.
    pub(crate) fn fell_short(&self, waited: Duration) {
        let mut wait = self.lock();
        *wait = waited.mul_f64(1.2).clamp(*wait, LONGEST.max(*wait));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Duration> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::ReportWait;

    #[test]
    fn it_settles_where_few_looks_come_too_early() {
        let wait = ReportWait::default();
        let takes = Duration::from_millis(3100);
        let (mut early, rounds) = (0, 200);
        for _ in 0..rounds {
            let waited = wait.now();
            // Many accounts wait alike.
            for _ in 0..50 {
                if waited < takes {
                    wait.fell_short(waited);
                } else {
                    wait.sufficed(waited);
                }
            }
            early += u32::from(waited < takes);
        }
        assert!(
            early < rounds / 6,
            "{early} of {rounds} rounds came too early"
        );
        assert!(wait.now() < takes.mul_f64(1.3), "{:?}", wait.now());
    }

    #[test]
    fn it_stays_within_its_bounds() {
        let wait = ReportWait::default();
        for _ in 0..100 {
            wait.fell_short(wait.now());
        }
        assert_eq!(wait.now(), Duration::from_secs(10));
        wait.fell_short(Duration::from_secs(100));
        assert_eq!(wait.now(), Duration::from_secs(10));
        for _ in 0..1000 {
            wait.sufficed(wait.now());
        }
        assert_eq!(wait.now(), Duration::from_millis(250));
    }
}
