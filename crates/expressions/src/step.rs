//! What is read, one by one and in order, for whoever tells what a verdict rests on.

use std::ptr;

use model::{Dataset, Fact, GapId, Listing, ObservationId};

/// One thing that was read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// A fact or a list. It has no name of its own: where it stands in the record tells which it is.
    Fact {
        /// Where it stands.
        at: usize,
        /// Where and when it was seen.
        observation: Option<ObservationId>,
        /// The gap where it, or more of it, should be.
        gap: Option<GapId>,
    },
    /// What day it is, to judge the age of such facts.
    Now(Dataset),
    /// Whether Identity Center is in use.
    IdentityCenter,
}

/// Returns where a value stands.
pub fn place<T>(it: &T) -> usize {
    ptr::from_ref(it).addr()
}

impl Step {
    /// Returns that a fact was read.
    pub fn fact<T>(fact: &Fact<T>) -> Self {
        Self::Fact {
            at: place(fact),
            observation: fact.observation(),
            gap: fact.get().err(),
        }
    }

    /// Returns that a list was read.
    pub fn listing<T>(listing: &Listing<T>) -> Self {
        Self::Fact {
            at: place(listing),
            observation: listing.observation,
            gap: listing.gap,
        }
    }

    /// Returns the observation of what was wholly seen.
    pub const fn observation(&self) -> Option<ObservationId> {
        match self {
            Self::Fact {
                observation,
                gap: None,
                ..
            } => *observation,
            Self::Fact { .. } | Self::Now(_) | Self::IdentityCenter => None,
        }
    }
}
