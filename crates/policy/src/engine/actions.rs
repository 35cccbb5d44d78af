//! Sets of actions.

use std::fmt;

use super::{
    brief,
    reference::{AccessLevel, Service, ServiceReference, UNHEARD},
    universe::{Universe, example_of},
};
use crate::{Pattern, Selection};

/// A set of actions, among all there may be.
#[derive(Clone, Eq, PartialEq)]
pub struct ActionSet {
    universe: Universe,
    words: Vec<u64>,
}

/// Worth naming first where a set has them.
const TELLING: &[&str] = &[
    "iam:CreateAccessKey",
    "iam:DeactivateMFADevice",
    "iam:AttachUserPolicy",
    "iam:CreateUser",
    "sts:AssumeRole",
    "s3:GetObject",
    "s3:DeleteObject",
    "ec2:RunInstances",
    "ec2:TerminateInstances",
    "secretsmanager:GetSecretValue",
];

impl ActionSet {
    /// Returns the set of none.
    pub fn none(universe: &Universe) -> Self {
        Self {
            universe: universe.clone(),
            words: vec![0; universe.len().div_ceil(64)],
        }
    }

    /// Returns the set of all.
    pub fn all(universe: &Universe) -> Self {
        let mut set = Self::none(universe);
        set.fill(0, universe.len());
        set
    }

    /// Returns the set that `Action` or `NotAction` says.
    pub fn of(selection: &Selection<Pattern>, universe: &Universe) -> Self {
        let (Selection::Only(patterns) | Selection::AllBut(patterns)) = selection;
        let mut set = Self::none(universe);
        for pattern in patterns {
            set.add(pattern, None);
        }
        match selection {
            Selection::Only(_) => set,
            Selection::AllBut(_) => Self::all(universe).without(&set),
        }
    }

    /// Returns the same, and adds names for patterns that match no listed action.
    pub(super) fn of_listed(selection: &Selection<Pattern>, unlisted: &mut Vec<Box<str>>) -> Self {
        let (Selection::Only(patterns) | Selection::AllBut(patterns)) = selection;
        let universe = Universe::default();
        let mut set = Self::none(&universe);
        for pattern in patterns {
            set.add(pattern, Some(unlisted));
        }
        match selection {
            Selection::Only(_) => set,
            Selection::AllBut(_) => Self::all(&universe).without(&set),
        }
    }

    fn add(&mut self, pattern: &Pattern, unlisted: Option<&mut Vec<Box<str>>>) {
        let reference = ServiceReference::get();
        let text = pattern.as_str();
        let open = |it: &str| !it.is_empty() && it.bytes().all(|it| it == b'*');
        if open(text)
            || text
                .split_once(':')
                .is_some_and(|(a, b)| open(a) && open(b))
        {
            self.fill(0, self.universe.len());
            return;
        }
        let is_wild = |it: &str| it.contains(['*', '?']);
        let mut found = false;
        match text.split_once(':') {
            Some(_) if !is_wild(text) => {
                let place = reference.find(text);
                if let Some(place) = place.or_else(|| self.universe.beside(text)) {
                    self.fill(place, place + 1);
                    return;
                }
            }
            Some((prefix, name)) if !is_wild(prefix) => {
                if let Some(service) = reference.service(prefix) {
                    if open(name) {
                        self.fill(service.first, service.past);
                        found = true;
                    } else {
                        found = self.add_of(service, name);
                    }
                }
            }
            _ => found = self.add_wild(pattern),
        }
        self.add_besides(pattern);
        if !found && let Some(unlisted) = unlisted {
            unlisted.push(example_of(pattern));
        }
    }

    /// Adds a service's actions that a pattern of names matches.
    fn add_of(&mut self, service: &Service, name: &str) -> bool {
        let reference = ServiceReference::get();
        let start = name.split(['*', '?']).next().unwrap_or_default();
        let places = reference.places_of(service, start);
        if name.strip_prefix(start) == Some("*") && !start.is_empty() {
            self.fill(places.start, places.end);
            return !places.is_empty();
        }
        let pattern = Pattern::new(name);
        let mut found = false;
        // What stands for other actions begins with nothing.
        let other = start.is_empty().then(|| service.past.saturating_sub(1));
        for place in places.chain(other) {
            let entry = reference.entry_of(place);
            if entry.is_some_and(|it| pattern.matches_action(it.name)) {
                self.fill(place, place + 1);
                found = true;
            }
        }
        found
    }

