//! All actions that there may be.

use std::sync::Arc;

use super::reference::{ServiceReference, UNHEARD};
use crate::Pattern;

/// All actions that there may be: those AWS lists, those that documents name besides, and a stand-in for any other action
/// of each service and of another service, so that `*` also covers what AWS adds later.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Universe {
    /// In order, without those that are listed.
    besides: Option<Arc<[Box<str>]>>,
}

impl Universe {
    pub(super) fn with(mut besides: Vec<Box<str>>) -> Self {
        besides.sort();
        besides.dedup();
        if besides.is_empty() {
            return Self::default();
        }
        Self {
            besides: Some(besides.into()),
        }
    }

    pub(super) fn besides(&self) -> &[Box<str>] {
        self.besides.as_deref().unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        ServiceReference::get().len() + self.besides().len()
    }

    /// Returns the place of an action; of one that is nowhere named, that of what stands for it.
    pub(super) fn place(&self, action: &str) -> usize {
        let reference = ServiceReference::get();
        if let Some(place) = reference.find(action) {
            return place;
        }
        let named = |it: &Box<str>| it.eq_ignore_ascii_case(action);
        if let Some(place) = self.besides().iter().position(named) {
            return reference.len() + place;
        }
        let service = action.split_once(':').map(|it| it.0);
        let past = service.and_then(|it| reference.service(it)).map(|it| it.past);
        past.unwrap_or(reference.len()).saturating_sub(1)
    }

    /// Returns the name of what stands at a place, as a reader knows it.
    pub(super) fn name(&self, place: usize) -> String {
        let reference = ServiceReference::get();
        let Some(entry) = reference.entry_of(place) else {
            let besides = self.besides().get(place - reference.len());
            return besides.map_or_else(String::new, |it| it.replace(UNHEARD, "*"));
        };
        let prefix = reference.prefix(entry.service);
        if prefix == UNHEARD {
            "any action of another service".to_owned()
        } else if entry.name == UNHEARD {
            format!("any other action of {prefix}")
        } else {
            format!("{prefix}:{}", entry.name)
        }
    }
}

/// Returns a name that a pattern matches, for one that matches no listed action: of what AWS may add, or has forgotten.
pub(super) fn example_of(pattern: &Pattern) -> Box<str> {
    let mut text = String::new();
    for it in pattern.as_str().chars() {
        match it {
            '*' => text.push_str(UNHEARD),
            '?' => text.push('\u{1}'),
            other => text.push(other),
        }
    }
    text.into()
}
