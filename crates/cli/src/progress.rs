//! Progress on a terminal; silence elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::config;

/// Shows how many accounts are done.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Begins to show that something goes on that cannot be counted yet.
    pub(crate) fn begin(message: &'static str) -> Self {
        let target = if config::is_watched() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        bar.set_message(message);
        bar.enable_steady_tick(std::time::Duration::from_millis(120));
        Self { bar }
    }

    /// Goes on to count accounts.
    pub(crate) fn accounts(&self, total: usize) {
        let style = ProgressStyle::with_template("{wide_bar} {pos} of {len} accounts, {eta} left");
        if let Ok(style) = style {
            self.bar.set_style(style);
        }
        self.bar.set_length(total as u64);
    }

    /// Counts one account.
    pub(crate) fn account_done(&self) {
        self.bar.inc(1);
    }

    /// Removes what was shown.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
