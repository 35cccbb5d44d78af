//! What waivers do to coverage and to the gate, and what they leave alone.

use model::{
    Account, AccountKind, FeatureState, Gap, GapReason, OrganizationFeatures, Record,
    snapshot::AccountList,
};

use crate::{
    CoverageWaiver, CoverageWaivers, Criteria, Decision, Gate, RunContext, Severity, Status,
    Strictness, Totals, WaiverScope, WaiverState, default_rules, evaluate_record,
    example::{RootFacts, UserFacts, iam_user, known, root_user, waived_account, waiver},
};

const TODAY: &str = "2026-11-24T06:00:00Z";
const GATE: Gate = Gate {
    fail_on: Severity::High,
    min_coverage: 10_000,
    strictness: Strictness::Visible,
};

/// An account of which every fact the default rules need was seen; nobody fails in it.
fn seen(id: &str, ou_path: &str) -> Record {
    let features = OrganizationFeatures {
        root_credentials_management: FeatureState::Enabled,
        root_sessions: FeatureState::Enabled,
    };
    Record {
        root_user: root_user(RootFacts::default()).root_user,
        account: waived_account(id, ou_path),
        organization_features: known(features),
        ..iam_user(UserFacts {
            password: true,
            mfa: true,
            ..UserFacts::default()
        })
    }
}

fn unseen(id: &str, ou_path: &str) -> Record {
    let account = waived_account(id, ou_path);
    Record::unseen(account, |it| Gap::new(it, GapReason::EntryDenied))
}

fn account(id: &str) -> WaiverScope {
    WaiverScope::Account(id.parse().unwrap())
}

fn ou(path: &str) -> WaiverScope {
    WaiverScope::Ou(path.to_owned())
}

fn totals(records: &[Record], waivers: Vec<CoverageWaiver>, now: Option<&str>) -> Totals {
    let rules = default_rules();
    let now = now.map(|it| it.parse().unwrap());
    let mut totals = Totals::new(
        &rules,
        AccountList::Whole,
        CoverageWaivers::at(now, waivers),
    );
    for record in records {
        totals.add(
            record,
            &evaluate_record(record, &Criteria::of(&rules), &RunContext::at(now)),
        );
    }
    totals
}

fn states(totals: &Totals) -> Vec<(WaiverState, u64, u64)> {
    let told = |it: crate::WaiverUse<'_>| (it.state, it.accounts_matched, it.accounts_short);
    totals.waivers.uses().map(told).collect()
}

/// One account that was seen, one in a sandbox that was not.
fn two() -> [Record; 2] {
    [
        seen("100000000001", "Workloads"),
        unseen("100000000002", "Sandbox/Labs"),
    ]
}

#[test]
fn what_is_waived_is_not_held_against_the_gate_and_never_seen() {
    for scope in [account("100000000002"), ou("Sandbox"), ou("Sandbox/Labs")] {
        let bare = totals(&two(), Vec::new(), Some(TODAY));
        let waived = totals(&two(), vec![waiver(scope, "2026-12-31")], Some(TODAY));
        assert_eq!(GATE.decide(&bare), Decision::Incomplete);
        assert_eq!(GATE.decide(&waived), Decision::Open);
        assert_eq!(states(&waived), [(WaiverState::Active, 1, 1)]);
        let all = bare.coverage.seen_of_all(Strictness::Visible);
        assert_eq!(waived.coverage.seen_of_all(Strictness::Visible), all);
        assert_eq!(
            waived.coverage.seen_of_held(Strictness::Visible),
            (all.0, all.0)
        );
        assert_eq!(
            (
                waived.coverage.accounts_short,
                waived.coverage.accounts_waived
            ),
            (1, 1)
        );
        let undecided = waived
            .rules
            .iter()
            .map(|(_, it)| it.indeterminate)
            .sum::<u64>();
        let of_account = |it: &&&crate::Rule| !matches!(it.check, crate::Check::Organization(_));
        let rules = default_rules().iter().filter(of_account).count() as u64;
        assert_eq!(undecided, rules, "findings stay without a verdict");
    }
}

