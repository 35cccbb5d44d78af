//! A table of the file, of which keys are taken until none is left.

use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::mistakes::Mistakes;
use crate::nearest::advice;

type Key<'a> = &'a Spanned<Cow<'a, str>>;
type Value<'a> = &'a Spanned<DeValue<'a>>;

/// A table of the file, of which keys are taken until none is left: what is never asked for is unknown.
pub(super) struct Table<'a> {
    /// How messages name the table, in its brackets; empty for the file as a whole.
    name: String,
    span: Range<usize>,
    entries: BTreeMap<&'a str, (Key<'a>, Value<'a>)>,
    asked: Vec<&'static str>,
}

impl<'a> Table<'a> {
    /// Returns the file as a whole.
    pub(super) fn new(table: &'a Spanned<DeTable<'a>>) -> Self {
        Self::of(String::new(), table.span(), table.get_ref())
    }

    fn of(name: String, span: Range<usize>, table: &'a DeTable<'a>) -> Self {
        let entries = table
            .iter()
            .map(|(key, value)| (key.get_ref().as_ref(), (key, value)));
        Self {
            name,
            span,
            entries: entries.collect(),
            asked: Vec::new(),
        }
    }

    /// Returns where the table stands.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Returns where a key stands, if the table has it.
    pub(super) fn key_span(&self, key: &str) -> Option<Range<usize>> {
        self.entries.get(key).map(|(key, _)| key.span())
    }

    /// Takes a value.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Value<'a>> {
        self.asked.push(key);
        self.entries.remove(key).map(|(_, value)| value)
    }

    /// Takes a text, without the space around it.
    pub(super) fn text(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Spanned<&'a str>> {
        let value = self.take(key)?;
        let span = value.span();
        let Some(text) = value.get_ref().as_str() else {
            let kind = value.get_ref().type_str();
            mistakes.add(
                span,
                format!("`{key}` is a text, not of type {kind}: put it in quotes"),
            );
            return None;
        };
        let text = text.trim();
        if text.is_empty() {
            mistakes.add(span, format!("`{key}` is empty: say something"));
            return None;
        }
        Some(Spanned::new(span, text))
    }

    /// Takes the tables of `[[key]]`.
    pub(super) fn tables(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Vec<Table<'a>> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let wrong = format!("`{key}` is a list of tables: write [[{key}]] above each");
        let Some(array) = value.get_ref().as_array() else {
            mistakes.add(value.span(), wrong);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for value in array {
            match value.get_ref().as_table() {
                Some(table) => {
                    let name = format!("[[{key}]]");
                    tables.push(Self::of(name, value.span(), table));
                }
                None => mistakes.add(value.span(), wrong.clone()),
            }
        }
        tables
    }

    /// Takes the table of `[key]`.
    pub(super) fn table(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Table<'a>> {
        let value = self.take(key)?;
        let within = self.name.trim_matches(['[', ']']);
        let name = if within.is_empty() {
            format!("[{key}]")
        } else {
            format!("[{within}.{key}]")
        };
        let Some(table) = value.get_ref().as_table() else {
            let what = format!("`{key}` is a table: write {name} above its keys");
            mistakes.add(value.span(), what);
            return None;
        };
        Some(Self::of(name, value.span(), table))
    }

    /// Returns the tables that were not taken, each with the name and place of its key, and takes them.
    pub(super) fn other_tables(&mut self) -> Vec<(&'a str, Range<usize>)> {
        let is_table = |value: Value<'_>| value.get_ref().is_table();
        let others = self.entries.iter().filter(|(_, (_, it))| is_table(it));
        let others: Vec<_> = others.map(|(name, (key, _))| (*name, key.span())).collect();
        self.entries.retain(|_, (_, it)| !is_table(it));
        others
    }

    /// Returns every key that was asked for.
    #[cfg(test)]
    pub(super) fn asked(&self) -> &[&'static str] {
        &self.asked
    }

    /// Says that something must be there and is not: what, and what to add.
    pub(super) fn lacks(&self, what: &str, example: &str, mistakes: &mut Mistakes<'_>) {
        let what = format!("{} has no {what}: add {example}", self.name);
        mistakes.add(self.span(), what);
    }

    /// Says that every key that was not taken is unknown.
    pub(super) fn end(self, mistakes: &mut Mistakes<'_>) {
        for (name, (key, _)) in &self.entries {
            let of_table = match self.name.as_str() {
                "" => String::new(),
                table => format!(" in {table}"),
            };
            let advice = advice(name, &self.asked);
            mistakes.add(
                key.span(),
                format!("unknown key `{name}`{of_table}: {advice}"),
            );
        }
    }
}
