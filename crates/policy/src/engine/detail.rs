//! What is decided of one action, resources included.

use std::sync::LazyLock;

use super::{
    condition::Truth,
    hang::Hang,
    reference::{Service, ServiceReference, Targets, UNHEARD},
    resource::{Resource, Resources},
    rough::Live,
};
use crate::Effect;

static ANY: LazyLock<Resource> = LazyLock::new(|| Resource::new("*"));

/// What is decided of an action, with the statement that decides.
#[derive(Clone, Debug)]
pub(super) enum Outcome<'a, 'b> {
    /// It is allowed on these resources: one of each kind that it takes.
    Allowed(Option<&'b Live<'a>>, Vec<String>),
    /// It may be.
    Hangs(Hang, Option<&'b Live<'a>>),
    /// It is denied.
    Denied(&'b Live<'a>),
    /// The layer of this number does not allow it.
    NotAllowed(usize),
}

/// The statements about one action.
struct About<'a, 'b> {
    live: &'b [&'b Live<'a>],
    layers: usize,
}

/// Decides of the action at a place, by the statements that are about it.
pub(super) fn outcome<'a, 'b>(
    live: &'b [&'b Live<'a>],
    layers: usize,
    place: usize,
) -> Outcome<'a, 'b> {
    let about = About { live, layers };
    if let Some(outcome) = about.not_at_all() {
        return outcome;
    }
    if about.denials().any(Live::is_on_all) {
        return about.hanging();
    }
    let reference = ServiceReference::get();
    let entry = reference.entry_of(place).filter(|it| it.name != UNHEARD);
    let service = entry.and_then(|_| reference.service_of(place));
    let examples = match (entry, service) {
        (Some(entry), Some(service)) => about.on_targets(&entry.targets, service),
        // What AWS does not list may be on anything.
        _ => about.on(&ANY).map(|it| vec![it]),
    };
    match examples {
        Some(examples) => {
            let by = about.allows(0).find(|it| it.holds());
            Outcome::Allowed(by, examples)
        }
        None => about.hanging(),
    }
}

impl<'a, 'b> About<'a, 'b> {
    fn allows(&self, layer: usize) -> impl Iterator<Item = &'b Live<'a>> {
        let live = self.live.iter().copied();
        live.filter(move |it| it.is(Effect::Allow) && it.placed.layer == layer)
    }

    fn denials(&self) -> impl Iterator<Item = &'b Live<'a>> {
        self.live.iter().copied().filter(|it| it.is(Effect::Deny))
    }

    /// Tells by what the action is denied whatever the resource, if it is.
    fn not_at_all(&self) -> Option<Outcome<'a, 'b>> {
        if let Some(by) = self.denials().find(|it| it.holds() && it.is_on_all()) {
            return Some(Outcome::Denied(by));
        }
        let silent = |it: &usize| self.allows(*it).next().is_none();
        if let Some(layer) = (0..self.layers).find(silent) {
            return Some(Outcome::NotAllowed(layer));
        }
        (0..self.layers).find_map(|layer| self.nowhere(layer))
    }

    /// Tells by what everything that a layer may allow is denied.
    fn nowhere(&self, layer: usize) -> Option<Outcome<'a, 'b>> {
        let mut first = None;
        for allow in self.allows(layer) {
            let patterns = match &*allow.resources {
                Resources::Only(patterns) => patterns.as_slice(),
                Resources::All | Resources::AllBut(_) => std::slice::from_ref(&*ANY),
            };
            for pattern in patterns {
                let why = self.blocked(pattern, layer)?;
                first.get_or_insert(why);
            }
        }
        first
    }

