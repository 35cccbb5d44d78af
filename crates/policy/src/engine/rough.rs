//! What can be decided of all actions at once: where resources play no part.

use std::borrow::Cow;

use super::{
    actions::ActionSet,
    caller::Request,
    condition::Truth,
    hang::Hang,
    policy_set::{Placed, PolicySet},
    resource::Resources,
};
use crate::Effect;

/// A statement that applies to a request, or may.
#[derive(Clone, Debug)]
pub(super) struct Live<'a> {
    pub(super) placed: Placed<'a>,
    pub(super) truth: Truth,
    pub(super) resources: Cow<'a, Resources>,
}

/// What is decided of all actions, as far as resources play no part.
#[derive(Clone, Debug)]
pub(super) struct Rough<'a> {
    /// The statements that apply or may.
    pub(super) live: Vec<Live<'a>>,
    /// What is allowed on every resource for certain.
    pub(super) surely: ActionSet,
    /// What is not denied on every resource for certain.
    pub(super) possibly: ActionSet,
}

impl Live<'_> {
    pub(super) fn is(&self, effect: Effect) -> bool {
        self.placed.clause.effect == effect
    }

    pub(super) fn holds(&self) -> bool {
        self.truth == Truth::Holds
    }

    pub(super) fn is_on_all(&self) -> bool {
        matches!(*self.resources, Resources::All)
    }
}

pub(super) fn rough<'a>(set: &'a PolicySet, request: &Request<'_>) -> Rough<'a> {
    let universe = set.universe();
    let none = || ActionSet::none(universe);
    let applying = set.placed().map(|placed| {
        let resources = placed.clause.resources(request);
        let truth = match (placed.clause.truth(request), resources.vague()) {
            // A variable without a value may make the whole statement void.
            (Truth::Holds, Some(name)) => Truth::Hangs(Hang::Variable(name.to_owned())),
            (truth, _) => truth,
        };
        Live {
            placed,
            truth,
            resources,
        }
    });
    let live: Vec<_> = applying.filter(|it| it.truth.may_hold()).collect();
    let (mut denied, mut perhaps_denied) = (none(), none());
    let mut allowed: Vec<_> = set.layers.iter().map(|_| (none(), none())).collect();
    for it in &live {
        let certain = it.holds() && it.is_on_all();
        let (surely, perhaps) = match it.placed.clause.effect {
            Effect::Deny => (&mut denied, &mut perhaps_denied),
            Effect::Allow => match allowed.get_mut(it.placed.layer) {
                Some((surely, perhaps)) => (surely, perhaps),
                None => continue,
            },
        };
        perhaps.extend(it.placed.actions);
        if certain {
            surely.extend(it.placed.actions);
        }
    }
    let all = ActionSet::all(universe);
    let (mut surely, mut possibly) = (all.clone(), all);
    for (certain, perhaps) in &allowed {
        surely = surely.and(certain);
        possibly = possibly.and(perhaps);
    }
    Rough {
        live,
        surely: surely.without(&perhaps_denied),
        possibly: possibly.without(&denied),
    }
}
