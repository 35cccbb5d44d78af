//! What a key may be, and how its value is read, described in the schema, and written back.

use std::{collections::BTreeSet, fmt};

use serde_json::{Value as Json, json};
use toml::{Spanned, de::DeValue};

use super::mistakes::Mistakes;
use crate::nearest::advice;

/// The value of a key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Value {
    Text(String),
    List(Vec<String>),
    Number(u32),
    /// In hundredths of a percent.
    Percent(u32),
    Switch(bool),
}

/// What a key may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// A text.
    Text(Check),
    /// A list of texts.
    List(Check),
    /// A whole number within bounds, both included.
    Number { min: u32, max: u32 },
    /// A share from 0 to 100, with up to two decimals.
    Percent,
    /// `true` or `false`.
    Switch,
    /// One of these words.
    Choice(Words),
    /// A list of these words.
    Choices(Words),
}

/// Says what is wrong with a text.
pub(crate) type Check = fn(&str) -> Result<(), String>;
pub(crate) type Words = fn() -> Vec<&'static str>;

/// A value of the file, with where it stands.
pub(super) type Read<'a> = &'a Spanned<DeValue<'a>>;

impl Kind {
    /// Reads a value, and adds what is wrong with it.
    pub(super) fn read(
        self,
        name: &str,
        value: Read<'_>,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Value> {
        match self {
            Self::Text(check) => text(name, value, check, mistakes).map(Value::Text),
            Self::List(check) => list(name, value, mistakes, |item, mistakes| {
                text(name, item, check, mistakes)
            })
            .map(Value::List),
            Self::Number { min, max } => number(name, value, min, max, mistakes).map(Value::Number),
            Self::Percent => percent(name, value, mistakes).map(Value::Percent),
            Self::Switch => switch(name, value, mistakes).map(Value::Switch),
            Self::Choice(words) => {
                choice(name, value, &words(), mistakes).map(|it| Value::Text(it.to_owned()))
            }
            Self::Choices(words) => {
                let words = words();
                list(name, value, mistakes, |item, mistakes| {
                    choice(name, item, &words, mistakes).map(str::to_owned)
                })
                .map(Value::List)
            }
        }
    }

    /// Returns the JSON Schema of a value.
    pub(super) fn schema(self) -> Json {
        match self {
            Self::Text(_) => json!({ "type": "string", "minLength": 1 }),
            Self::List(_) => {
                json!({ "type": "array", "items": Self::Text(|_| Ok(())).schema(), "uniqueItems": true })
            }
            Self::Number { min, max } => {
                json!({ "type": "integer", "minimum": min, "maximum": max })
            }
            Self::Percent => json!({ "type": "number", "minimum": 0, "maximum": 100 }),
            Self::Switch => json!({ "type": "boolean" }),
            Self::Choice(words) => json!({ "enum": words() }),
            Self::Choices(words) => {
                json!({ "type": "array", "items": { "enum": words() }, "uniqueItems": true })
            }
        }
    }
}

fn wrong_type(name: &str, what: &str, value: Read<'_>, mistakes: &mut Mistakes<'_>) {
    let kind = value.get_ref().type_str();
    mistakes.add(
        value.span(),
        format!("`{name}` is {what}, not of type {kind}"),
    );
}

pub(super) fn text(
    name: &str,
    value: Read<'_>,
    check: impl FnOnce(&str) -> Result<(), String>,
    mistakes: &mut Mistakes<'_>,
) -> Option<String> {
    let Some(text) = value.get_ref().as_str() else {
        wrong_type(name, "a text in quotes", value, mistakes);
        return None;
    };
    let text = text.trim();
    if text.is_empty() {
        mistakes.add(value.span(), format!("`{name}` is empty: say something"));
        return None;
    }
    match check(text) {
        Ok(()) => Some(text.to_owned()),
        Err(error) => {
            mistakes.add(value.span(), format!("`{name}`: {error}"));
            None
        }
    }
}

