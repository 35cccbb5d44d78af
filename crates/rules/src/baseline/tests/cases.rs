//! Two runs of one organization, case by case.

use model::{
    Account, AccountState, Dataset, Fact, ObservationId, Record, Scope, Timestamp,
    snapshot::{AccountList, Header, Mode},
};

use super::{BEFORE, Kept, NOW, RULE, account, baseline, compare, failing, fates, header};
use crate::{Change, Fate, NewRules, Standing, Subject, SubjectKind, default_rules, example::time};

const HERE: &str = "100000000002";

#[test]
fn a_user_is_the_same_under_another_case_and_path() {
    let mut moved = failing(HERE, "alice");
    moved.iam_users.items[0].arn = format!("arn:aws:iam::{HERE}:user/team/Alice")
        .parse()
        .unwrap();
    let told = fates(&[failing(HERE, "alice")], &[moved]);
    assert_eq!(told, (vec![Change::Known], vec![]));
    let told = fates(
        &[failing(HERE, "alice")],
        &[failing("100000000003", "alice")],
    );
    assert_eq!(
        told,
        (vec![Change::New], vec![Fate::AccountGone]),
        "in another account it is another"
    );
}

#[test]
fn a_user_that_was_created_since_is_another() {
    let created = |at: &str| {
        let mut record = failing(HERE, "alice");
        record.iam_users.items[0].created_at = Fact::Known(time(at), ObservationId(0));
        record
    };
    let before = [failing(HERE, "alice")];
    let told = fates(&before, &[created("2026-11-22T00:00:00Z")]);
    assert_eq!(told, (vec![Change::New], vec![Fate::SubjectReplaced]));
    let told = fates(&before, &[created("2026-11-19T00:00:00Z")]);
    assert_eq!(told, (vec![Change::Known], vec![]));
}

#[test]
fn a_user_that_was_created_while_the_baseline_was_collected_is_the_same() {
    let seen_at = |at: &str| {
        let mut record = failing(HERE, "alice");
        record.iam_users.items[0].created_at =
            Fact::Known(time("2026-11-20T08:00:00Z"), ObservationId(0));
        record.observations[0].at = Some(time(at));
        record
    };
    let before = [seen_at("2026-11-20T09:00:00Z")];
    let told = fates(&before, &[seen_at("2026-11-24T06:00:00Z")]);
    assert_eq!(told, (vec![Change::Known], vec![]));
}

#[test]
fn what_was_indeterminate_in_the_baseline_is_new() {
    let told = fates(
        &[account(HERE, &[("alice", Kept::Unseen)])],
        &[failing(HERE, "alice")],
    );
    assert_eq!(told, (vec![Change::New], vec![]));
}

#[test]
fn a_rule_that_the_baseline_s_snapshot_could_not_decide_is_a_new_rule() {
    let mut before = header(BEFORE);
    before.parameters.datasets.remove(&Dataset::MfaStatus);
    let baseline = baseline(&before, &[account(HERE, &[("alice", Kept::Unseen)])]);
    let (findings, changes) = compare(
        baseline,
        &header(NOW),
        &[failing(HERE, "alice")],
        &default_rules(),
    );
    let change = findings.iter().find_map(|it| it.change);
    assert_eq!(change, Some(Change::NewRule(NewRules::Listed)));
    // Another rule needs the same dataset.
    assert!(changes.new_rules.contains(&RULE));
    assert_eq!(changes.listed(), 1);
}

