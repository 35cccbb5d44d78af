//! What holds whatever changes between two runs.

use std::collections::BTreeSet;

use model::{Dataset, Gap, GapReason, snapshot::AccountList};
use proptest::prelude::*;

use super::{BEFORE, Kept, NOW, RULE, account, baseline, compare, header};
use crate::{Status, Subject, default_rules};

pub(crate) fn kept() -> impl Strategy<Value = Kept> {
    prop::sample::select(vec![
        Kept::Failing,
        Kept::Passing,
        Kept::NotApplicable,
        Kept::Unseen,
        Kept::Absent,
    ])
}

pub(crate) const NAMES: [&str; 3] = ["ana", "ben", "cho"];

proptest! {
    /// Whatever changes, a failure of either run is in one class, and what was not seen is not fixed.
    #[test]
    fn a_failure_is_in_one_class_and_what_was_not_seen_is_never_fixed(
        before in prop::collection::vec([kept(), kept(), kept()], 3),
        after in prop::collection::vec(prop::option::of([kept(), kept(), kept()]), 3),
        cut in prop::collection::vec(any::<bool>(), 3),
        whole in any::<bool>(),
    ) {
        let id = |index: usize| format!("10000000000{index}");
        let make = |index: usize, users: &[Kept; 3]| {
            let users: Vec<_> = NAMES.into_iter().zip(users.iter().copied()).collect();
            account(&id(index), &users)
        };
        let earlier: Vec<_> = before.iter().enumerate().map(|(index, it)| make(index, it)).collect();
        let mut now = Vec::new();
        for (index, users) in after.iter().enumerate() {
            if let Some(users) = users {
                let mut record = make(index, users);
                if cut[index] {
                    let gap = record.missing(Gap::new(Dataset::IamUsers, GapReason::Throttled));
                    record.iam_users.gap = Some(gap);
                }
                now.push(record);
            }
        }
        let mut head = header(NOW);
        if !whole {
            head.account_list = AccountList::Cut("throttled".into());
        }
        let baseline = baseline(&header(BEFORE), &earlier);
        let (findings, changes) = compare(baseline, &head, &now, &default_rules());
        let text = |rule: &str, subject: &Subject| format!("{rule} {}", subject.arn);
        let mut classes: Vec<String> = Vec::new();
        for finding in &findings {
            prop_assert_eq!(finding.change.is_some(), finding.status == Status::Fail);
            prop_assert_eq!(finding.first_seen.is_some(), finding.status == Status::Fail);
            if finding.change.is_some() {
                classes.push(text(finding.rule.id, &finding.subject));
            }
        }
        for past in changes.fixed.iter().chain(&changes.unknown) {
            classes.push(text(&past.rule, &past.subject));
        }
        let distinct: BTreeSet<_> = classes.iter().cloned().collect();
        prop_assert_eq!(distinct.len(), classes.len(), "in more than one class");
        for (index, users) in before.iter().enumerate() {
            for (place, kept) in users.iter().enumerate() {
                let key = format!("{RULE} arn:aws:iam::{}:user/{}", id(index), NAMES[place]);
                if *kept != Kept::Failing {
                    continue;
                }
                prop_assert!(distinct.contains(&key), "{} is forgotten", key);
                let seen = match after[index] {
                    None => whole,
                    Some(users) => match users[place] {
                        Kept::Failing | Kept::Passing | Kept::NotApplicable => true,
                        Kept::Unseen => false,
                        Kept::Absent => !cut[index],
                    },
                };
                let fixed = changes.fixed.iter().any(|it| text(&it.rule, &it.subject) == key);
                let unknown = changes.unknown.iter().any(|it| text(&it.rule, &it.subject) == key);
                prop_assert_eq!(unknown, !seen);
                prop_assert!(!fixed || seen);
            }
        }
        let counted = changes.counts;
        prop_assert_eq!(counted.fixed, changes.fixed.len() as u64);
        prop_assert_eq!(counted.unknown, changes.unknown.len() as u64);
        let failing = findings.iter().filter(|it| it.change.is_some()).count() as u64;
        prop_assert_eq!(counted.new + counted.known + counted.lapsed + counted.new_rule, failing);
    }
}
