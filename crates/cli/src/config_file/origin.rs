//! Where a value of the configuration comes from.

use std::fmt;

/// Where a value of the configuration comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin<'a> {
    /// From an option.
    Flag(&'static str),
    /// From a line of the file.
    File(&'a str, usize),
    /// From a ruleset or framework that asks for it.
    Ruleset,
    /// From nobody.
    Default,
}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::File(file, line) => write!(f, "{}:{line}", reporting::visible(file)),
            Self::Ruleset => f.write_str("asked for by a ruleset or framework"),
            Self::Default => f.write_str("default"),
        }
    }
}
