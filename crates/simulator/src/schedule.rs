//! When each fault of a world is due.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::faults::{Fault, FaultKind};
use crate::random;
use crate::wildcard::matches_action;

/// The faults of a world, found by account, and how often each was asked for.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    faults: Vec<Listed>,
    by_account: HashMap<String, Vec<usize>>,
    anywhere: Vec<usize>,
}

impl Schedule {
    /// Lists the faults; those that were already listed in the same place go on counting.
    pub(crate) fn new(faults: &[Fault], seed: u64, before: Self) -> Self {
        let mut new = Self::default();
        let mut before = before.faults.into_iter();
        for (place, fault) in faults.iter().enumerate() {
            match &fault.account {
                Some(account) => new
                    .by_account
                    .entry(account.clone())
                    .or_default()
                    .push(place),
                None => new.anywhere.push(place),
            }
            let seed = random::hash(&["fault", &seed.to_string(), &place.to_string()]);
            let same = before
                .next()
                .filter(|it| it.fault == *fault && it.seed == seed);
            new.faults
                .push(same.unwrap_or_else(|| Listed::new(fault.clone(), seed)));
        }
        new
    }

    /// Returns what is due for a request: the delays, and the first of the other faults.
    pub(crate) fn due(&self, account: &str, action: &str) -> Vec<&FaultKind> {
        let own = self
            .by_account
            .get(account)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut due = Vec::new();
        let mut settled = false;
        for place in own.iter().chain(&self.anywhere) {
            let Some(listed) = self.faults.get(*place) else {
                continue;
            };
            if !matches_action(&listed.fault.action, action) {
                continue;
            }
            let kind = listed.kind();
            let delay = matches!(kind, FaultKind::Delay { .. });
            if (delay || !settled) && listed.is_due(account, action) {
                settled |= !delay;
                due.push(kind);
            }
        }
        due
    }
}

/// A fault, with what it has done so far.
#[derive(Debug)]
struct Listed {
    fault: Fault,
    seed: u64,
    seen: AtomicU32,
    served: AtomicU32,
    /// How many requests each account has made for each action; counted only where chance decides.
    asked: Mutex<HashMap<(String, String), u64>>,
}

impl Listed {
    fn new(fault: Fault, seed: u64) -> Self {
        Self {
            fault,
            seed,
            seen: AtomicU32::new(0),
            served: AtomicU32::new(0),
            asked: Mutex::default(),
        }
    }

    /// Returns what happens when it happens.
    fn kind(&self) -> &FaultKind {
        let mut kind = &self.fault.kind;
        while let FaultKind::Sometimes { kind: often, .. } = kind {
            kind = often;
        }
        kind
    }

    fn is_due(&self, account: &str, action: &str) -> bool {
        let seen = self.seen.fetch_add(1, Ordering::Relaxed);
        if seen < self.fault.after.unwrap_or(0) {
            return false;
        }
        if let FaultKind::Sometimes { rate, .. } = &self.fault.kind
            && self.draw(account, action) >= *rate
        {
            return false;
        }
        match self.fault.times {
            Some(times) => self.served.fetch_add(1, Ordering::Relaxed) < times,
            None => true,
        }
    }

    /// Returns a number from 0 to just below 1. It depends on what the account has asked before and on nothing that
    /// other accounts do at the same time, so that a run can be repeated.
    fn draw(&self, account: &str, action: &str) -> f64 {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let count = asked
            .entry((account.to_owned(), action.to_owned()))
            .or_insert(0);
        *count += 1;
        let parts = [account, action, &self.seed.to_string(), &count.to_string()];
        let high = u32::try_from(random::hash(&parts) >> 32).unwrap_or(u32::MAX);
        f64::from(high) / (f64::from(u32::MAX) + 1.0)
    }
}
