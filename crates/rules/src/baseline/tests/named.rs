//! Which failures are named where there are many.

use std::collections::BTreeMap;

use model::{Fact, ObservationId, Presence, Record};

use super::{BEFORE, Kept, NOW, account, baseline, compare, header};
use crate::{Change, Changes, Severity, default_rules};

/// An account whose users fail; its root user fails, too, if it is told to.
fn failing(id: u64, root: bool) -> Record {
    let mut record = account(&id.to_string(), &[("alice", Kept::Failing)]);
    if root {
        record.root_user.access_key = Fact::Known(Presence::Present, ObservationId(0));
    }
    record
}

#[test]
fn the_worst_are_named_wherever_they_are() {
    let first = 100_000_000_001;
    let accounts: Vec<_> = (first..first + 9)
        .map(|it| failing(it, it == first + 8))
        .collect();
    let (findings, changes) = compare(
        baseline(&header(BEFORE), &[]),
        &header(NOW),
        &accounts,
        &default_rules(),
    );
    let new = || findings.iter().filter(|it| it.change == Some(Change::New));
    let mut expected: Vec<_> = new()
        .map(|it| (it.rule.severity, it.subject.arn.to_string(), it.rule.id))
        .collect();
    // A stable order: findings of one severity stay in account order.
    expected.sort_by_key(|it| std::cmp::Reverse(it.0));
    expected.truncate(Changes::EXAMPLES);
    let named: Vec<_> = (changes.examples.iter())
        .map(|it| (it.severity, it.subject.arn.to_string(), it.rule))
        .collect();
    assert_eq!(named, expected);
    assert!(
        named.iter().any(|it| it.0 == Severity::Critical),
        "{named:?}"
    );
    assert!(named.iter().any(|it| it.0 == Severity::High), "{named:?}");
    let mut counts = BTreeMap::new();
    new().for_each(|it| *counts.entry(it.rule.severity).or_default() += 1);
    assert_eq!(changes.severities, counts);
}
