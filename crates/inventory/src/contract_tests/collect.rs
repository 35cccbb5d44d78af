//! What is asked of an account, and how an account is entered.

mod entry;
mod report;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use aws::Clock;
use model::{
    Cell, Dataset, Fact, Gap, GapReason, LastUse, PolicyKind, Record, Source, Timestamp,
    snapshot::ScopeFilter,
};
use rules::Status;
use simulator::{FaultKind, ServiceControlPolicy, World};

use super::{
    relay::Relay,
    stage::{
        MANAGEMENT, MEMBER, NOW, ORDINARY, Stage, USER_AGENT, collect, collector, connect, denial,
        fault, findings, member, organization, statuses, statuses_of,
    },
};
use crate::{Freshness, Plan};

/// Three users of whom one fails, with MFA of two kinds.
const USERS: &str = r#"
    [account.root]
    password = {}
    mfa = [{}]
    [[account.user]]
    name = "alice"
    password = {}
    mfa = [{ kind = "fido" }]
    [[account.user]]
    name = "bob"
    password = {}
    [[account.user]]
    name = "carol"
    password = {}
    mfa = [{}]
    [[account.user]]
    name = "robot"
    access-keys = [{}]
"#;

fn record<'a>(records: &'a [Record], account: &str) -> &'a Record {
    records
        .iter()
        .find(|it| it.account.id.as_str() == account)
        .unwrap()
}

/// Returns the one reason for which everything is missing.
fn only_gap(record: &Record) -> Gap {
    assert!(record.observations.is_empty() && record.iam_users.items.is_empty());
    let mut gaps: Vec<_> = record
        .gaps
        .iter()
        .map(|it| Gap {
            dataset: Dataset::IamUsers,
            ..it.clone()
        })
        .collect();
    gaps.dedup();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    gaps.remove(0)
}

/// Returns how far a dataset is seen of an account whose root user has an authenticator app, and whatever else the role
/// cannot see.
fn as_the_role_sees(dataset: Dataset) -> Cell {
    if dataset == Dataset::RootMfaDevices {
        Cell::NotVisible
    } else {
        Cell::Seen
    }
}

fn source<T>(record: &Record, fact: &Fact<T>) -> Source {
    record
        .observation(fact.observation().unwrap())
        .unwrap()
        .source
}

#[tokio::test]
async fn every_fact_of_an_account_is_seen_with_its_source_and_time() {
    let stage = Stage::start(organization(USERS)).await;
    let record = member(stage.audit_for_all_rules(|_| {}).await);
    assert!(record.is_consistent());
    for dataset in Dataset::ALL.iter().copied() {
        let seen = model::cell(&record, dataset);
        assert_eq!(seen, as_the_role_sees(dataset), "{dataset}");
    }
    let before = stage.asked(MEMBER, "GetLoginProfile");
    let record = stage.member().await;
    assert!(record.is_consistent());
    for dataset in rules::datasets(&ORDINARY) {
        assert_eq!(model::cell(&record, dataset), Cell::Seen, "{dataset}");
    }
    let names: Vec<_> = record.iam_users.items.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["alice", "bob", "carol", "robot"]);
    let [alice, bob, carol, _] = record.iam_users.items.as_slice() else {
        panic!("there are four users");
    };
    assert_eq!(
        source(&record, &alice.password),
        Source::GetCredentialReport
    );
    assert_eq!(
        source(&record, &alice.mfa),
        Source::ListMfaDevices,
        "no list shows a passkey"
    );
    assert_eq!(
        source(&record, &bob.password),
        Source::GetLoginProfile,
        "a failure is confirmed"
    );
    assert_eq!(source(&record, &bob.mfa), Source::ListMfaDevices);
    assert_eq!(source(&record, &carol.mfa), Source::ListVirtualMfaDevices);
    assert_eq!(
        bob.password_last_used.known(),
        Some(&LastUse::NeverRecorded)
    );
    let report = record
        .observation(alice.password.observation().unwrap())
        .unwrap();
    assert_eq!(
        report.at,
        Timestamp::from_epoch_seconds(NOW - 60),
        "the time AWS made the report"
    );
    let live = record.observation(bob.mfa.observation().unwrap()).unwrap();
    assert_eq!(live.at, Timestamp::from_epoch_seconds(NOW));
    assert_eq!(
        stage.asked(MEMBER, "GetLoginProfile") - before,
        2,
        "bob and the robot"
    );
}

