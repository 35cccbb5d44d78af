//! A section of the file that says what options say: each key declared once, for reading, schema and printing.

use std::fmt::Write;

use serde_json::{Map, Value as Json, json};

use super::{
    mistakes::Mistakes,
    origin::Origin,
    table::Table,
    value::{Kind, Value},
};
use crate::given::Given;

/// A section, and the options `T` it stands for.
#[derive(Debug)]
pub(crate) struct Section<T: 'static> {
    /// The name in brackets.
    pub(super) name: &'static str,
    /// What it says, as a sentence without a full stop.
    pub(super) about: &'static str,
    pub(super) keys: &'static [Key<T>],
}

/// A key of a section.
#[derive(Debug)]
pub(crate) struct Key<T> {
    pub(super) name: &'static str,
    /// What it sets, as a sentence without a full stop.
    pub(super) about: &'static str,
    pub(super) kind: Kind,
    /// The option that says the same, by the name clap has for it, and as people write it.
    pub(super) flag: (&'static str, &'static str),
    /// Reads the option; `None` if nothing is set.
    pub(super) get: fn(&T) -> Option<Value>,
    /// Sets the option. The value is of the key's kind and was checked.
    pub(super) set: fn(&mut T, &Value),
}

/// What the file says in a section.
#[derive(Debug)]
pub(crate) struct Stated<T: 'static>(Vec<(&'static Key<T>, Value, usize)>);

impl<T> Default for Stated<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Section<T> {
    /// Takes the section out of the document.
    pub(super) fn take(
        &'static self,
        document: &mut Table<'_>,
        mistakes: &mut Mistakes<'_>,
    ) -> Stated<T> {
        let Some(mut table) = document.table(self.name, mistakes) else {
            return Stated::default();
        };
        let mut stated = Vec::new();
        for key in self.keys {
            if let Some(value) = table.take(key.name)
                && let Some(read) = key.kind.read(key.name, value, mistakes)
            {
                stated.push((key, read, mistakes.line(value.span().start)));
            }
        }
        table.end(mistakes);
        Stated(stated)
    }

    /// Returns the section as TOML, each value with where it comes from.
    pub(super) fn print(
        &self,
        options: &T,
        stated: &Stated<T>,
        given: &Given,
        file: &str,
    ) -> String {
        let mut text = format!("[{}]\n", self.name);
        for key in self.keys {
            let origin = if given.has(key.flag.0) {
                Origin::Flag(key.flag.1)
            } else {
                stated
                    .line(key.name)
                    .map_or(Origin::Default, |line| Origin::File(file, line))
            };
            // Writing to a string cannot fail.
            let _ = match (key.get)(options) {
                Some(value) => writeln!(text, "{} = {value} # {origin}", key.name),
                None => writeln!(text, "# {} is not set", key.name),
            };
        }
        text
    }

    /// Returns the section's JSON Schema; `options` are the default ones.
    pub(super) fn schema(&self, options: &T) -> Json {
        let mut properties = Map::new();
        for key in self.keys {
            let mut schema = key.kind.schema();
            if let Some(schema) = schema.as_object_mut() {
                let about = format!("{}. Option: {}", key.about, key.flag.1);
                schema.insert("description".to_owned(), about.into());
                if let Some(default) = (key.get)(options) {
                    schema.insert("default".to_owned(), default.into());
                }
            }
            properties.insert(key.name.to_owned(), schema);
        }
        json!({
            "description": self.about,
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        })
    }
}

impl<T> Stated<T> {
    /// Sets the options that do not stand on the command line.
    pub(crate) fn apply(&self, options: &mut T, given: &Given) {
        for (key, value, _) in &self.0 {
            if !given.has(key.flag.0) {
                (key.set)(options, value);
            }
        }
    }

    /// Returns the line that a key stands on.
    pub(super) fn line(&self, name: &str) -> Option<usize> {
        let found = self.0.iter().find(|(key, ..)| key.name == name);
        found.map(|(_, _, line)| *line)
    }

    /// Returns the value of a key.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        let found = self.0.iter().find(|(key, ..)| key.name == name);
        found.map(|(_, value, _)| value)
    }
}
