//! What a decision hangs on that documents do not tell.

use std::fmt;

/// What a decision hangs on.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Hang {
    /// A condition on this key, whose value is not known.
    Key(String),
    /// What an operator makes of a key: it is unknown, or not meant for such a key.
    Operator {
        /// The operator, as it is written.
        operator: String,
        /// The key, as it is written.
        key: String,
    },
    /// An element that such a policy does not have, or lacks.
    Element(String),
    /// A policy variable, whose value is not known.
    Variable(String),
    /// Which resource it is about: this pattern covers some.
    Resource(String),
    /// A policy that cannot be read; why, as a sentence fragment.
    Unread(String),
}

/// Writes it as a phrase that fits behind "hangs on".
impl fmt::Display for Hang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(f, "the condition key `{key}`"),
            Self::Operator { operator, key } => write!(f, "what `{operator}` makes of `{key}`"),
            Self::Element(place) => write!(f, "`{place}`, which such a policy has not"),
            Self::Variable(name) => write!(f, "the policy variable `${{{name}}}`"),
            Self::Resource(pattern) => write!(f, "the resource: `{pattern}` covers some"),
            Self::Unread(why) => write!(f, "a policy that cannot be read: {why}"),
        }
    }
}
