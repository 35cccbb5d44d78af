//! How long credential reports take, learned from the accounts before.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// AWS documents nothing; for a report of fifty users two seconds were seen.
const AT_FIRST: Duration = Duration::from_secs(2);
/// The shortest wait.
const SHORTEST: Duration = Duration::from_millis(250);
/// The longest wait that is learned.
const LONGEST: Duration = Duration::from_secs(10);

/// How long credential reports take: each look that comes too early is a call wasted, and each that comes late is
/// time. All accounts share what was learned.
///
/// A report that was not ready raises the wait by a twentieth, one that was lowers it: by a tenth until one was not
/// ready, and by half a percent from then on, so that one look in ten comes too early, and the wait is never much
/// longer than it must be. Only waits as long as the present one count: hundreds of accounts that waited alike do not
/// push it hundreds of times.
#[derive(Debug)]
pub(crate) struct ReportWait(Mutex<Learned>);

#[derive(Debug)]
struct Learned {
    wait: Duration,
    /// What is left of a wait that was long enough.
    lowered: f64,
}

impl Default for ReportWait {
    fn default() -> Self {
        let (wait, lowered) = (AT_FIRST, 0.9);
        Self(Mutex::new(Learned { wait, lowered }))
    }
}

impl ReportWait {
    /// Returns how long to wait before the first look.
    pub(crate) fn now(&self) -> Duration {
        self.lock().wait
    }

    /// Takes note that a report was ready after `waited`.
    pub(crate) fn sufficed(&self, waited: Duration) {
        let mut learned = self.lock();
        if waited <= learned.wait {
            learned.wait = waited.mul_f64(learned.lowered).max(SHORTEST);
        }
    }

    /// Takes note that a report was not ready after `waited`.
    pub(crate) fn fell_short(&self, waited: Duration) {
        let mut learned = self.lock();
        let most = LONGEST.max(learned.wait);
        learned.wait = waited.mul_f64(1.05).clamp(learned.wait, most);
        learned.lowered = 0.995;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Learned> {
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
        assert!(wait.now() < takes.mul_f64(1.06), "{:?}", wait.now());
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
