//! What a judge read, one by one and in order, for an explanation.

use std::cell::RefCell;

pub(crate) use expressions::{Step, place};
use model::{Dataset, Fact, Listing};

/// What a judge reads. Evaluation has none: only an explanation asks.
#[derive(Debug, Default)]
pub(crate) struct Trace(RefCell<Vec<Step>>);

impl Trace {
    pub(crate) fn fact<T>(&self, fact: &Fact<T>) {
        self.add(Step::fact(fact));
    }

    pub(crate) fn listing<T>(&self, listing: &Listing<T>) {
        self.add(Step::listing(listing));
    }

    pub(crate) fn now(&self, dataset: Dataset) {
        self.add(Step::Now(dataset));
    }

    pub(crate) fn identity_center(&self) {
        self.add(Step::IdentityCenter);
    }

    /// Adds what was not read before.
    pub(crate) fn add(&self, step: Step) {
        let mut steps = self.0.borrow_mut();
        if !steps.contains(&step) {
            steps.push(step);
        }
    }

    pub(crate) fn steps(self) -> Vec<Step> {
        self.0.into_inner()
    }
}
