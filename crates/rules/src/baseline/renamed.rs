//! A baseline whose subjects have other names.

use model::Arn;

use super::{Baseline, Held, RunHead};
use crate::Subject;

impl Baseline {
    /// Returns the same failures under other names, of a run with this head.
    #[must_use]
    pub fn renamed(&self, head: RunHead, rename: impl Fn(&Arn) -> Arn) -> Self {
        let mut renamed = Self {
            head,
            new_rules: self.new_rules,
            seen: self.seen.renamed(&rename),
            sight: self.sight,
            ..Self::default()
        };
        for held in self.accounts.values().flatten() {
            let Held {
                kind,
                standing,
                first_seen,
                last_seen,
                evidence_time,
                ..
            } = *held;
            let subject = Subject {
                kind,
                arn: rename(&held.arn),
            };
            let rule = self.rule(held);
            renamed.add(
                rule,
                &subject,
                standing,
                first_seen,
                last_seen,
                evidence_time,
            );
        }
        renamed.settle();
        renamed
    }
}
