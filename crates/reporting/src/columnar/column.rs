//! What columns are, and what a row has in one.

use std::borrow::Cow;

use model::{Date, Timestamp};

/// A column.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether every row has a value in it.
    pub presence: Presence,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Text that differs from row to row.
    Text,
    /// Text that many rows share.
    SharedText,
    /// A point in time, to the millisecond, in UTC.
    Time,
    /// A day.
    Day,
    /// A number of 64 bits.
    Number,
    /// Yes or no.
    Flag,
}

/// Whether every row has a value in a column.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Presence {
    /// Every row has.
    Always,
    /// A row that has none says nothing, which is not "no".
    Sometimes,
}

/// What a row has in a column.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Value<'a> {
    /// Nothing is said.
    Nothing,
    /// A text.
    Text(Cow<'a, str>),
    /// A point in time.
    Time(Timestamp),
    /// A day.
    Day(Date),
    /// A number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

impl<'a> Value<'a> {
    /// Returns a text.
    pub const fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// Returns a text, if there is one.
    pub fn text_if(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nothing, Self::text)
    }
}
