//! What waivers do to failures and to the gate, and what they leave alone.

use model::{Date, Record, snapshot::AccountList};
use proptest::prelude::*;

use super::{Term, Waivers};
use crate::{
    CATALOG, CoverageWaivers, Criteria, Decision, Finding, Gate, Glob, RunContext, Severity,
    Strictness, Totals, Waiver, WaiverFate, WaiverUses, evaluate_record,
    example::{RootFacts, UserFacts, failure_waiver, iam_user, root_user, time},
};

const TODAY: &str = "2026-11-24T06:00:00Z";
const CONSOLE: &str = "iam-user-console-mfa";
const GATE: Gate = Gate {
    fail_on: Severity::High,
    min_coverage: 0,
    strictness: Strictness::Visible,
};

/// An account whose root user has an access key and whose user alice has no MFA; it has nothing else to object to.
fn account() -> Record {
    let facts = RootFacts {
        access_key: true,
        mfa: true,
        ..RootFacts::default()
    };
    Record {
        root_user: root_user(facts).root_user,
        ..iam_user(UserFacts {
            password: true,
            ..UserFacts::default()
        })
    }
}

fn waiver(rule: &str, expires: &str) -> Waiver {
    Waiver {
        rule: Glob::new(rule),
        ..failure_waiver(expires)
    }
}

fn created(on: &str, waiver: Waiver) -> Waiver {
    Waiver {
        created: Some(on.parse().unwrap()),
        ..waiver
    }
}

/// Judges the account by the default rules.
fn judged(list: Vec<Waiver>, now: Option<&str>) -> (Vec<Finding>, Totals) {
    let rules = crate::default_rules();
    let now = now.map(time);
    let waivers = Waivers {
        list,
        ..Waivers::default()
    };
    let criteria = Criteria {
        waivers: waivers.clone(),
        ..Criteria::of(&rules)
    };
    let record = account();
    let findings = evaluate_record(&record, &criteria, &RunContext::at(now));
    let coverage = CoverageWaivers::at(now, Vec::new());
    let uses = WaiverUses::new(waivers, &rules, now.and_then(Date::of));
    let mut totals = Totals::new(&rules, AccountList::Whole, coverage).with_waivers(uses);
    totals.add(&record, &findings);
    (findings, totals)
}

fn fates(totals: &Totals) -> Vec<(WaiverFate, u64, u64)> {
    let all = totals.waiver_uses.outcomes();
    all.map(|it| (it.fate, it.failures, it.waived)).collect()
}

fn counts(totals: &Totals) -> (u64, u64, u64) {
    let counts = totals.rules.iter().map(|(_, it)| it);
    counts.fold((0, 0, 0), |sum, it| {
        (sum.0 + it.fail, sum.1 + it.held, sum.2 + it.waived)
    })
}

#[test]
fn a_waived_failure_is_a_failure_that_the_gate_does_not_hold() {
    let (_, bare) = judged(Vec::new(), Some(TODAY));
    assert_eq!(counts(&bare), (2, 2, 0));
    assert_eq!(GATE.decide(&bare), Decision::Failures);
    let (findings, one) = judged(vec![waiver(CONSOLE, "2026-12-31")], Some(TODAY));
    assert_eq!(counts(&one), (2, 1, 1));
    assert_eq!(
        GATE.decide(&one),
        Decision::Failures,
        "the root user's key is not waived"
    );
    let waived: Vec<_> = findings.iter().filter(|it| it.waiver.is_some()).collect();
    assert!(waived.iter().all(|it| it.rule.id == CONSOLE) && waived.len() == 1);
    let (_, all) = judged(vec![waiver("*", "2026-12-24")], Some(TODAY));
    assert_eq!(counts(&all), (2, 0, 2));
    assert_eq!(GATE.decide(&all), Decision::Open);
}

