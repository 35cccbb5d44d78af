//! How many things go on at once: more while all is well, half as many when AWS says "too fast".

use std::{
    ops::RangeInclusive,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

/// How long after a decrease further refusals count as the same: they were on their way when it was made.
const SAME_TROUBLE: Duration = Duration::from_secs(1);

/// Bounds how many things go on at once, by additive increase and multiplicative decrease.
pub(crate) struct Limiter {
    bounds: RangeInclusive<usize>,
    state: Mutex<State>,
    freed: Notify,
}

struct State {
    limit: f64,
    in_flight: usize,
    /// When the limit was last decreased; until then each success raises it by one.
    decreased: Option<Instant>,
}

/// The right to go on; it ends when this is dropped.
pub(crate) struct Permit(Arc<Limiter>);

impl Limiter {
    /// Returns a limiter that begins with `first` at once, and stays within `bounds`.
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    pub(crate) fn new(first: usize, bounds: RangeInclusive<usize>) -> Self {
        let state = State {
            limit: first as f64,
            in_flight: 0,
            decreased: None,
        };
        Self {
            bounds,
            state: Mutex::new(state),
            freed: Notify::new(),
        }
    }

    /// Waits until there is room.
    pub(crate) async fn admit(self: &Arc<Self>) -> Permit {
        loop {
            // Asked for before the look, so that room made in between is not missed.
            let freed = self.freed.notified();
            if self.with(State::enter) {
                return Permit(Arc::clone(self));
            }
            freed.await;
        }
    }

    /// Takes note that something went well.
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    pub(crate) fn succeeded(&self) {
        let most = *self.bounds.end() as f64;
        self.with(|it| {
            let step = if it.decreased.is_none() {
                1.0
            } else {
                1.0 / it.limit
            };
            it.limit = (it.limit + step).min(most);
        });
        self.freed.notify_one();
    }

    /// Takes note that AWS said "too fast".
    pub(crate) fn throttled(&self) {
        self.throttled_at(Instant::now());
    }

    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn throttled_at(&self, now: Instant) {
        let fewest = *self.bounds.start() as f64;
        self.with(|it| {
            let is_same = |before: Instant| now.saturating_duration_since(before) < SAME_TROUBLE;
            if !it.decreased.is_some_and(is_same) {
                it.limit = (it.limit / 2.0).max(fewest);
                it.decreased = Some(now);
            }
        });
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn enter(&mut self) -> bool {
        let room = (self.in_flight as f64) < self.limit.floor();
        if room {
            self.in_flight += 1;
        }
        room
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.with(|it| it.in_flight -= 1);
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use tokio::time::Instant;

    use super::Limiter;

    fn limit(limiter: &Limiter) -> f64 {
        limiter.with(|it| it.limit)
    }

    #[test]
    fn it_grows_by_one_a_success_until_the_first_refusal_and_slowly_after() {
        let limiter = Limiter::new(4, 1..=8);
        for _ in 0..2 {
            limiter.succeeded();
        }
        assert!((limit(&limiter) - 6.0).abs() < f64::EPSILON);
        limiter.throttled();
        limiter.succeeded();
        assert!(limit(&limiter) < 3.5, "{}", limit(&limiter));
        for _ in 0..100 {
            limiter.succeeded();
        }
        assert!((limit(&limiter) - 8.0).abs() < f64::EPSILON, "its bound");
    }

    #[test]
    fn refusals_of_one_moment_halve_it_once() {
        let limiter = Limiter::new(8, 1..=8);
        let start = Instant::now();
        for ms in [0, 10, 900] {
            limiter.throttled_at(start + Duration::from_millis(ms));
        }
        assert!((limit(&limiter) - 4.0).abs() < f64::EPSILON);
        for second in 2..20 {
            limiter.throttled_at(start + Duration::from_secs(second));
        }
        assert!(
            (limit(&limiter) - 1.0).abs() < f64::EPSILON,
            "never below its bound"
        );
    }

    #[tokio::test]
    async fn who_finds_no_room_is_let_in_when_some_is_made() {
        let limiter = Arc::new(Limiter::new(1, 1..=1));
        let first = limiter.admit().await;
        let second = tokio::spawn({
            let limiter = Arc::clone(&limiter);
            async move { drop(limiter.admit().await) }
        });
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        second.await.unwrap();
        drop(limiter.admit().await);
    }
}
