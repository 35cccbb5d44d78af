//! Every combination of what decides a class.

use std::collections::BTreeSet;

use crate::{
    Change, Fate, NewRules, Status,
    baseline::{AccountNow, Standing, SubjectNow, change::Evaluated, change_of, fate},
};

#[test]
fn every_failure_of_a_run_has_the_class_the_table_says() {
    use Standing::{Excused, Held};
    let listed = NewRules::Listed;
    let table = [
        (None, Held, Evaluated::Yes, Change::New),
        (None, Excused, Evaluated::Yes, Change::New),
        (None, Held, Evaluated::No, Change::NewRule(listed)),
        (None, Excused, Evaluated::No, Change::NewRule(listed)),
        (Some(Held), Held, Evaluated::Yes, Change::Known),
        (Some(Held), Excused, Evaluated::Yes, Change::Known),
        (Some(Held), Held, Evaluated::No, Change::Known),
        (Some(Held), Excused, Evaluated::No, Change::Known),
        (Some(Excused), Held, Evaluated::Yes, Change::Lapsed),
        (Some(Excused), Excused, Evaluated::Yes, Change::Known),
        (Some(Excused), Held, Evaluated::No, Change::Lapsed),
        (Some(Excused), Excused, Evaluated::No, Change::Known),
    ];
    for (earlier, now, rule, change) in table {
        assert_eq!(change_of(earlier, now, rule, listed), change);
    }
    let held = change_of(None, Held, Evaluated::No, NewRules::Held);
    let holding: Vec<_> = Change::ALL.into_iter().filter(|it| it.is_held()).collect();
    assert_eq!(holding, [Change::New, Change::Lapsed]);
    assert!(held.is_held());
}

const ACCOUNTS: [AccountNow; 6] = [
    AccountNow::Audited,
    AccountNow::Closed,
    AccountNow::NotActive,
    AccountNow::Gone,
    AccountNow::OutOfScope,
    AccountNow::NotSeen,
];

fn subjects() -> Vec<SubjectNow> {
    let judged = Status::ALL.map(SubjectNow::Judged);
    let others = [
        SubjectNow::Replaced,
        SubjectNow::Gone,
        SubjectNow::NotListed,
        SubjectNow::NotJudged,
    ];
    judged.into_iter().chain(others).collect()
}

#[test]
fn every_failure_of_the_baseline_has_the_fate_the_table_says() {
    for account in ACCOUNTS {
        for subject in subjects() {
            let expected = match (account, subject) {
                (AccountNow::Closed, _) => Some(Fate::AccountClosed),
                (AccountNow::NotActive, _) => Some(Fate::AccountNotActive),
                (AccountNow::Gone, _) => Some(Fate::AccountGone),
                (AccountNow::OutOfScope, _) => Some(Fate::NotInScope),
                (AccountNow::NotSeen, _) => Some(Fate::AccountNotSeen),
                (_, SubjectNow::Judged(Status::Pass)) => Some(Fate::Passes),
                (_, SubjectNow::Judged(Status::NotApplicable)) => Some(Fate::NotApplicable),
                (_, SubjectNow::Judged(Status::Indeterminate)) => Some(Fate::FactNotSeen),
                (_, SubjectNow::Judged(Status::Fail)) => None,
                (_, SubjectNow::Replaced) => Some(Fate::SubjectReplaced),
                (_, SubjectNow::Gone) => Some(Fate::SubjectGone),
                (_, SubjectNow::NotListed) => Some(Fate::SubjectsNotListed),
                (_, SubjectNow::NotJudged) => Some(Fate::NotJudged),
            };
            assert_eq!(fate(account, subject), expected, "{account:?} {subject:?}");
        }
    }
}

#[test]
fn only_what_was_seen_is_fixed() {
    for account in ACCOUNTS {
        for subject in subjects() {
            let unseen = matches!(
                account,
                AccountNow::NotActive | AccountNow::OutOfScope | AccountNow::NotSeen
            ) || account == AccountNow::Audited
                && matches!(
                    subject,
                    SubjectNow::Judged(Status::Indeterminate)
                        | SubjectNow::NotListed
                        | SubjectNow::NotJudged
                );
            if let Some(fate) = fate(account, subject) {
                assert_eq!(fate.is_fixed(), !unseen, "{account:?} {subject:?}");
            }
        }
    }
    let reasons: BTreeSet<_> = Fate::ALL.into_iter().map(Fate::reason).collect();
    assert_eq!(reasons.len(), Fate::ALL.len(), "each says something else");
}