#[test]
fn a_waiver_holds_through_its_last_day_and_no_longer() {
    for (now, state, decision) in [
        ("2026-12-31T23:59:59Z", WaiverState::Active, Decision::Open),
        (
            "2027-01-01T00:00:00Z",
            WaiverState::Expired,
            Decision::Incomplete,
        ),
    ] {
        let totals = totals(&two(), vec![waiver(ou("Sandbox"), "2026-12-31")], Some(now));
        assert_eq!(states(&totals), [(state, 1, 1)]);
        assert_eq!(GATE.decide(&totals), decision);
    }
}

#[test]
fn without_a_time_no_waiver_applies() {
    let totals = totals(&two(), vec![waiver(ou("Sandbox"), "9999-12-31")], None);
    assert_eq!(states(&totals), [(WaiverState::Undated, 1, 1)]);
    assert_eq!(GATE.decide(&totals), Decision::Incomplete);
    assert_eq!(totals.coverage.accounts_waived, 0);
}

#[test]
fn a_waiver_that_does_nothing_says_so() {
    let waivers = vec![
        waiver(account("999999999999"), "2026-12-31"),
        waiver(ou("Workloads"), "2026-12-31"),
        waiver(ou("Nowhere"), "2026-01-01"),
    ];
    let totals = totals(&two(), waivers, Some(TODAY));
    let expected = [
        (WaiverState::Unmatched, 0, 0),
        (WaiverState::NotNeeded, 1, 0),
        (WaiverState::Expired, 0, 0),
    ];
    assert_eq!(states(&totals), expected);
    assert_eq!(GATE.decide(&totals), Decision::Incomplete);
}

#[test]
fn an_account_that_is_fully_seen_is_not_affected() {
    let records = [seen("100000000001", "Sandbox")];
    let bare = totals(&records, Vec::new(), Some(TODAY));
    let waived = totals(
        &records,
        vec![waiver(ou("Sandbox"), "2026-12-31")],
        Some(TODAY),
    );
    assert_eq!(waived.coverage, bare.coverage);
    assert_eq!(GATE.decide(&waived), Decision::Open);
}

#[test]
fn an_account_that_two_waivers_cover_is_waived_once() {
    let waivers = vec![
        waiver(ou("Sandbox"), "2026-12-30"),
        waiver(account("100000000002"), "2027-06-30"),
        waiver(ou("Sandbox/Labs"), "2026-11-30"),
    ];
    let totals = totals(&two(), waivers, Some(TODAY));
    assert_eq!(totals.coverage.accounts_waived, 1);
    assert_eq!(states(&totals), [(WaiverState::Active, 1, 1); 3]);
    let covering = totals.waivers.covering(&two()[1].account).unwrap();
    assert_eq!(
        covering.expires.to_string(),
        "2027-06-30",
        "the one that holds for longest"
    );
    let (_, held) = totals.coverage.seen_of_held(Strictness::Visible);
    assert_eq!(held, totals.coverage.seen_of_all(Strictness::Visible).0);
}

#[test]
fn what_only_another_account_s_waiver_covers_closes_the_gate() {
    let mut records = two().to_vec();
    records.push(unseen("100000000003", "Sandboxes"));
    let totals = totals(
        &records,
        vec![waiver(ou("Sandbox"), "2026-12-31")],
        Some(TODAY),
    );
    assert_eq!(
        (
            totals.coverage.accounts_short,
            totals.coverage.accounts_waived
        ),
        (2, 1)
    );
    assert_eq!(GATE.decide(&totals), Decision::Incomplete);
}

#[test]
fn an_unseen_management_account_closes_the_gate_unless_it_is_waived() {
    let mut records = two();
    records[1].account.kind = AccountKind::Management;
    let lenient = Gate {
        min_coverage: 100,
        ..GATE
    };
    let bare = totals(&records, Vec::new(), Some(TODAY));
    assert_eq!(lenient.decide(&bare), Decision::Incomplete);
    let waivers = vec![waiver(account("100000000002"), "2026-12-31")];
    let waived = totals(&records, waivers, Some(TODAY));
    assert_eq!(
        (
            waived.coverage.management_unseen,
            waived.coverage.management_waived
        ),
        (1, 1)
    );
    assert_eq!(GATE.decide(&waived), Decision::Open);
}

