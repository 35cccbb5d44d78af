//! Which rules are evaluated when none is named, and what a set of rules needs to see.

use std::collections::BTreeSet;

use model::Dataset;

use crate::{CATALOG, Rule};

/// The rules of the ruleset `default`: what concerns every organization and drowns nobody in service users.
const DEFAULT: &[&str] = &[
    "root-user-mfa",
    "root-user-access-key",
    "iam-user-console-mfa",
];

/// Returns the rules that are evaluated when none is named, in catalog order.
pub fn default_rules() -> Vec<&'static Rule> {
    CATALOG
        .iter()
        .copied()
        .filter(|it| DEFAULT.contains(&it.id))
        .collect()
}

/// Returns every dataset that `rules` need.
pub fn datasets(rules: &[&'static Rule]) -> BTreeSet<Dataset> {
    rules.iter().flat_map(|it| it.datasets()).collect()
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT, default_rules};

    #[test]
    fn the_default_rules_exist() {
        assert_eq!(default_rules().len(), DEFAULT.len());
    }
}
