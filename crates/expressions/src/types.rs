//! The types of an expression's parts.

use std::fmt;

use crate::fields::{Kind, Object};

/// The most that a number of a subject is, either way: no sum of such numbers that fits in an expression overflows.
pub(crate) const MOST: i64 = 1_000_000_000;

/// The type of an expression's part.
#[derive(Clone, Debug)]
pub(crate) enum Type {
    /// True or false.
    Bool,
    /// A whole number, never beyond this, either way.
    Number(i128),
    /// A text.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A thing with fields, and the path it was reached by.
    Object(&'static Object, Vec<&'static str>),
    /// Several of one type.
    List(Box<Type>),
    /// A member of a list that has none.
    Nothing,
}

impl Type {
    /// Returns the type of a field that was reached by a path.
    pub(crate) fn of(kind: Kind, path: Vec<&'static str>) -> Self {
        match kind {
            Kind::Bool => Self::Bool,
            Kind::Number => Self::Number(i128::from(MOST)),
            Kind::Text => Self::Text,
            Kind::Choice(words) => Self::Choice(words),
            Kind::Object(object) => Self::Object(object, path),
            Kind::Objects(object) => Self::List(Box::new(Self::Object(object, path))),
            Kind::Texts => Self::List(Box::new(Self::Text)),
        }
    }

    /// Returns the type that holds what is of either type, if there is one.
    pub(crate) fn either(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Nothing, it) | (it, Self::Nothing) => Some(it.clone()),
            (Self::Bool, Self::Bool) => Some(Self::Bool),
            (Self::Number(one), Self::Number(two)) => Some(Self::Number(*one.max(two))),
            (Self::Choice(one), Self::Choice(two)) if one == two => Some(Self::Choice(one)),
            (Self::Text | Self::Choice(_), Self::Text | Self::Choice(_)) => Some(Self::Text),
            (Self::Object(object, one), Self::Object(_, two)) if one == two => {
                Some(Self::Object(object, one.clone()))
            }
            (Self::List(one), Self::List(two)) => Some(Self::List(Box::new(one.either(two)?))),
            _ => None,
        }
    }

    /// Tells whether two values of the type can be compared for being the same.
    pub(crate) fn is_comparable(&self) -> bool {
        match self {
            Self::Bool | Self::Number(_) | Self::Text | Self::Choice(_) | Self::Nothing => true,
            Self::List(member) => member.is_comparable(),
            Self::Object(..) => false,
        }
    }
}

/// Writes the type as a noun phrase.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "true or false",
            Self::Number(_) => "a number",
            Self::Text => "a text",
            Self::Choice(_) => "one of several words",
            Self::Object(..) => "a thing with fields",
            Self::List(_) => "a list",
            Self::Nothing => "nothing",
        })
    }
}
