//! What an earlier run saw and this one does not.

use model::{
    AccountState, Cell, Dataset, Record, Scope,
    snapshot::{AccountList, Header},
};

use super::{BEFORE, Kept, NOW, RULE, account, baseline, compare, header};
use crate::{Absence, Baseline, Before, CoverageLost, default_rules};

const HERE: &str = "100000000002";
const THERE: &str = "100000000003";

fn seen(id: &str) -> Record {
    account(id, &[("alice", Kept::Passing)])
}

fn unseen(id: &str) -> Record {
    account(id, &[("alice", Kept::Unseen)])
}

/// Returns the baseline of a run of `records`, as a report of it tells.
fn before(records: &[Record]) -> Baseline {
    let mut baseline = baseline(&header(BEFORE), records);
    for record in records {
        let datasets = crate::datasets(&default_rules());
        let cells = datasets.into_iter().map(|it| (it, model::cell(record, it)));
        baseline.saw(&record.account.id, cells.collect());
    }
    baseline
}

fn lost(baseline: Baseline, after: &[Record], list: &AccountList) -> Option<CoverageLost> {
    let mut header = header(NOW);
    header.account_list = list.clone();
    let (_, changes) = compare(baseline, &header, after, &default_rules());
    changes.coverage_lost
}

#[test]
fn less_is_lost_and_as_much_or_more_is_not() {
    let cases = [
        (seen(HERE), seen(HERE), &[][..]),
        (unseen(HERE), unseen(HERE), &[]),
        (unseen(HERE), seen(HERE), &[]),
        (seen(HERE), unseen(HERE), &[Dataset::MfaStatus]),
    ];
    for (then, now, expected) in cases {
        let told = lost(before(&[then]), &[now], &AccountList::Whole).unwrap();
        let datasets: Vec<_> = told.examples.iter().flat_map(|it| &it.datasets).collect();
        assert_eq!(datasets, expected.iter().collect::<Vec<_>>());
        assert_eq!(told.accounts, expected.len() as u64);
        assert!(told.examples.iter().all(|it| it.absence.is_none()));
    }
}

#[test]
fn a_new_account_is_told_if_not_everything_of_it_was_seen() {
    // All that this rule needs was seen.
    let rules: Vec<_> = (default_rules().into_iter())
        .filter(|it| it.id == RULE)
        .collect();
    let lost = |after: &[Record]| {
        let (_, changes) = compare(before(&[seen(HERE)]), &header(NOW), after, &rules);
        changes.coverage_lost.unwrap()
    };
    assert_eq!(lost(&[seen(HERE), seen(THERE)]), CoverageLost::default());
    let told = lost(&[unseen(HERE), unseen(THERE)]);
    assert_eq!(told.accounts, 2);
    let examples: Vec<_> = (told.examples.iter())
        .map(|it| (it.id.as_str(), it.before, it.absence))
        .collect();
    let expected = [
        (HERE, Before::Audited, None),
        (THERE, Before::NotAudited, None),
    ];
    assert_eq!(examples, expected);
    assert_eq!(told.examples[1].datasets, [Dataset::MfaStatus]);
}

#[test]
fn a_list_of_accounts_that_is_cut_is_told_once() {
    let cut = AccountList::Cut("throttled".into());
    for (then, now, expected) in [
        (&AccountList::Whole, &AccountList::Whole, false),
        (&AccountList::Whole, &cut, true),
        (&cut, &cut, false),
        (&cut, &AccountList::Whole, false),
    ] {
        let list = |at, list: &AccountList| Header {
            account_list: list.clone(),
            ..header(at)
        };
        let baseline = baseline(&list(BEFORE, then), &[seen(HERE)]);
        let now = list(NOW, now);
        let (_, changes) = compare(baseline, &now, &[seen(HERE)], &default_rules());
        assert_eq!(changes.list_cut, expected, "{then:?} {now:?}");
    }
}

#[test]
fn an_account_that_is_missing_is_lost_unless_it_is_gone() {
    let cut = AccountList::Cut("throttled".into());
    let told = lost(before(&[seen(HERE), seen(THERE)]), &[seen(HERE)], &cut).unwrap();
    assert_eq!(told.accounts, 1);
    assert_eq!(told.examples[0].id.as_str(), THERE);
    assert_eq!(told.examples[0].absence, Some(Absence::NotSeen));
    let whole = AccountList::Whole;
    let told = lost(before(&[seen(HERE), seen(THERE)]), &[seen(HERE)], &whole);
    assert_eq!(told, Some(CoverageLost::default()));
}

#[test]
fn an_account_that_is_not_active_any_more_is_not_lost() {
    let mut suspended = seen(HERE);
    suspended.account.state = AccountState::Suspended;
    suspended.account.scope = Scope::NotActive;
    let told = lost(before(&[seen(HERE)]), &[suspended], &AccountList::Whole);
    assert_eq!(told, Some(CoverageLost::default()));
}

#[test]
fn what_nobody_asks_for_any_more_is_not_lost() {
    let mut baseline = before(&[seen(HERE)]);
    let fido = [(Dataset::FidoCertifications, Cell::Seen)].into();
    baseline.saw(&THERE.parse().unwrap(), fido);
    let cut = AccountList::Cut("throttled".into());
    let told = lost(baseline, &[seen(HERE)], &cut).unwrap();
    assert_eq!(told.accounts, 0, "{told:?}");
}

#[test]
fn a_baseline_that_tells_nothing_of_coverage_does_not_say_that_none_was_lost() {
    let baseline = baseline(&header(BEFORE), &[seen(HERE)]);
    assert_eq!(lost(baseline, &[unseen(HERE)], &AccountList::Whole), None);
}

#[test]
fn what_is_lost_follows_other_names() {
    let baseline = before(&[seen(HERE)]);
    let renamed = baseline.renamed(baseline.head.clone(), |arn| {
        arn.as_str().replace(HERE, THERE).parse().unwrap()
    });
    let told = lost(renamed, &[unseen(THERE)], &AccountList::Whole).unwrap();
    assert_eq!(told.examples[0].id.as_str(), THERE);
}
