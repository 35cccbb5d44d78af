//! When each fault of a world is due.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::faults::{Fault, FaultKind};
use crate::wildcard::matches_action;

/// The faults of a world, found by account, and how often each was asked for.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    faults: Vec<(Fault, AtomicU32)>,
    by_account: HashMap<String, Vec<usize>>,
    anywhere: Vec<usize>,
}

impl Schedule {
    /// Lists the faults; those that were already listed in the same place go on counting.
    pub(crate) fn new(faults: &[Fault], before: Self) -> Self {
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
            let same = before.next().filter(|it| it.0 == *fault);
            let seen = same.map_or_else(AtomicU32::default, |it| it.1);
            new.faults.push((fault.clone(), seen));
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
            let Some((fault, seen)) = self.faults.get(*place) else {
                continue;
            };
            if !matches_action(&fault.action, action) {
                continue;
            }
            let delay = matches!(fault.kind, FaultKind::Delay { .. });
            if (delay || !settled) && is_due(fault, seen.fetch_add(1, Ordering::Relaxed)) {
                settled |= !delay;
                due.push(&fault.kind);
            }
        }
        due
    }
}

fn is_due(fault: &Fault, seen: u32) -> bool {
    let after = fault.after.unwrap_or(0);
    seen >= after && fault.times.is_none_or(|times| seen - after < times)
}
