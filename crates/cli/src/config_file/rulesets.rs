//! Which sets of rules have a name.

use rules::{CATALOG, Rule};

/// The names, in the order messages list them.
pub(super) fn names() -> Vec<&'static str> {
    vec!["default", "all"]
}

/// Returns the rules of a set.
pub(super) fn find(name: &str) -> Option<Vec<&'static Rule>> {
    match name {
        "default" => Some(rules::default_rules()),
        "all" => Some(CATALOG.to_vec()),
        _ => None,
    }
}