#[test]
fn a_waiver_holds_through_its_last_day_and_then_no_more() {
    for (now, fate, held) in [
        ("2026-12-31T23:59:59Z", WaiverFate::Active, 1),
        ("2027-01-01T00:00:00Z", WaiverFate::Expired, 2),
    ] {
        let (_, totals) = judged(vec![waiver(CONSOLE, "2026-12-31")], Some(now));
        assert_eq!(fates(&totals), [(fate, 1, 2 - held)]);
        assert_eq!(counts(&totals).1, held);
    }
}

#[test]
fn without_a_time_no_waiver_holds() {
    let (findings, totals) = judged(vec![waiver("*", "2026-12-24")], None);
    assert!(findings.iter().all(|it| it.waiver.is_none()));
    assert_eq!(fates(&totals), [(WaiverFate::Undated, 2, 0)]);
}

#[test]
fn what_a_waiver_may_not_hold_for_is_told_by_severity() {
    // 37 days: enough for what is high, too much for what is critical.
    let (_, totals) = judged(vec![waiver("*", "2026-12-31")], Some(TODAY));
    let outcome = totals.waiver_uses.outcomes().next().unwrap();
    assert_eq!(outcome.fate, WaiverFate::Active);
    assert_eq!(
        (outcome.waived, outcome.too_long, outcome.unwaived),
        (1, 1, 1)
    );
    let (_, totals) = judged(vec![waiver("root-*", "2026-12-31")], Some(TODAY));
    assert_eq!(fates(&totals), [(WaiverFate::TooLong, 1, 0)]);
    assert_eq!(counts(&totals), (2, 2, 0));
}

#[test]
fn a_life_is_counted_from_the_first_day_else_from_the_run() {
    let waivers = Waivers::default();
    let term =
        |waiver: &Waiver, day: &str| waivers.term(waiver, Severity::Critical, day.parse().unwrap());
    let dated = created("2026-11-01", waiver("*", "2027-11-01"));
    assert_eq!(term(&dated, "2026-10-31"), Term::NotBegun);
    assert_eq!(term(&dated, "2026-11-01"), Term::Holds);
    assert_eq!(term(&dated, "2026-12-01"), Term::Holds, "thirty days later");
    assert_eq!(term(&dated, "2026-12-02"), Term::TooLong);
    assert_eq!(term(&dated, "2027-11-02"), Term::Expired);
    let last_day = waivers.last_day(&dated, Severity::Critical);
    assert_eq!(last_day.to_string(), "2026-12-01");
    let last_day = waivers.last_day(&dated, Severity::Info);
    assert_eq!(last_day.to_string(), "2027-11-01");
    let undated = waiver("*", "2026-12-24");
    assert_eq!(term(&undated, "2026-11-23"), Term::TooLong);
    assert_eq!(term(&undated, "2026-11-24"), Term::Holds);
    assert_eq!(
        waivers.last_day(&undated, Severity::Critical),
        undated.expires
    );
}

#[test]
fn the_longest_life_can_be_set() {
    let mut waivers = Waivers::default();
    waivers.max_days.set(Severity::Critical, 7);
    let day = "2026-11-24".parse().unwrap();
    let term = |severity, expires| waivers.term(&waiver("*", expires), severity, day);
    assert_eq!(term(Severity::Critical, "2026-12-01"), Term::Holds);
    assert_eq!(term(Severity::Critical, "2026-12-02"), Term::TooLong);
    assert_eq!(term(Severity::High, "2026-12-02"), Term::Holds);
}

#[test]
fn a_waiver_that_does_nothing_says_why() {
    let elsewhere = Waiver {
        account: Glob::new("999*"),
        ..failure_waiver("2026-12-24")
    };
    let list = vec![
        elsewhere,
        waiver("root-user-mfa", "2026-12-24"),
        waiver("iam-user-mfa", "2026-12-24"),
        waiver(CONSOLE, "2026-11-23"),
        created("2026-11-25", waiver(CONSOLE, "2026-12-24")),
    ];
    let (_, totals) = judged(list, Some(TODAY));
    let expected = [
        (WaiverFate::Unmatched, 0, 0),
        (WaiverFate::NotNeeded, 0, 0),
        (WaiverFate::RuleNotSelected, 0, 0),
        (WaiverFate::Expired, 1, 0),
        (WaiverFate::NotBegun, 1, 0),
    ];
    assert_eq!(fates(&totals), expected);
    assert_eq!(counts(&totals).1, 2);
}

