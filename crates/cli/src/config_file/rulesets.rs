//! Which sets of rules have a name.

use rules::Ruleset;

/// The names, in the order messages list them.
pub(super) fn names() -> Vec<&'static str> {
    Ruleset::all().map(|it| it.id).collect()
}