    /// Adds what is not listed.
    fn add_besides(&mut self, pattern: &Pattern) {
        let text = pattern.as_str();
        let start = text.split(['*', '?']).next().unwrap_or_default();
        let universe = self.universe.clone();
        let before = ServiceReference::get().len();
        for place in universe.besides_of(start) {
            let name = universe.besides().get(place - before);
            if name.is_some_and(|it| pattern.matches_action(it)) {
                self.fill(place, place + 1);
            }
        }
    }

    /// A pattern whose service is open.
    fn add_wild(&mut self, pattern: &Pattern) -> bool {
        let reference = ServiceReference::get();
        let mut found = false;
        for service in reference.services() {
            for place in service.first..service.past {
                let Some(entry) = reference.entry_of(place) else {
                    continue;
                };
                if pattern.matches_action(&format!("{}:{}", service.prefix, entry.name)) {
                    self.fill(place, place + 1);
                    found = true;
                }
            }
        }
        found
    }

    pub(super) fn fill(&mut self, first: usize, past: usize) {
        let mut place = first;
        while place < past {
            let Some(word) = self.words.get_mut(place / 64) else {
                return;
            };
            let within = place % 64;
            let end = (past - place + within).min(64);
            let ones = if end == 64 { u64::MAX } else { (1 << end) - 1 };
            *word |= ones & (u64::MAX << within);
            place += end - within;
        }
    }

    /// Tells whether something is in both.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.words
            .iter()
            .zip(&other.words)
            .any(|(one, by)| one & by != 0)
    }

    /// Returns what is in both.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        let others = other.words.iter().copied().chain(std::iter::repeat(0));
        for (word, by) in self.words.iter_mut().zip(others) {
            *word &= by;
        }
        self
    }

    /// Returns what is in this but not in the other.
    #[must_use]
    pub fn without(mut self, other: &Self) -> Self {
        for (word, by) in self.words.iter_mut().zip(&other.words) {
            *word &= !by;
        }
        self
    }

    /// Adds what is in the other.
    pub fn extend(&mut self, other: &Self) {
        for (word, by) in self.words.iter_mut().zip(&other.words) {
            *word |= by;
        }
    }

    /// Tells whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|it| *it == 0)
    }

    /// Returns how many are in it, stand-ins included.
    pub fn len(&self) -> usize {
        self.words.iter().map(|it| it.count_ones() as usize).sum()
    }

    /// Tells whether an action is in it, whose case does not count.
    pub fn contains(&self, action: &str) -> bool {
        self.has(self.universe.place(action))
    }

    pub(super) fn has(&self, place: usize) -> bool {
        let word = self.words.get(place / 64);
        word.is_some_and(|it| it >> (place % 64) & 1 == 1)
    }

    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(number, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                if left == 0 {
                    return None;
                }
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                Some(number * 64 + bit)
            })
        })
    }

    pub(super) const fn universe(&self) -> &Universe {
        &self.universe
    }

    /// Returns the names in it: `iam:CreateUser`, `any other action of s3`.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.places().map(|it| self.universe.name(it))
    }

    /// Returns some of the names, those first that tell most: what grants, then what changes, then what reads.
    pub fn examples(&self, most: usize) -> Vec<String> {
        let reference = ServiceReference::get();
        let telling = TELLING.iter().filter(|it| self.contains(it));
        let mut examples: Vec<String> = telling.take(most).map(|it| (*it).to_owned()).collect();
        let levels = [
            Some(AccessLevel::PermissionsManagement),
            Some(AccessLevel::Write),
            Some(AccessLevel::Tagging),
            Some(AccessLevel::Read),
            Some(AccessLevel::List),
            None,
        ];
        for level in levels {
            for place in self.places() {
                if examples.len() >= most {
                    return examples;
                }
                let entry = reference.entry_of(place);
                if entry.and_then(|it| it.level) != level {
                    continue;
                }
                let name = self.universe.name(place);
                let stands_in = level.is_none() && entry.is_some_and(|it| it.name == UNHEARD);
                if !stands_in && !examples.contains(&name) {
                    examples.push(name);
                }
            }
        }
        examples
    }

    /// Writes the set as patterns, of which no more than so many are named: `s3:*`, `iam:Get*`.
    pub fn brief(&self, most: usize) -> String {
        brief::brief(self, most)
    }
}

impl fmt::Debug for ActionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.brief(20))
    }
}
