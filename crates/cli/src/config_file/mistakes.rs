//! The mistakes of a file, each with its place.

use std::{ops::Range, path::Path};

use crate::error::{CliError, Kind};

/// The mistakes of a file, each with its place.
pub(super) struct Mistakes<'a> {
    path: &'a Path,
    text: &'a str,
    found: Vec<(Range<usize>, String)>,
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
        self.found.push((span, what.into()));
    }

    /// Forgets every mistake after the first `count` that stands on the line of one of those, at or behind it: it may
    /// be a mere consequence.
    pub(super) fn without_consequences(&mut self, count: usize) {
        let places = self.found.iter().map(|(it, _)| self.place(it.start));
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
        self.found.sort_by_key(|(span, _)| span.start);
        let mut text = match self.found.len() {
            1 => "the configuration has a mistake:".to_owned(),
            many => format!("the configuration has {many} mistakes:"),
        };
        let mut annotated = text.clone();
        for (span, what) in &self.found {
            let (line, column) = self.place(span.start);
            let path = self.path.display();
            let told = format!("\n  {path}:{line}:{column}: {}", shown(what));
            text.push_str(&told);
            annotated.push_str(&told);
            annotated.push_str(&self.excerpt(span, line, column));
        }
        let hint = "docs/guide.md tells what may stand in the file; nothing was done";
        let error = CliError::new(Kind::Usage, text);
        Err(error.shown(annotated).hint(hint))
    }

    /// Returns the line with a mark under what is wrong, unless that is too far to the right or the line may hold what no
    /// log should.
    fn excerpt(&self, span: &Range<usize>, line: usize, column: usize) -> String {
        const WIDTH: usize = 68;
        let text = self.text.lines().nth(line - 1).unwrap_or_default();
        let wrong = self.text.get(span.clone()).unwrap_or_default();
        let wrong = wrong.lines().next().unwrap_or_default().chars().count();
        if text.trim().is_empty() || column > WIDTH || may_hold_a_secret(text) {
            return String::new();
        }
        // What changes the width of a line would move the mark.
        let plain = text
            .chars()
            .map(|it| if it.is_control() { ' ' } else { it });
        let text: String = plain.take(WIDTH).collect();
        let mark = "^".repeat(wrong.clamp(1, WIDTH + 1 - column));
        format!(
            "\n{line:>6} | {}\n       | {:>2$}{mark}",
            text.trim_end(),
            "",
            column - 1
        )
    }

    /// Returns a place as people write it: file, line and column.
    pub(super) fn place_of(&self, at: usize) -> String {
        let (line, column) = self.place(at);
        format!("{}:{line}:{column}", self.path.display())
    }

    /// Returns the line of a place.
    pub(super) fn line(&self, at: usize) -> usize {
        self.place(at).0
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

/// Tells whether a line may hold what lets its reader do something: an address where whoever knows it may post, or a key that
/// was written where its variable's name belongs.
fn may_hold_a_secret(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let words = ["://", "url", "secret", "token", "password"];
    words.iter().any(|it| line.contains(it))
}
