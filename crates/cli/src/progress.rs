//! How far a run is: a bar on a terminal, a line every few seconds elsewhere.

use std::{
    fmt::Write,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use aws::Meter;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use model::{Gap, GapReason, Record};
use tokio::task::JoinHandle;

use program::environment::is_watched;

use crate::output;

/// How often a line is written where nobody watches.
const LINE_EVERY: Duration = Duration::from_secs(5);
/// How often the bar is drawn anew.
const DRAW_EVERY: Duration = Duration::from_millis(250);

/// How far a run is.
pub(crate) struct Progress {
    counts: Arc<Counts>,
    shown: Shown,
}

enum Shown {
    Nowhere,
    OnTerminal(ProgressBar, JoinHandle<()>),
    InLines(JoinHandle<()>),
}

#[derive(Default)]
struct Counts {
    /// Accounts that are known to be in scope.
    known: AtomicU64,
    /// Whether no more will be known.
    all_known: AtomicBool,
    done: AtomicU64,
    /// Accounts of which something was not seen.
    with_gaps: AtomicU64,
}

impl Progress {
    /// Begins to show how far a run is, whose calls `meter` counts.
    pub(crate) fn begin(meter: &Meter, quiet: bool) -> Self {
        let counts = Arc::new(Counts::default());
        let shown = if quiet {
            Shown::Nowhere
        } else if is_watched() {
            let bar = bar();
            Shown::OnTerminal(bar.clone(), draw(bar, Arc::clone(&counts), meter.clone()))
        } else {
            Shown::InLines(write(Arc::clone(&counts), meter.clone()))
        };
        Self { counts, shown }
    }

    /// Tells whether nothing is shown.
    pub(crate) const fn is_quiet(&self) -> bool {
        matches!(self.shown, Shown::Nowhere)
    }

    /// Counts accounts that were found to be in scope.
    pub(crate) fn found(&self, accounts: usize) {
        self.counts
            .known
            .fetch_add(accounts as u64, Ordering::Relaxed);
    }

    /// Takes note that no more accounts will be found.
    pub(crate) fn all_found(&self) {
        self.counts.all_known.store(true, Ordering::Relaxed);
    }

    /// Counts accounts that an earlier run was done with.
    pub(crate) fn done_before(&self, accounts: usize) {
        self.found(accounts);
        self.counts
            .done
            .fetch_add(accounts as u64, Ordering::Relaxed);
    }

    /// Counts an account that is collected.
    pub(crate) fn collected(&self, record: &Record) {
        let asked_and_missing =
            |it: &&Gap| !matches!(it.reason, GapReason::NotVisible | GapReason::NotRequested);
        self.done(record.gaps.iter().filter(asked_and_missing).count());
    }

    /// Counts an account that is done, of which so many things were not to be had.
    pub(crate) fn done(&self, missing: usize) {
        self.counts.done.fetch_add(1, Ordering::Relaxed);
        if missing > 0 {
            self.counts.with_gaps.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Removes what was shown.
    pub(crate) fn end(&self) {
        match &self.shown {
            Shown::Nowhere => {}
            Shown::InLines(task) => task.abort(),
            Shown::OnTerminal(bar, task) => {
                task.abort();
                bar.finish_and_clear();
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {msg}") {
        bar.set_style(style);
    }
    bar.set_message("discovering accounts");
    bar
}

fn draw(bar: ProgressBar, counts: Arc<Counts>, meter: Meter) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut pulse = Pulse::default();
        loop {
            tokio::time::sleep(DRAW_EVERY).await;
            // A bar of nothing would be full.
            bar.set_length(counts.known.load(Ordering::Relaxed).max(1));
            bar.set_position(counts.done.load(Ordering::Relaxed));
            bar.set_message(pulse.text(&counts, &meter, DRAW_EVERY));
        }
    })
}

fn write(counts: Arc<Counts>, meter: Meter) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut pulse = Pulse::default();
        loop {
            tokio::time::sleep(LINE_EVERY).await;
            output::say(&pulse.text(&counts, &meter, LINE_EVERY));
        }
    })
}

/// What was counted at the last look.
#[derive(Default)]
struct Pulse {
    calls: u64,
    /// Calls and accounts a second, smoothed.
    calls_rate: f64,
    done: u64,
    done_rate: f64,
}

impl Pulse {
    #[expect(clippy::cast_precision_loss, reason = "shown, not computed with")]
    fn text(&mut self, counts: &Counts, meter: &Meter, since: Duration) -> String {
        let total = meter.total();
        let done = counts.done.load(Ordering::Relaxed);
        let known = counts.known.load(Ordering::Relaxed);
        let all_known = counts.all_known.load(Ordering::Relaxed);
        let smooth = |rate: f64, new: u64| {
            let now = new as f64 / since.as_secs_f64();
            if rate == 0.0 {
                now
            } else {
                rate * 0.8 + now * 0.2
            }
        };
        self.calls_rate = smooth(self.calls_rate, total.requests.saturating_sub(self.calls));
        self.done_rate = smooth(self.done_rate, done.saturating_sub(self.done));
        (self.calls, self.done) = (total.requests, done);
        let more = if all_known { "" } else { "+" };
        let mut text = format!(
            "{done} of {known}{more} accounts, {:.0} calls/s, {} throttled, {} with gaps",
            self.calls_rate,
            total.throttled,
            counts.with_gaps.load(Ordering::Relaxed)
        );
        if all_known && self.done_rate > 0.0 && known > done {
            let left = Duration::from_secs_f64(((known - done) as f64 / self.done_rate).min(1e6));
            // Writing to a string cannot fail.
            let _ = write!(text, ", {} left", HumanDuration(left));
        }
        text
    }
}