    /// Tells by what all resources of a pattern are denied.
    fn blocked(&self, pattern: &Resource, layer: usize) -> Option<Outcome<'a, 'b>> {
        let covers = |it: &&Live<'a>| {
            it.holds()
                && match &*it.resources {
                    Resources::All => true,
                    Resources::Only(these) => these.iter().any(|it| it.covers(pattern)),
                    Resources::AllBut(these) => !these.iter().any(|it| it.may_meet(pattern)),
                }
        };
        if let Some(by) = self.denials().find(covers) {
            return Some(Outcome::Denied(by));
        }
        let reaches = |it: &Live<'a>| match &*it.resources {
            Resources::All => true,
            Resources::Only(these) => these.iter().any(|it| it.may_meet(pattern)),
            Resources::AllBut(these) => !these.iter().any(|it| it.covers(pattern)),
        };
        let mut others = (0..self.layers).filter(|it| *it != layer);
        let silent = others.find(|it| !self.allows(*it).any(reaches));
        silent.map(Outcome::NotAllowed)
    }

    /// Returns one resource for each kind that the action takes, if it is allowed on each.
    fn on_targets(&self, targets: &Targets, service: &Service) -> Option<Vec<String>> {
        let reference = ServiceReference::get();
        let on = |it: &usize| self.on(reference.resource(*it)?);
        if targets.required.is_empty() {
            let first = targets.optional.iter().find_map(on);
            let example = first.or_else(|| self.on_none(service))?;
            return Some(vec![example]);
        }
        targets.required.iter().map(on).collect()
    }

    /// Returns a resource of a kind on which the action is allowed for certain.
    fn on(&self, kind: &Resource) -> Option<String> {
        self.candidates()
            .find(|it| it.meets(kind) && self.is_allowed_on(it, kind))
            .and_then(|it| it.common(kind))
    }

    /// Returns the patterns of which it may be certain that the action is allowed on them.
    fn candidates(&self) -> impl Iterator<Item = &'b Resource> {
        let named = self.live.iter().copied().flat_map(|it| {
            let these = match (&*it.resources, it.placed.clause.effect) {
                (Resources::Only(these), Effect::Allow) if it.holds() => these.as_slice(),
                (Resources::AllBut(these), Effect::Deny) => these.as_slice(),
                _ => &[],
            };
            these.iter()
        });
        std::iter::once(&*ANY).chain(named)
    }

    /// Tells whether the action is allowed on all resources that are of a pattern and of a kind, for certain.
    fn is_allowed_on(&self, pattern: &Resource, kind: &Resource) -> bool {
        let inside = |it: &Resource| it.covers(pattern) || it.covers(kind);
        let touches = |it: &Resource| it.may_meet(pattern) && it.may_meet(kind);
        let allows = |it: &Live<'a>| {
            it.holds()
                && match &*it.resources {
                    Resources::All => true,
                    Resources::Only(these) => these.iter().any(inside),
                    Resources::AllBut(these) => !these.iter().any(touches),
                }
        };
        let denies = |it: &Live<'a>| match &*it.resources {
            Resources::All => true,
            Resources::Only(these) => these.iter().any(touches),
            Resources::AllBut(these) => !these.iter().any(inside),
        };
        (0..self.layers).all(|it| self.allows(it).any(allows)) && !self.denials().any(denies)
    }

    /// An action that is on no resource takes policies on `*`. Some services judge it by an ARN all the same.
    fn on_none(&self, service: &Service) -> Option<String> {
        let touches = |it: &Resource| service.kin.iter().any(|kin| it.may_meet(kin));
        let allows = |it: &Live<'a>| {
            it.holds()
                && match &*it.resources {
                    Resources::All => true,
                    Resources::Only(_) => false,
                    Resources::AllBut(these) => !these.iter().any(touches),
                }
        };
        let denies = |it: &Live<'a>| match &*it.resources {
            Resources::All | Resources::AllBut(_) => true,
            Resources::Only(these) => these.iter().any(touches),
        };
        let allowed = (0..self.layers).all(|it| self.allows(it).any(allows));
        (allowed && !self.denials().any(denies)).then(|| "*".to_owned())
    }

    /// Tells on what it hangs whether the action is allowed.
    fn hanging(&self) -> Outcome<'a, 'b> {
        let on = |it: &Live<'a>| match &it.truth {
            Truth::Hangs(on) => Some(on.clone()),
            Truth::Holds | Truth::Fails => None,
        };
        for layer in 0..self.layers {
            if !self.allows(layer).any(Live::holds)
                && let Some(by) = self.allows(layer).next()
                && let Some(on) = on(by)
            {
                return Outcome::Hangs(on, Some(by));
            }
        }
        let hanging = self.denials().find_map(|it| Some((on(it)?, it)));
        if let Some((on, by)) = hanging {
            return Outcome::Hangs(on, Some(by));
        }
        let limited = (self
            .denials()
            .chain((0..self.layers).flat_map(|it| self.allows(it))))
        .find_map(|it| Some((limit(&it.resources)?, it)));
        match limited {
            Some((on, by)) => Outcome::Hangs(on, Some(by)),
            None => Outcome::Hangs(Hang::Resource("*".to_owned()), None),
        }
    }
}

/// Returns the first resource, or variable, that keeps a statement from being about all.
fn limit(resources: &Resources) -> Option<Hang> {
    let (Resources::Only(these) | Resources::AllBut(these)) = resources else {
        return None;
    };
    let variable = these.iter().find_map(|it| it.vague.clone());
    let pattern = || Some(Hang::Resource(these.first()?.text.to_string()));
    variable.map(Hang::Variable).or_else(pattern)
}