#[tokio::test]
async fn a_summary_without_the_newer_keys_leaves_the_report_as_witness() {
    let mut world = organization(USERS);
    world.accounts[1].root.mfa.clear();
    let stage = Stage::start(world).await;
    let relay = Relay::start(&stage.simulator.endpoint(), |seen, body| {
        if seen.asks("GetAccountSummary") {
            body.replace("AccountPasswordPresent", "SomethingElse")
        } else {
            body
        }
    })
    .await;
    let connection = connect(&stage.simulator, &relay.endpoint).await;
    let found = stage.discover(ScopeFilter::default()).await.unwrap();
    for rules in [ORDINARY.as_slice(), &rules::CATALOG[..1]] {
        let mut collector = collector(&connection, MANAGEMENT);
        collector.plan.datasets = rules::datasets(rules);
        let records = collect(&collector, found.accounts.clone()).await;
        let member = record(&records, MEMBER);
        assert_eq!(
            source(member, &member.root_user.password),
            Source::GetCredentialReport
        );
        let root = findings(member)
            .into_iter()
            .find(|it| it.rule.id == "root-user-mfa")
            .unwrap();
        assert_eq!(root.status, Status::Fail);
    }
}

#[tokio::test]
async fn for_rules_about_root_users_the_summary_is_enough() {
    let stage = Stage::start(organization(USERS)).await;
    let records = stage
        .audit(|it| it.plan.datasets = rules::datasets(&rules::CATALOG[..2]))
        .await;
    let statuses = statuses(record(&records, MEMBER));
    assert_eq!(
        statuses[&("root-user-mfa", "root-user root".to_owned())],
        Status::Pass
    );
    let journal = stage.simulator.journal();
    let asked: Vec<_> = journal
        .iter()
        .filter(|it| it.account == MEMBER)
        .map(|it| it.action.as_str())
        .collect();
    assert_eq!(asked, ["AssumeRole", "GetAccountSummary"]);
}

#[tokio::test]
async fn pages_of_iam_are_read_to_the_end() {
    let user = |number| {
        format!(
            r#"
            [[account.user]]
            name = "user{number}"
            password = {{}}
            mfa = [{{}}, {{ kind = "fido" }}]
            access-keys = [{{}}, {{ status = "Inactive" }}]
            "#
        )
    };
    let users = [0, 1, 2, 3, 4, 5, 6].map(user).concat();
    let mut world = organization(&users);
    world.iam_page_size = Some(1);
    let stage = Stage::start(world).await;
    let records = stage
        .audit(|it| {
            it.plan.freshness = Freshness::Live;
            it.plan.datasets = Dataset::ALL.iter().copied().collect();
        })
        .await;
    let record = record(&records, MEMBER);
    assert_eq!(record.iam_users.items.len(), 7);
    for user in &record.iam_users.items {
        assert_eq!(user.access_keys.known().unwrap().len(), 2, "{}", user.name);
        assert_eq!(
            (user.mfa_devices.items.len(), user.mfa_devices.gap),
            (2, None),
            "{}",
            user.name
        );
    }
    assert_eq!(stage.asked(MEMBER, "ListUsers"), 7);
    assert_eq!(stage.asked(MEMBER, "ListVirtualMFADevices"), 7);
}

/// Tells whether a user of the account can act without MFA.
fn is_open(account: &simulator::Account) -> bool {
    let has_key = |it: &simulator::User| it.access_keys.iter().any(|it| it.status == "Active");
    let mut users = account.users.iter();
    users.any(|it| it.mfa.is_empty() && (it.password.is_some() || has_key(it)))
}

/// Returns a generated organization with a report for every account, and how many users need calls of their own.
fn generated(accounts: usize, users: usize, seed: u64) -> (World, usize) {
    let mut world = World::generate(accounts, users, seed);
    let mut single = 0;
    for account in &mut world.accounts {
        account.report.age_seconds = Some(600);
        let is_virtual = |it: &simulator::Device| it.kind == simulator::DeviceKind::Virtual;
        single += account
            .users
            .iter()
            .filter(|it| !it.mfa.iter().any(is_virtual))
            .count();
    }
    (world, single)
}

