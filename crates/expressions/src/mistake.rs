//! What is wrong with an expression, and where.

use std::fmt;

/// What is wrong with an expression, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mistake {
    /// The place in the expression, in bytes.
    pub at: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

impl Mistake {
    pub(crate) fn new(at: usize, what: impl Into<String>) -> Self {
        Self {
            at,
            what: what.into(),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// Returns what may have been meant by `name`: the nearest of the known names, or all of them.
pub(crate) fn advice<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<_> = known.collect();
    let likeness = |it: &&&str| strsim::jaro_winkler(it, name);
    let near = known.iter().filter(|it| likeness(it) > 0.7);
    let near = near.max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    near.map_or_else(
        || format!("known are {}", known.join(", ")),
        |it| format!("did you mean `{it}`?"),
    )
}