#[test]
fn an_account_is_gone_only_from_a_whole_list_of_the_same_organization() {
    let fate = |change: &dyn Fn(&mut Header)| {
        let mut after = header(NOW);
        change(&mut after);
        let baseline = baseline(&header(BEFORE), &[failing(HERE, "alice")]);
        let (_, changes) = compare(baseline, &after, &[], &default_rules());
        let mut past = changes.fixed.into_iter().chain(changes.unknown);
        past.next().unwrap().fate
    };
    let id = |it: &str| vec![it.parse().unwrap()];
    assert_eq!(fate(&|_| ()), Fate::AccountGone);
    let unseen: [&dyn Fn(&mut Header); 5] = [
        &|it| it.account_list = AccountList::Cut("throttled".into()),
        &|it| it.organization.as_mut().unwrap().id = "o-another".into(),
        &|it| it.organization = None,
        &|it| it.mode = Mode::SavedEvidence,
        &|it| it.scope.accounts = id(HERE),
    ];
    for change in unseen {
        assert_eq!(fate(change), Fate::AccountNotSeen);
    }
    let out_of_scope: [&dyn Fn(&mut Header); 3] = [
        &|it| it.scope.accounts = id("100000000009"),
        &|it| it.scope.excluded_accounts = id(HERE),
        &|it| it.scope.organizational_units = vec!["Workloads".into()],
    ];
    for change in out_of_scope {
        assert_eq!(fate(change), Fate::NotInScope);
    }
}

#[test]
fn an_account_that_is_not_active_any_more_is_fixed_only_if_it_was_closed() {
    let listed = |state| Record {
        account: Account {
            state,
            scope: Scope::NotActive,
            ..failing(HERE, "alice").account
        },
        ..failing(HERE, "alice")
    };
    for (state, expected) in [
        (AccountState::Closed, Fate::AccountClosed),
        (AccountState::Suspended, Fate::AccountNotActive),
        (AccountState::PendingClosure, Fate::AccountNotActive),
    ] {
        let told = fates(&[failing(HERE, "alice")], &[listed(state)]);
        assert_eq!(told, (vec![], vec![expected]));
    }
}

#[test]
fn the_first_time_is_kept_over_runs_that_saw_nothing() {
    let first: Timestamp = time("2026-11-01T06:00:00Z");
    let subject = |name: &str| Subject {
        kind: SubjectKind::IamUser,
        arn: format!("arn:aws:iam::{HERE}:user/{name}").parse().unwrap(),
    };
    let mut earlier = baseline(&header(BEFORE), &[failing(HERE, "alice")]);
    let last = time("2026-11-10T06:00:00Z");
    earlier.add(
        RULE,
        &subject("ben"),
        Standing::Held,
        Some(first),
        Some(last),
        None,
    );
    earlier.add(
        RULE,
        &subject("cho"),
        Standing::Excused,
        Some(first),
        Some(last),
        None,
    );
    // Whatever else is said of one that fails in the run itself, the run counts.
    earlier.add(
        RULE,
        &subject("alice"),
        Standing::Excused,
        Some(first),
        Some(last),
        None,
    );
    earlier.settle();
    let users = [
        ("alice", Kept::Failing),
        ("ben", Kept::Failing),
        ("cho", Kept::Failing),
        ("dev", Kept::Failing),
    ];
    let (findings, _) = compare(
        earlier.clone(),
        &header(NOW),
        &[account(HERE, &users)],
        &default_rules(),
    );
    let of_users = findings.iter().filter(|it| it.rule.id == RULE);
    let told: Vec<_> = of_users
        .map(|it| (it.change.unwrap(), it.first_seen.unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            (Change::Known, time(BEFORE)),
            (Change::Known, first),
            (Change::Lapsed, first),
            (Change::New, time(NOW)),
        ]
    );
    let unseen = [("alice", Kept::Unseen), ("ben", Kept::Unseen)];
    let (_, changes) = compare(
        earlier,
        &header(NOW),
        &[account(HERE, &unseen)],
        &default_rules(),
    );
    let times: Vec<_> = changes
        .unknown
        .iter()
        .map(|it| (it.first_seen.unwrap(), it.last_seen.unwrap()))
        .collect();
    assert_eq!(times, [(time(BEFORE), time(BEFORE)), (first, last)]);
    assert_eq!(changes.fixed[0].fate, Fate::SubjectGone);
}