#[tokio::test]
async fn seven_calls_answer_for_an_account_and_a_few_for_single_users() {
    let (mut world, single) = generated(30, 10, 7);
    for account in world.accounts.iter_mut().step_by(5) {
        account.users.retain(|it| !it.mfa.is_empty());
    }
    let open: Vec<_> = world.accounts.iter().filter(|it| is_open(it)).collect();
    let open: BTreeSet<_> = open.iter().map(|it| it.id.clone()).collect();
    let users: usize = world.accounts.iter().map(|it| it.users.len()).sum();
    let stage = Stage::start(world).await;
    let default = rules::default_rules().leak();
    let records = stage
        .audit(|it| {
            it.plan = Plan {
                datasets: rules::datasets(default),
                freshness: Freshness::ReportFirst,
                owner_tag: None,
            };
            it.confirm = super::stage::confirm(default);
        })
        .await;
    assert_eq!(records.len(), 30);
    let of_one_user = ["GetLoginProfile", "ListMFADevices", "ListAccessKeys"];
    let mut by_account: BTreeMap<String, usize> = BTreeMap::new();
    let mut about_users = 0;
    for entry in stage
        .simulator
        .journal()
        .iter()
        .filter(|it| it.service != "organizations")
    {
        if of_one_user.contains(&entry.action.as_str()) {
            about_users += 1;
        } else if entry.action != "GetCallerIdentity" {
            *by_account.entry(entry.account.clone()).or_default() += 1;
        }
    }
    // Who is an administrator is asked only where a user can act without MFA.
    let few =
        |(account, calls): (&String, &usize)| *calls <= 6 + usize::from(open.contains(account));
    assert!(by_account.iter().all(few), "{by_account:?}");
    assert!(!open.is_empty() && open.len() < by_account.len());
    assert!(
        about_users <= 2 * single && about_users < users,
        "{about_users} calls for {single} of {users} users"
    );
}

#[tokio::test]
async fn nothing_is_asked_twice() {
    let (world, _) = generated(8, 6, 11);
    let stage = Stage::start(world).await;
    let relay = Relay::start(&stage.simulator.endpoint(), |_, body| body).await;
    let connection = connect(&stage.simulator, &relay.endpoint).await;
    let found = stage.discover(ScopeFilter::default()).await.unwrap();
    for account in found.accounts {
        let before = relay.seen().len();
        let own = found.own_account.as_str();
        collect(&collector(&connection, own), vec![account]).await;
        let mut asked: Vec<_> = relay.seen()[before..]
            .iter()
            .map(|it| it.body.clone())
            .collect();
        asked.sort();
        let all = asked.len();
        asked.dedup();
        assert_eq!(asked.len(), all, "{asked:?}");
    }
}

#[tokio::test]
async fn live_calls_and_the_report_lead_to_the_same_verdicts() {
    let (mut world, _) = generated(16, 6, 3);
    for account in &mut world.accounts {
        account.roles.iter_mut().for_each(|it| it.policy = None);
    }
    let stage = Stage::start(world).await;
    let first = stage.audit(|_| {}).await;
    let live = stage.audit(|it| it.plan.freshness = Freshness::Live).await;
    assert_eq!(first.len(), live.len());
    for (first, live) in first.iter().zip(&live) {
        assert_eq!(statuses(first), statuses(live), "{}", first.account.id);
        assert!(live.observations.iter().all(|it| it.source.is_live()));
    }
    let indeterminate = first
        .iter()
        .flat_map(findings)
        .filter(|it| it.status == Status::Indeterminate);
    let entered = |it: &&Record| {
        it.gaps
            .iter()
            .all(|gap| gap.reason != GapReason::EntryDenied)
    };
    assert!(first.iter().any(|it| entered(&it)) && indeterminate.count() < 100);
}

/// Live calls do not tell all that the report does: when the root user or a password was last used.
#[tokio::test]
async fn no_rule_says_by_live_calls_what_it_would_not_say_by_the_report() {
    let (mut world, _) = generated(16, 6, 3);
    for account in &mut world.accounts {
        account.roles.iter_mut().for_each(|it| it.policy = None);
    }
    let stage = Stage::start(world).await;
    let first = stage.audit_for_all_rules(|_| {}).await;
    let live = stage.audit_for_all_rules(|it| it.plan.freshness = Freshness::Live);
    for (first, live) in first.iter().zip(&live.await) {
        let live = statuses_of(live, rules::CATALOG);
        for (subject, status) in statuses_of(first, rules::CATALOG) {
            let told = live[&subject];
            let same = told == status || told == Status::Indeterminate;
            assert!(
                same,
                "{}: {subject:?} is {status} and {told}",
                first.account.id
            );
        }
    }
}
