//! What a judge read, one by one and in order, for an explanation.

use std::{cell::RefCell, ptr};

use model::{Dataset, Fact, GapId, Listing, ObservationId};

/// What a judge reads. Evaluation has none: only an explanation asks.
#[derive(Debug, Default)]
pub(crate) struct Trace(RefCell<Vec<Step>>);

/// One thing a judge read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// A fact or a list. It has no name of its own: where it stands in the record tells which it is.
    Fact {
        at: usize,
        observation: Option<ObservationId>,
        gap: Option<GapId>,
    },
    /// What day it is, to judge the age of such facts.
    Now(Dataset),
    /// Whether Identity Center is in use.
    IdentityCenter,
}

/// Returns where a value stands.
pub(crate) fn place<T>(it: &T) -> usize {
    ptr::from_ref(it).addr()
}

impl Trace {
    pub(crate) fn fact<T>(&self, fact: &Fact<T>) {
        self.add(Step::Fact {
            at: place(fact),
            observation: fact.observation(),
            gap: fact.get().err(),
        });
    }

    pub(crate) fn listing<T>(&self, listing: &Listing<T>) {
        self.add(Step::Fact {
            at: place(listing),
            observation: listing.observation,
            gap: listing.gap,
        });
    }

    pub(crate) fn now(&self, dataset: Dataset) {
        self.add(Step::Now(dataset));
    }

    pub(crate) fn identity_center(&self) {
        self.add(Step::IdentityCenter);
    }

    /// Adds what was not read before.
    fn add(&self, step: Step) {
        let mut steps = self.0.borrow_mut();
        if !steps.contains(&step) {
            steps.push(step);
        }
    }

    pub(crate) fn steps(self) -> Vec<Step> {
        self.0.into_inner()
    }
}