#[test]
fn a_failure_in_a_waived_account_is_a_failure() {
    let mut record = seen("100000000002", "Sandbox");
    record.root_user = root_user(RootFacts {
        password: true,
        ..RootFacts::default()
    })
    .root_user;
    let gap = record.missing(Gap::new(model::Dataset::IamUsers, GapReason::AccessDenied));
    record.iam_users.gap = Some(gap);
    let totals = totals(
        &[record],
        vec![waiver(ou("Sandbox"), "2026-12-31")],
        Some(TODAY),
    );
    assert_eq!(states(&totals), [(WaiverState::Active, 1, 1)]);
    assert_eq!(GATE.decide(&totals), Decision::Failures);
}

#[test]
fn strict_coverage_counts_what_no_call_shows_whatever_is_waived() {
    let mut record = seen("100000000002", "Sandbox");
    let gap = record.missing(Gap::new(model::Dataset::RootMfa, GapReason::NotVisible));
    record.root_user.mfa = model::Fact::Unknown(gap);
    let totals = totals(
        &[record],
        vec![waiver(ou("Sandbox"), "2026-12-31")],
        Some(TODAY),
    );
    assert_eq!(states(&totals), [(WaiverState::NotNeeded, 1, 0)]);
    let strict = Gate {
        strictness: Strictness::Strict,
        ..GATE
    };
    assert_eq!(strict.decide(&totals), Decision::Incomplete);
}

#[test]
fn an_empty_scope_is_not_clean_whatever_is_waived() {
    let totals = totals(&[], vec![waiver(ou("Sandbox"), "2026-12-31")], Some(TODAY));
    assert_eq!(states(&totals), [(WaiverState::Unmatched, 0, 0)]);
    assert_eq!(GATE.decide(&totals), Decision::Incomplete);
}

/// A waiver concerns what is audited: a suspended account counts for nothing, waived or not.
#[test]
fn an_account_that_is_not_audited_needs_no_waiver() {
    let mut records = two();
    records[1].account = Account {
        scope: model::Scope::NotActive,
        ..records[1].account.clone()
    };
    let totals = totals(
        &records,
        vec![waiver(ou("Sandbox"), "2026-12-31")],
        Some(TODAY),
    );
    assert_eq!(states(&totals), [(WaiverState::Unmatched, 0, 0)]);
    let statuses = totals
        .rules
        .iter()
        .map(|(_, it)| it.indeterminate)
        .sum::<u64>();
    assert_eq!(statuses, 0, "{}", Status::Indeterminate);
}

/// Whoever waives all there is answers for all there is; the report says that nothing was seen.
#[test]
fn a_scope_that_is_waived_as_a_whole_opens_the_gate() {
    let records = [unseen("100000000002", "Sandbox")];
    let waivers = vec![waiver(ou("Sandbox"), "2026-12-31")];
    let totals = totals(&records, waivers, Some(TODAY));
    assert_eq!(totals.coverage.seen_of_held(Strictness::Strict), (0, 0));
    assert_eq!(totals.coverage.seen_of_all(Strictness::Strict).0, 0);
    assert_eq!(GATE.decide(&totals), Decision::Open);
}

#[test]
fn an_expired_waiver_whose_accounts_another_covers_leaves_nothing_open() {
    let held = |waivers: Vec<CoverageWaiver>| {
        let totals = totals(&two(), waivers, Some(TODAY));
        let first = totals.waivers.uses().next().unwrap();
        (first.state, first.accounts_short, first.accounts_held)
    };
    let expired = waiver(ou("Sandbox"), "2026-11-23");
    assert_eq!(held(vec![expired.clone()]), (WaiverState::Expired, 1, 1));
    let renewed = waiver(ou("Sandbox"), "2026-12-31");
    assert_eq!(held(vec![expired, renewed]), (WaiverState::Expired, 1, 0));
}

#[test]
fn a_list_of_accounts_that_was_cut_closes_the_gate_whatever_was_seen_of_the_rest() {
    let waivers = vec![waiver(ou("Sandbox"), "2026-12-31")];
    let mut totals = totals(&two(), waivers, Some(TODAY));
    assert_eq!(GATE.decide(&totals), Decision::Open);
    totals.account_list = AccountList::Cut("throttled".to_owned());
    let lenient = Gate {
        min_coverage: 0,
        ..GATE
    };
    assert_eq!(lenient.decide(&totals), Decision::Incomplete);
}