#[test]
fn of_two_the_one_that_holds_for_longest_is_named_and_both_are_in_use() {
    let list = vec![
        waiver(CONSOLE, "2026-12-01"),
        waiver(CONSOLE, "2026-12-31"),
        created("2026-09-01", waiver(CONSOLE, "2027-12-31")),
    ];
    let (findings, totals) = judged(list, Some(TODAY));
    assert_eq!(fates(&totals), [(WaiverFate::Active, 1, 1); 3]);
    let named: Vec<_> = findings.iter().filter_map(|it| it.waiver).collect();
    assert_eq!(
        named,
        [super::WaiverId(1)],
        "the third may hold for 90 days"
    );
    let left: Vec<_> = totals
        .waiver_uses
        .outcomes()
        .map(|it| it.days_left)
        .collect();
    assert_eq!(left, [Some(7), Some(37), Some(6)]);
    assert_eq!(counts(&totals), (2, 1, 1));
}

/// A waiver may speak of nothing in particular, of what there is, and of what there is not.
fn any_waiver() -> impl Strategy<Value = Waiver> {
    let rule = prop::sample::select(vec!["*", CONSOLE, "root-*", "iam-user-mfa", "none"]);
    let principal = prop::sample::select(vec!["*", "alice", "root", "arn:aws:iam::*", "bob"]);
    let account = prop::sample::select(vec!["*", "111122223333", "example", "9*"]);
    let day = || -40_i64..120;
    (rule, principal, account, day(), prop::option::of(day())).prop_map(
        |(rule, principal, account, expires, first)| {
            let day = |after: i64| {
                let seconds = time(TODAY).epoch_seconds() + after * 24 * 60 * 60;
                let time = model::Timestamp::from_epoch_seconds(seconds);
                time.and_then(Date::of).unwrap()
            };
            Waiver {
                rule: Glob::new(rule),
                principal: Glob::new(principal),
                account: Glob::new(account),
                created: first.map(day),
                expires: day(expires),
                ..failure_waiver("2026-12-31")
            }
        },
    )
}

proptest! {
    #[test]
    fn waivers_never_change_a_status_and_their_order_does_not_matter(
        list in prop::collection::vec(any_waiver(), 0..6),
        facts in prop::array::uniform4(any::<bool>()),
    ) {
        let [password, mfa, access_key, root_mfa] = facts;
        let root = RootFacts { password, access_key, mfa: root_mfa, ..RootFacts::default() };
        let user = UserFacts { password, mfa, active_key: access_key, ..UserFacts::default() };
        let record = Record { root_user: root_user(root).root_user, ..iam_user(user) };
        let judge = |list: Vec<Waiver>| {
            let waivers = Waivers { list, ..Waivers::default() };
            let criteria = Criteria { waivers, ..Criteria::of(CATALOG) };
            evaluate_record(&record, &criteria, &RunContext::at(Some(time(TODAY))))
        };
        let (bare, waived) = (judge(Vec::new()), judge(list.clone()));
        let mut turned = list;
        turned.reverse();
        let turned = judge(turned);
        prop_assert_eq!(bare.len(), waived.len());
        for ((bare, waived), turned) in bare.iter().zip(&waived).zip(&turned) {
            prop_assert_eq!(bare.status, waived.status);
            prop_assert_eq!(&bare.reason, &waived.reason);
            prop_assert_eq!(waived.waiver.is_some(), turned.waiver.is_some());
            prop_assert!(waived.waiver.is_none() || !waived.is_held());
            prop_assert!(waived.waiver.is_none() || bare.is_held());
        }
    }
}
