//! A token bucket: so many requests at once, then so many a second.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Mutex as Turns,
    time::{Instant, sleep},
};

/// By how much the rate is raised again after a request that was not refused, as a share of the full rate.
const RECOVERY: f64 = 0.02;
/// The share of the full rate that is never fallen below.
const LEAST: f64 = 0.125;

/// A token bucket as AWS keeps them, kept on this side so that few requests are refused.
///
/// Others may use up the same limit. When AWS refuses requests all the same, the rate is halved, and then raised again
/// little by little: additive increase, multiplicative decrease.
pub(super) struct Bucket {
    full_rate: f64,
    burst: f64,
    state: Mutex<State>,
    /// Who waits, in the order of asking.
    turns: Turns<()>,
}

struct State {
    /// Below zero where requests wait for tokens to come.
    tokens: f64,
    rate: f64,
    filled: Option<Instant>,
    /// The refusals that were taken into account.
    refusals: u64,
}

impl Bucket {
    /// Returns the part of a bucket that one machine has, told by its place from 0, of so many that begin at once.
    ///
    /// A bucket of fewer tokens than machines has less than one for each, and requests come one at a time: so a machine
    /// has the more of a token at first the earlier its place is, and what all ask together is what one machine would.
    pub(super) fn part(rate: f64, burst: f64, machine: u32, machines: u32) -> Self {
        let machines = f64::from(machines.max(1));
        let later = f64::from(machine) + 1.0;
        Self::new(rate / machines, (burst - later) / machines + 1.0)
    }

    /// Returns a bucket of so many tokens, which holds at least one once it is filled.
    const fn new(rate: f64, tokens: f64) -> Self {
        let state = State {
            tokens,
            rate,
            filled: None,
            refusals: 0,
        };
        Self {
            full_rate: rate,
            burst: tokens.max(1.0),
            state: Mutex::new(state),
            turns: Turns::const_new(()),
        }
    }

    /// Takes a token, and waits for it if there is none. `refusals` tells how often AWS refused so far.
    ///
    /// Nobody is promised a token before it is their turn: of hundreds that wait, the last must learn of what was refused
    /// to the first, or what is tried again comes on top of what was promised, and is refused in its turn.
    pub(super) async fn take(&self, refusals: impl Fn() -> u64) {
        let _turn = self.turns.lock().await;
        let wait = self.reserve(refusals(), Instant::now());
        if !wait.is_zero() {
            sleep(wait).await;
        }
    }

    fn reserve(&self, refusals: u64, now: Instant) -> Duration {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = state
            .filled
            .map_or(Duration::ZERO, |it| now.saturating_duration_since(it));
        state.filled = Some(now);
        state.tokens = (state.tokens + passed.as_secs_f64() * state.rate).min(self.burst);
        if refusals > state.refusals {
            state.refusals = refusals;
            state.rate = (state.rate / 2.0).max(self.full_rate * LEAST);
            state.tokens = state.tokens.min(0.0);
        } else {
            state.rate = (state.rate + self.full_rate * RECOVERY).min(self.full_rate);
        }
        state.tokens -= 1.0;
        Duration::try_from_secs_f64(-state.tokens / state.rate).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, time::Duration};

    use futures_util::FutureExt;
    use tokio::time::Instant;

    use super::Bucket;

    fn waits(bucket: &Bucket, times: usize, refusals: u64) -> Vec<u128> {
        let start = Instant::now();
        (0..times)
            .map(|_| bucket.reserve(refusals, start).as_millis())
            .collect()
    }

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_rate() {
        let bucket = Bucket::new(8.0, 3.0);
        assert_eq!(waits(&bucket, 6, 0), [0, 0, 0, 125, 250, 375]);
    }

    #[tokio::test]
    async fn whoever_waits_is_promised_nothing_before_it_is_their_turn() {
        let bucket = Bucket::new(0.01, 1.0);
        assert_eq!(bucket.take(|| 0).now_or_never(), Some(()));
        let (mut second, mut third) = (pin!(bucket.take(|| 0)), pin!(bucket.take(|| 1)));
        assert_eq!(second.as_mut().now_or_never(), None);
        assert_eq!(third.as_mut().now_or_never(), None);
        let tokens = || bucket.state.lock().unwrap().tokens;
        assert!(
            (-1.0..-0.9).contains(&tokens()),
            "one waits for a token: {}",
            tokens()
        );
        assert!((bucket.state.lock().unwrap().rate - 0.01).abs() < f64::EPSILON);
    }

    #[test]
    fn machines_that_begin_at_once_ask_together_as_one_would() {
        let of_one = waits(&Bucket::part(10.0, 14.75, 0, 1), 300, 0);
        assert_eq!(of_one[14..17], [25, 125, 225]);
        for machines in [2, 8, 16, 100] {
            let part = |machine| Bucket::part(10.0, 14.75, machine, machines);
            let parts = (0..machines).map(part);
            let mut together: Vec<_> = parts.flat_map(|it| waits(&it, 300, 0)).collect();
            together.sort_unstable();
            let apart = of_one
                .iter()
                .zip(&together)
                .map(|(one, it)| one.abs_diff(*it));
            // A millisecond, which is what waits are rounded to.
            assert!(apart.max() <= Some(1), "{machines}: {together:?}");
        }
    }

    #[test]
    fn a_refusal_halves_the_rate_once_and_success_raises_it_again() {
        let bucket = Bucket::new(8.0, 3.0);
        let start = Instant::now();
        assert_eq!(bucket.reserve(0, start).as_millis(), 0);
        assert_eq!(
            bucket.reserve(1, start).as_millis(),
            250,
            "half the rate, nothing saved up"
        );
        let again = bucket.reserve(1, start).as_millis();
        assert!(
            (400..500).contains(&again),
            "the same refusal counts once: {again}"
        );
        let later = start + Duration::from_mins(1);
        for _ in 0..100 {
            bucket.reserve(1, later);
        }
        let full = bucket.reserve(1, later + Duration::from_mins(1));
        assert_eq!(full.as_millis(), 0);
        assert!((bucket.state.lock().unwrap().rate - 8.0).abs() < f64::EPSILON);
    }

    #[test]
    fn however_often_aws_refuses_some_requests_are_made() {
        let bucket = Bucket::new(8.0, 1.0);
        let start = Instant::now();
        for refusals in 0..100 {
            bucket.reserve(refusals, start);
        }
        assert!((bucket.state.lock().unwrap().rate - 1.0).abs() < f64::EPSILON);
    }
}
