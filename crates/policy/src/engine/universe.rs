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
        besides.sort_by_cached_key(|it| it.to_ascii_lowercase());
        besides.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
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

    /// Returns the place of an action that is not listed.
    pub(super) fn beside(&self, action: &str) -> Option<usize> {
        let lower = action.to_ascii_lowercase();
        let besides = self.besides();
        let place = besides.binary_search_by(|it| it.to_ascii_lowercase().cmp(&lower));
        Some(ServiceReference::get().len() + place.ok()?)
    }

    /// Returns the places of what is not listed and begins so.
    pub(super) fn besides_of(&self, start: &str) -> std::ops::Range<usize> {
        let lower = start.to_ascii_lowercase();
        let besides = self.besides();
        let first = besides.partition_point(|it| it.to_ascii_lowercase() < lower);
        let after = besides.iter().skip(first);
        let count = after
            .take_while(|it| it.to_ascii_lowercase().starts_with(&lower))
            .count();
        let before = ServiceReference::get().len();
        before + first..before + first + count
    }

    /// Returns the place of an action; of one that is nowhere named, that of what stands for it.
    pub(super) fn place(&self, action: &str) -> usize {
        let reference = ServiceReference::get();
        if let Some(place) = reference.find(action) {
            return place;
        }
        if let Some(place) = self.beside(action) {
            return place;
        }
        let service = action.split_once(':').map(|it| it.0);
        let past = service
            .and_then(|it| reference.service(it))
            .map(|it| it.past);
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
