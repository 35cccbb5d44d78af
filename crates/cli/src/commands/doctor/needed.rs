//! Which calls an audit of the chosen rules would make.

use std::collections::BTreeSet;

use aws::ApiCall;
use model::Dataset;

use crate::args::RuleArgs;

/// What the chosen rules need to see.
pub(super) struct Needed(BTreeSet<Dataset>);

impl Needed {
    /// Returns what the rules of the command line need; without a choice, what every rule does.
    pub(super) fn by(rules: &RuleArgs) -> Self {
        Self(rules::datasets(&rules.of_role()))
    }

    /// Tells whether a call tells something that is needed, or is made whatever is.
    pub(super) fn has(&self, call: &ApiCall) -> bool {
        call.feeds.is_empty() || call.feeds.iter().any(|it| self.0.contains(it))
    }
}

#[cfg(test)]
mod tests {
    use inventory::CALLS;
    use rules::CATALOG;

    use super::Needed;
    use crate::args::RuleArgs;

    #[test]
    fn only_calls_that_the_chosen_rules_need_are_missed() {
        let has = |rules: &RuleArgs, operation: &str| {
            let needed = Needed::by(rules);
            let mut calls = CALLS.iter().filter(|it| it.operation == operation);
            calls.any(|it| needed.has(it))
        };
        let all = RuleArgs::default();
        let rule = CATALOG.iter().find(|it| it.id == "root-user-access-key");
        let one = RuleArgs {
            rules: rule.into_iter().copied().collect(),
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
