//! When an account or the run must be done; what is open then is a gap.

use std::time::Duration;

use aws::Trouble;
use model::GapReason;
use tokio::time::{Instant, timeout_at};

/// The moment at which an account must be done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    at: Instant,
    whose: Whose,
    allowed: Duration,
}

#[derive(Clone, Copy, Debug)]
enum Whose {
    Account,
    Run,
}

/// How long the whole run may take, counted from when this is made.
#[derive(Clone, Copy, Debug)]
pub struct RunDeadline(Deadline);

impl RunDeadline {
    /// Returns the deadline of a run that begins now.
    pub fn after(allowed: Duration) -> Self {
        Self(Deadline::new(Whose::Run, allowed))
    }

    /// Waits for the deadline.
    pub(crate) async fn passed(&self) {
        tokio::time::sleep_until(self.0.at).await;
    }

    /// Does `work`, unless the deadline comes first.
    ///
    /// # Errors
    ///
    /// Returns the trouble of the work, or that the time ran out.
    pub(crate) async fn bound<T>(
        &self,
        operation: &str,
        work: impl Future<Output = Result<T, Trouble>>,
    ) -> Result<T, Trouble> {
        self.0.bound(operation, work).await
    }

    /// Tells what is said of what is missing for its sake.
    pub(crate) fn trouble(&self, operation: &str) -> Trouble {
        self.0.trouble(operation)
    }

    /// Tells whether it has passed.
    pub(crate) fn has_passed(&self) -> bool {
        Instant::now() >= self.0.at
    }
}

impl Deadline {
    fn new(whose: Whose, allowed: Duration) -> Self {
        // A day so far ahead that it cannot be written is as good as none.
        let at = Instant::now()
            .checked_add(allowed)
            .unwrap_or_else(|| Instant::now() + FAR);
        Self { at, whose, allowed }
    }

    /// Returns the deadline of an account that begins now; the run's, where that is earlier.
    pub(crate) fn of_account(allowed: Duration, run: Option<RunDeadline>) -> Self {
        let own = Self::new(Whose::Account, allowed);
        run.map(|it| it.0)
            .filter(|it| it.at < own.at)
            .unwrap_or(own)
    }

    /// Does `work`, unless the deadline comes first.
    ///
    /// # Errors
    ///
    /// Returns the trouble of the work, or that the time ran out.
    pub(crate) async fn bound<T>(
        &self,
        operation: &str,
        work: impl Future<Output = Result<T, Trouble>>,
    ) -> Result<T, Trouble> {
        timeout_at(self.at, work)
            .await
            .unwrap_or_else(|_| Err(self.trouble(operation)))
    }

    fn trouble(&self, operation: &str) -> Trouble {
        let whose = match self.whose {
            Whose::Account => "the account",
            Whose::Run => "the run",
        };
        let detail = format!("{whose} may take {}", say(self.allowed));
        Trouble::new(operation, GapReason::Deadline, detail)
    }
}

/// Ten years.
const FAR: Duration = Duration::from_hours(87_600);

fn say(allowed: Duration) -> String {
    match allowed.as_secs() {
        0 => format!("{} ms", allowed.as_millis()),
        seconds if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}
