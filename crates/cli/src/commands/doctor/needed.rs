//! Which calls an audit of the chosen rules would make.

use std::collections::BTreeSet;

use aws::ApiCall;
use model::Dataset;
use rules::Rule;

/// What the chosen rules need to see.
pub(super) struct Needed(BTreeSet<Dataset>);

impl Needed {
    /// Returns what the rules need.
    pub(super) fn by(rules: &[&'static Rule]) -> Self {
        Self(rules::datasets(rules))
    }

    /// Tells whether a call tells something that is needed, or is made whatever is.
    pub(super) fn has(&self, call: &ApiCall) -> bool {
        call.feeds.is_empty() || call.feeds.iter().any(|it| self.0.contains(it))
    }
}

#[cfg(test)]
mod tests {
    use inventory::CALLS;

    use super::Needed;
    use crate::{
        args::{RuleArgs, RuleName},
        config_file::RulesSection,
    };

    #[test]
    fn only_calls_that_the_chosen_rules_need_are_missed() {
        let has = |rules: &RuleArgs, operation: &str| {
            let needed = Needed::by(&RulesSection::default().of_role(rules).unwrap());
            let mut calls = CALLS.iter().filter(|it| it.operation == operation);
            calls.any(|it| needed.has(it))
        };
        let all = RuleArgs::default();
        let rule = RuleName {
            id: "root-user-access-key".to_owned(),
        };
        let one = RuleArgs {
            rules: vec![rule],
            ..RuleArgs::default()
        };
        for (operation, needed_by_one) in [
            ("AssumeRole", true),
            ("GetAccountSummary", true),
            ("ListMFADevices", false),
        ] {
            assert!(has(&all, operation), "{operation}");
            assert_eq!(has(&one, operation), needed_by_one, "{operation}");
        }
    }
}