pub(super) fn number(
    name: &str,
    value: Read<'_>,
    min: u32,
    max: u32,
    mistakes: &mut Mistakes<'_>,
) -> Option<u32> {
    let Some(integer) = value.get_ref().as_integer() else {
        wrong_type(name, "a whole number", value, mistakes);
        return None;
    };
    let number = u32::from_str_radix(integer.as_str(), integer.radix()).ok();
    let number = number.filter(|it| (min..=max).contains(it));
    if number.is_none() {
        let what = format!("`{name}` is a number from {min} to {max}, not {integer}");
        mistakes.add(value.span(), what);
    }
    number
}

fn percent(name: &str, value: Read<'_>, mistakes: &mut Mistakes<'_>) -> Option<u32> {
    let written = value.get_ref();
    let integer = written.as_integer().map(ToString::to_string);
    let float = || written.as_float().map(ToString::to_string);
    let Some(text) = integer.or_else(float) else {
        wrong_type(name, "a number from 0 to 100, in percent", value, mistakes);
        return None;
    };
    let read = crate::values::percent(&text).ok();
    if read.is_none() {
        let what = format!("`{name}` is a number from 0 to 100, in percent, not {text}");
        mistakes.add(value.span(), what);
    }
    read
}

pub(super) fn switch(name: &str, value: Read<'_>, mistakes: &mut Mistakes<'_>) -> Option<bool> {
    let read = value.get_ref().as_bool();
    if read.is_none() {
        wrong_type(name, "true or false, without quotes", value, mistakes);
    }
    read
}

pub(super) fn choice<'w>(
    name: &str,
    value: Read<'_>,
    words: &[&'w str],
    mistakes: &mut Mistakes<'_>,
) -> Option<&'w str> {
    let Some(text) = value.get_ref().as_str() else {
        let what = format!("one of {}, in quotes", words.join(", "));
        wrong_type(name, &what, value, mistakes);
        return None;
    };
    let found = words.iter().copied().find(|it| *it == text);
    if found.is_none() {
        let advice = advice(text, words);
        mistakes.add(
            value.span(),
            format!("`{name}` cannot be `{text}`: {advice}"),
        );
    }
    found
}

/// Reads a list, of which nothing stands twice.
pub(super) fn list<T: Clone + fmt::Debug>(
    name: &str,
    value: Read<'_>,
    mistakes: &mut Mistakes<'_>,
    mut item: impl FnMut(Read<'_>, &mut Mistakes<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    let Some(array) = value.get_ref().as_array() else {
        wrong_type(name, "a list in brackets", value, mistakes);
        return None;
    };
    let before = mistakes.count();
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    for it in array {
        if let Some(text) = it.get_ref().as_str()
            && !seen.insert(text.trim())
        {
            mistakes.add(it.span(), format!("`{text}` stands twice in `{name}`"));
            continue;
        }
        items.extend(item(it, mistakes));
    }
    (mistakes.count() == before).then_some(items)
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        match value {
            Value::Text(text) => text.into(),
            Value::List(items) => items.into(),
            Value::Number(number) => number.into(),
            Value::Percent(hundredths) => (f64::from(hundredths) / 100.0).into(),
            Value::Switch(on) => on.into(),
        }
    }
}

/// Writes the value as TOML.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        match self {
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(|it| quoted(it)).collect();
                write!(f, "[{}]", items.join(", "))
            }
            Self::Number(number) => number.fmt(f),
            Self::Percent(hundredths) => match (hundredths / 100, hundredths % 100) {
                (whole, 0) => whole.fmt(f),
                (whole, rest) if rest % 10 == 0 => write!(f, "{whole}.{}", rest / 10),
                (whole, rest) => write!(f, "{whole}.{rest:02}"),
            },
            Self::Switch(on) => on.fmt(f),
        }
    }
}
