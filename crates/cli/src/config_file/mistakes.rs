//! The mistakes of a file, each with its place.

use std::{fmt::Write, ops::Range, path::Path};

use crate::error::{CliError, Kind};

/// The mistakes of a file, each with its place.
pub(super) struct Mistakes<'a> {
    path: &'a Path,
    text: &'a str,
    found: Vec<(usize, String)>,
}

impl<'a> Mistakes<'a> {
    pub(super) const fn new(path: &'a Path, text: &'a str) -> Self {
        Self {
            path,
            text,
            found: Vec::new(),
        }
    }

    /// Returns the name of the file.
    pub(super) fn file(&self) -> String {
        self.path.display().to_string()
    }

    /// Returns the text of the file.
    pub(super) const fn text(&self) -> &'a str {
        self.text
    }

    /// Adds a mistake: what is wrong, and what to do.
    pub(super) fn add(&mut self, span: Range<usize>, what: impl Into<String>) {
        self.found.push((span.start, what.into()));
    }

    /// Forgets every mistake after the first `count` that stands on the line of one of those, at or behind it: it may
    /// be a mere consequence.
    pub(super) fn without_consequences(&mut self, count: usize) {
        let places = self.found.iter().map(|(at, _)| self.place(*at));
        let places: Vec<_> = places.collect();
        let (causes, others) = places.split_at(count.min(places.len()));
        let follows = |(line, column): &(usize, usize)| {
            let is_cause = |(of, begin): &(usize, usize)| of == line && begin <= column;
            causes.iter().any(is_cause)
        };
        let mut kept = causes
            .iter()
            .map(|_| true)
            .chain(others.iter().map(|it| !follows(it)));
        self.found.retain(|_| kept.next().unwrap_or(true));
    }

    /// Returns how many mistakes were added.
    pub(super) const fn count(&self) -> usize {
        self.found.len()
    }

    /// Returns `value` if there are no mistakes, else an error that tells them all, in the order of the file.
    pub(super) fn none_or<T>(mut self, value: T) -> Result<T, CliError> {
        if self.found.is_empty() {
            return Ok(value);
        }
        self.found.sort_by_key(|(at, _)| *at);
        let mut text = match self.found.len() {
            1 => "the configuration has a mistake:".to_owned(),
            many => format!("the configuration has {many} mistakes:"),
        };
        for (at, what) in &self.found {
            let (line, column) = self.place(*at);
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\n  {}:{line}:{column}: {}",
                self.path.display(),
                shown(what)
            );
        }
        let hint = "docs/guide.md tells what may stand in the file; nothing was done";
        Err(CliError::new(Kind::Usage, text).hint(hint))
    }

    /// Returns the line and the column, in characters, both from 1.
    fn place(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |it| it + 1);
        let column = before.get(start..).unwrap_or_default().chars().count() + 1;
        (line, column)
    }
}

/// Text of a file stays text on a terminal.
fn shown(text: &str) -> String {
    let shown = |it: char| {
        if it.is_control() {
            it.escape_default().to_string()
        } else {
            it.to_string()
        }
    };
    text.chars().map(shown).collect()
}
