//! What differs between two runs, told the same as a run with its baseline tells it.

use std::collections::BTreeSet;

use model::{
    Dataset, Gap, GapReason, Record,
    snapshot::{AccountList, Batch, Header, RecordSource, SourceError},
};
use proptest::prelude::*;

use super::{Absence, Diff, Run};
use crate::{
    CATALOG, Change, Criteria, Past, Rule,
    baseline::tests::{
        BEFORE, Kept, NOW, account, baseline, compare, header,
        property::{NAMES, kept},
    },
    default_rules,
};

/// Records in memory.
struct Records {
    header: Header,
    all: Vec<Record>,
    given: bool,
}

impl RecordSource for Records {
    fn header(&self) -> &Header {
        &self.header
    }

    fn restart(&mut self) -> Result<(), SourceError> {
        self.given = false;
        Ok(())
    }

    fn next_batch(&mut self) -> Option<Result<Batch, SourceError>> {
        if std::mem::replace(&mut self.given, true) {
            return None;
        }
        let records = self.all.clone();
        Some(Ok(Box::new(move || Ok(records))))
    }
}

fn run(mut run: Run, header: &Header, records: &[Record], rules: &[&'static Rule]) -> Run {
    let mut source = Records {
        header: header.clone(),
        all: records.to_vec(),
        given: false,
    };
    run.add_records(&mut source, &Criteria::of(rules)).unwrap();
    run
}

fn diff(before: &[Record], after: &[Record]) -> Diff {
    let rules = default_rules();
    let before = run(Run::default(), &header(BEFORE), before, &rules);
    let after = run(Run::watching(&before), &header(NOW), after, &rules);
    Diff::between(&before, &after)
}

const HERE: &str = "100000000002";
const THERE: &str = "100000000003";

#[test]
fn who_came_and_went_is_told_where_both_runs_know() {
    let before = [
        account(HERE, &[("ana", Kept::Passing), ("ben", Kept::Passing)]),
        account(THERE, &[("eve", Kept::Passing)]),
    ];
    let after = [
        account(HERE, &[("Ana", Kept::Passing), ("cho", Kept::Passing)]),
        account("100000000004", &[("fay", Kept::Passing)]),
    ];
    let told = diff(&before, &after);
    let names =
        |users: &[model::Arn]| -> Vec<String> { users.iter().map(ToString::to_string).collect() };
    assert_eq!(
        names(&told.users_appeared),
        ["arn:aws:iam::100000000002:user/cho"]
    );
    assert_eq!(
        names(&told.users_disappeared),
        ["arn:aws:iam::100000000002:user/ben"]
    );
    assert_eq!(told.appeared[0].id.as_str(), "100000000004");
    let (gone, absence) = &told.disappeared[0];
    assert_eq!((gone.id.as_str(), *absence), (THERE, Absence::Gone));
    let mut cut = after.clone();
    let gap = cut[0].missing(Gap::new(Dataset::IamUsers, GapReason::Throttled));
    cut[0].iam_users.gap = Some(gap);
    let told = diff(&before, &cut);
    assert!(told.users_disappeared.is_empty(), "the list was not whole");
}

#[test]
fn an_account_that_is_only_not_listed_is_not_gone() {
    let before = run(
        Run::default(),
        &header(BEFORE),
        &[account(HERE, &[("ana", Kept::Failing)])],
        &default_rules(),
    );
    let absence = |change: &dyn Fn(&mut Header)| {
        let mut head = header(NOW);
        change(&mut head);
        let after = run(Run::watching(&before), &head, &[], &default_rules());
        Diff::between(&before, &after).disappeared[0].1
    };
    assert_eq!(absence(&|_| ()), Absence::Gone);
    let cut = |it: &mut Header| it.account_list = AccountList::Cut("throttled".into());
    assert_eq!(absence(&cut), Absence::NotSeen);
    let narrow = |it: &mut Header| it.scope.accounts = vec![THERE.parse().unwrap()];
    assert_eq!(absence(&narrow), Absence::NotInScope);
}

#[test]
fn what_was_seen_of_an_account_is_compared_dataset_by_dataset() {
    let seen = account(HERE, &[("ana", Kept::Passing)]);
    let unseen = account(HERE, &[("ana", Kept::Unseen)]);
    let [seen, unseen] = [[seen], [unseen]];
    let lost = diff(&seen, &unseen);
    assert_eq!(lost.coverage[0].lost, [Dataset::MfaStatus]);
    assert!(lost.coverage[0].gained.is_empty());
    let gained = diff(&unseen, &seen);
    assert_eq!(gained.coverage[0].gained, [Dataset::MfaStatus]);
    assert!(diff(&seen, &seen).coverage.is_empty());
}

#[test]
fn rules_that_only_one_run_evaluated_are_named_and_their_failures_are_not_new() {
    let records = [account(HERE, &[("ana", Kept::Failing)])];
    let root_rules = &CATALOG[..2];
    let before = run(Run::default(), &header(BEFORE), &records, root_rules);
    let rules = default_rules();
    let after = run(Run::watching(&before), &header(NOW), &records, &rules);
    let told = Diff::between(&before, &after);
    assert!(
        told.rules_after
            .contains(&"iam-user-console-mfa".to_owned())
    );
    assert!(told.failing.iter().all(|it| it.change.name() == "new-rule"));
    assert_eq!((told.counts.new, told.counts.new_rule), (0, 1));
    assert!(!told.has_new());
    let back = run(Run::watching(&after), &header(NOW), &records, root_rules);
    let told = Diff::between(&after, &back);
    assert!(
        told.rules_before
            .contains(&"iam-user-console-mfa".to_owned())
    );
    assert_eq!((told.counts.fixed, told.counts.unknown), (0, 1));
}

proptest! {
    /// The same failures have the same classes, whether a run is compared while it is made or afterwards.
    #[test]
    fn a_diff_agrees_with_a_baseline(
        before in prop::collection::vec([kept(), kept(), kept()], 3),
        after in prop::collection::vec(prop::option::of([kept(), kept(), kept()]), 3),
        cut in prop::collection::vec(any::<bool>(), 3),
    ) {
        let make = |index: usize, users: &[Kept; 3]| {
            let users: Vec<_> = NAMES.into_iter().zip(users.iter().copied()).collect();
            account(&format!("10000000000{index}"), &users)
        };
        let before: Vec<_> = before.iter().enumerate().map(|(index, it)| make(index, it)).collect();
        let after = after.iter().enumerate().filter_map(|(index, users)| {
            let mut record = make(index, users.as_ref()?);
            if cut[index] {
                let gap = record.missing(Gap::new(Dataset::IamUsers, GapReason::Throttled));
                record.iam_users.gap = Some(gap);
            }
            Some(record)
        });
        let after: Vec<_> = after.collect();
        let told = diff(&before, &after);
        let earlier = baseline(&header(BEFORE), &before);
        let (findings, changes) = compare(earlier, &header(NOW), &after, &default_rules());
        prop_assert_eq!(told.counts, changes.counts);
        let sorted = |list: &[Past]| list.iter().map(|it| format!("{it:?}")).collect::<BTreeSet<_>>();
        prop_assert_eq!(sorted(&told.fixed), sorted(&changes.fixed));
        prop_assert_eq!(sorted(&told.unknown), sorted(&changes.unknown));
        let new: BTreeSet<_> = findings
            .iter()
            .filter(|it| it.change.is_some_and(|it| it != Change::Known))
            .map(|it| (it.rule.id.to_owned(), it.subject.clone()))
            .collect();
        let failing: BTreeSet<_> =
            told.failing.iter().map(|it| (it.rule.clone(), it.subject.clone())).collect();
        prop_assert_eq!(failing, new);
    }
}
