//! What a user may do, action by action.

use std::collections::HashMap;

use super::{
    actions::ActionSet,
    caller::Request,
    detail::{Outcome, outcome},
    hang::Hang,
    origin::{Cite, Layer},
    policy_set::PolicySet,
    reference::{ServiceReference, Targets, UNHEARD},
    rough::{Live, Rough, rough},
};

/// How certain it is that an action is allowed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Certainty {
    /// It is, on some resource at least.
    SurelyAllowed,
    /// It may be.
    PossiblyAllowed,
    /// It is not, on any.
    SurelyNot,
}

/// What is decided of an action, and by what.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Ruling {
    /// It is allowed.
    Allowed {
        /// By this.
        by: Option<Cite>,
        /// On resources such as these, one of each kind that the action takes.
        on: Vec<String>,
    },
    /// It may be.
    Hangs {
        /// If this comes out so.
        on: Hang,
        /// In this.
        by: Option<Cite>,
    },
    /// It is denied by this.
    Denied(Cite),
    /// Nothing in this layer allows it.
    NotAllowed(Layer),
}

/// What a user may do.
#[derive(Debug)]
pub struct Decision<'a> {
    set: &'a PolicySet,
    pub(super) live: Vec<Live<'a>>,
    surely: ActionSet,
    possibly: ActionSet,
}

/// What of an action decides, resources included: which statements are about it, and on what it is.
type Likeness = (Vec<u64>, Option<(usize, Targets)>);

impl<'a> Decision<'a> {
    pub(super) fn new(set: &'a PolicySet, request: &Request<'_>, scope: &ActionSet) -> Self {
        let rough = rough(set, request);
        Self::finish(set, rough, scope)
    }

    /// Decides what resources have a part in.
    pub(super) fn finish(set: &'a PolicySet, rough: Rough<'a>, scope: &ActionSet) -> Self {
        let surely = rough.surely.and(scope);
        let undecided = rough.possibly.and(scope).without(&surely);
        let mut decision = Self {
            set,
            live: rough.live,
            surely,
            possibly: ActionSet::none(set.universe()),
        };
        let mut known: HashMap<Likeness, Certainty> = HashMap::new();
        for place in undecided.places() {
            let likeness = decision.likeness(place);
            let certainty = known.get(&likeness).copied();
            let certainty = certainty.unwrap_or_else(|| decision.certainty_at(place));
            known.insert(likeness, certainty);
            match certainty {
                Certainty::SurelyAllowed => decision.surely.fill(place, place + 1),
                Certainty::PossiblyAllowed => decision.possibly.fill(place, place + 1),
                Certainty::SurelyNot => {}
            }
        }
        decision
    }

    fn likeness(&self, place: usize) -> Likeness {
        let mut about = vec![0; self.live.len().div_ceil(64)];
        for (number, it) in self.live.iter().enumerate() {
            if it.placed.actions.has(place)
                && let Some(word) = about.get_mut(number / 64)
            {
                *word |= 1 << (number % 64);
            }
        }
        let entry = ServiceReference::get().entry_of(place);
        let listed = entry.filter(|it| it.name != UNHEARD);
        (about, listed.map(|it| (it.service, it.targets.clone())))
    }

    fn about(&self, place: usize) -> Vec<&Live<'a>> {
        let live = self.live.iter();
        live.filter(|it| it.placed.actions.has(place)).collect()
    }

    fn certainty_at(&self, place: usize) -> Certainty {
        match outcome(&self.about(place), self.set.layers.len(), place) {
            Outcome::Allowed(..) => Certainty::SurelyAllowed,
            Outcome::Hangs(..) => Certainty::PossiblyAllowed,
            Outcome::Denied(_) | Outcome::NotAllowed(_) => Certainty::SurelyNot,
        }
    }

    /// Returns what is allowed on some resource, for certain.
    pub const fn surely(&self) -> &ActionSet {
        &self.surely
    }

    /// Returns what may be allowed, and is not for certain.
    pub const fn possibly(&self) -> &ActionSet {
        &self.possibly
    }

    /// Returns what is decided of an action, and by what.
    pub fn ruling(&self, action: &str) -> Ruling {
        self.ruling_at(self.set.universe().place(action))
    }

    pub(super) fn ruling_at(&self, place: usize) -> Ruling {
        let layers = &self.set.layers;
        match outcome(&self.about(place), layers.len(), place) {
            Outcome::Allowed(by, on) => Ruling::Allowed {
                by: by.map(|it| it.placed.cite()),
                on,
            },
            Outcome::Hangs(on, by) => Ruling::Hangs {
                on,
                by: by.map(|it| it.placed.cite()),
            },
            Outcome::Denied(by) => Ruling::Denied(by.placed.cite()),
            Outcome::NotAllowed(layer) => {
                let layer = layers.get(layer).map(|it| it.0.clone());
                Ruling::NotAllowed(layer.unwrap_or(Layer::Identity))
            }
        }
    }
}

impl Ruling {
    /// Returns how certain it is.
    pub const fn certainty(&self) -> Certainty {
        match self {
            Self::Allowed { .. } => Certainty::SurelyAllowed,
            Self::Hangs { .. } => Certainty::PossiblyAllowed,
            Self::Denied(_) | Self::NotAllowed(_) => Certainty::SurelyNot,
        }
    }
}
