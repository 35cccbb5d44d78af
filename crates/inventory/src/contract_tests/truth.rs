//! The central property: whatever goes wrong, a verdict is the world's truth or there is none.

use std::collections::BTreeMap;

use model::Record;
use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use rules::{Finding, Status};
use simulator::{
    AccessKey, Account, Device, DeviceKind, Fault, FaultKind, Organization, Password, PolicyKind,
    Report, Reported, Role, Root, Timestamp, User, World,
};

use super::stage::{MANAGEMENT, NOW, Stage, findings};
use crate::Freshness;

/// How old every report is that exists at the start.
const AGE: i64 = 3600;
/// How many accounts one world has: each is a case of its own, with its own faults.
const CASES: usize = 96;

const ACTIONS: [&str; 9] = [
    "sts:AssumeRole",
    "iam:GetAccountSummary",
    "iam:GenerateCredentialReport",
    "iam:GetCredentialReport",
    "iam:ListUsers",
    "iam:ListVirtualMFADevices",
    "iam:GetLoginProfile",
    "iam:ListMFADevices",
    "iam:ListAccessKeys",
];

fn devices() -> impl Strategy<Value = Vec<Device>> {
    let device = (0..4_usize, 0..3_usize).prop_map(|(kind, name)| Device {
        kind: [
            DeviceKind::Virtual,
            DeviceKind::Fido,
            DeviceKind::Hardware,
            DeviceKind::Virtual,
        ][kind],
        // A device's name says nothing of its owner.
        name: ["", "root-account-mfa-device", "root"][name].to_owned(),
        ..Device::default()
    });
    prop_oneof![3 => Just(Vec::new()), 4 => vec(device, 1..3)]
}

fn password() -> impl Strategy<Value = Option<Password>> {
    any::<bool>().prop_map(|it| it.then(Password::default))
}

fn keys() -> impl Strategy<Value = Vec<AccessKey>> {
    let key = any::<bool>().prop_map(|active| AccessKey {
        status: if active { "Active" } else { "Inactive" }.to_owned(),
        ..AccessKey::default()
    });
    vec(key, 0..3)
}

/// Returns a user and how it came to be what it is.
fn user() -> impl Strategy<Value = User> {
    let since = prop_oneof![
        4 => Just((true, None, None)),
        3 => (any::<Option<bool>>(), any::<Option<bool>>()).prop_map(|(mfa, password)| (true, mfa, password)),
        1 => Just((false, None, None)),
    ];
    (0..6_usize, password(), devices(), keys(), since).prop_map(
        |(name, password, mfa, access_keys, since)| {
            let (in_report, mfa_active, password_enabled) = since;
            User {
                name: [
                    "alice",
                    "Doe,Jane",
                    "groot",
                    "root-account-mfa-device",
                    "a+b=c@d.e",
                    "robot_1",
                ][name]
                    .to_owned(),
                path: if name % 2 == 0 { "/" } else { "/team/root/" }.to_owned(),
                // A user that is not in the report was created after it was made.
                created: if in_report {
                    Timestamp::default()
                } else {
                    Timestamp::from_second(NOW - AGE / 2)
                },
                password,
                mfa,
                access_keys,
                in_report,
                report: Reported {
                    mfa_active,
                    password_enabled,
                    ..Reported::default()
                },
                ..User::default()
            }
        },
    )
}

fn root() -> impl Strategy<Value = Root> {
    (password(), any::<bool>(), 0..2_u32, devices()).prop_map(
        |(password, key, signing_certificates, mfa)| Root {
            password,
            access_keys: key.then(AccessKey::default).into_iter().collect(),
            signing_certificates,
            mfa,
            ..Root::default()
        },
    )
}

fn kind() -> impl Strategy<Value = FaultKind> {
    let deny = |policy| FaultKind::Deny {
        message: None,
        policy,
    };
    prop_oneof![
        4 => Just(deny(PolicyKind::Identity)),
        1 => Just(deny(PolicyKind::ServiceControl)),
        2 => Just(FaultKind::Throttle { code: "Throttling".to_owned() }),
        1 => Just(FaultKind::Throttle { code: "LimitExceeded".to_owned() }),
        2 => Just(FaultKind::Malformed),
        2 => Just(FaultKind::HtmlBody),
        1 => Just(FaultKind::Truncated),
        1 => Just(FaultKind::Disconnect),
        1 => Just(FaultKind::Status(500)),
        1 => Just(FaultKind::ExpiredToken),
        1 => Just(FaultKind::RepeatToken),
        1 => Just(FaultKind::EmptyPage),
    ]
}

fn fault() -> impl Strategy<Value = Fault> {
    let times = prop_oneof![3 => Just(None), 1 => (1..4_u32).prop_map(Some)];
    let after = prop_oneof![3 => Just(None), 1 => (1..3_u32).prop_map(Some)];
    (prop::sample::select(&ACTIONS[..]), kind(), times, after).prop_map(
        |(action, kind, times, after)| {
            // An empty page for ever would be a list without end.
            let times = if kind == FaultKind::EmptyPage {
                Some(2)
            } else {
                times
            };
            // Whoever is told so on entering has no credentials of its own left, and the run stops.
            let action = if kind == FaultKind::ExpiredToken && action == ACTIONS[0] {
                ACTIONS[1]
            } else {
                action
            };
            Fault {
                account: None,
                action: action.to_owned(),
                after,
                times,
                kind,
            }
        },
    )
}

/// Returns an account with none, one or two faults.
fn case() -> impl Strategy<Value = (Account, Vec<Fault>)> {
    let deleted = vec(user(), 0..2);
    let report = prop_oneof![5 => Just(Some(AGE)), 1 => Just(None)];
    (
        root(),
        vec(user(), 0..5),
        deleted,
        report,
        vec(fault(), 0..3),
    )
        .prop_map(
            |(root, mut users, mut deleted_users, age_seconds, faults)| {
                let same =
                    |one: &User, other: &User| one.name.to_lowercase() == other.name.to_lowercase();
                let mut distinct: Vec<User> = Vec::new();
                for user in users.drain(..) {
                    if !distinct.iter().any(|it| same(it, &user)) {
                        distinct.push(user);
                    }
                }
                // A former user of the name of one that was created since is a user that was created anew.
                deleted_users.retain(|it| {
                    !distinct
                        .iter()
                        .any(|other| same(it, other) && other.in_report)
                });
                let role = Role {
                    name: "mfaudit-audit".to_owned(),
                    ..Role::default()
                };
                let report = Report {
                    age_seconds,
                    stuck: false,
                };
                let account = Account {
                    root,
                    users: distinct,
                    deleted_users,
                    report,
                    roles: vec![role],
                    ..Account::default()
                };
                (account, faults)
            },
        )
}

/// What is true of a user at one moment.
#[derive(Clone, Copy)]
struct UserTruth {
    password: bool,
    mfa: bool,
    active_key: bool,
}

impl UserTruth {
    fn now(user: &User) -> Self {
        Self {
            password: user.password.is_some(),
            mfa: !user.mfa.is_empty(),
            active_key: user.access_keys.iter().any(|it| it.status == "Active"),
        }
    }

    /// Returns what the report that was made earlier says.
    fn then(user: &User) -> Self {
        let now = Self::now(user);
        Self {
            password: user.report.password_enabled.unwrap_or(now.password),
            mfa: user.report.mfa_active.unwrap_or(now.mfa),
            ..now
        }
    }

    fn status(self, rule: &str) -> Status {
        let applies = match rule {
            "iam-user-console-mfa" => self.password,
            "iam-user-mfa" => true,
            "iam-user-access-key-mfa" => self.active_key && !self.password,
            other => panic!("{other} is no rule about users"),
        };
        match (applies, self.mfa) {
            (false, _) => Status::NotApplicable,
            (true, true) => Status::Pass,
            (true, false) => Status::Fail,
        }
    }
}

fn root_status(root: &Root, rule: &str) -> Status {
    let key = !root.access_keys.is_empty();
    let credentials = root.password.is_some() || key || root.signing_certificates > 0;
    match rule {
        "root-user-access-key" if key => Status::Fail,
        "root-user-access-key" => Status::Pass,
        _ if !credentials => Status::NotApplicable,
        _ if root.mfa.is_empty() => Status::Fail,
        _ => Status::Pass,
    }
}

/// Checks one finding, and tells what is wrong with it.
///
/// A failure must be true now. Any other verdict must be true now or, if its evidence is the report's, of the time
/// the report was made, which the finding states.
fn lie(finding: &Finding, account: &Account) -> Option<String> {
    if finding.status == Status::Indeterminate {
        return finding
            .gap
            .is_none()
            .then(|| "it is indeterminate and names no gap".to_owned());
    }
    let arn = finding.subject.arn.as_str();
    let rule = finding.rule.id;
    if rule.starts_with("root-user") {
        let truth = root_status(&account.root, rule);
        return (truth != finding.status).then(|| format!("the root user is {truth}"));
    }
    let user = account.users.iter().find(|it| it.arn(&account.id) == arn);
    let gone = account
        .deleted_users
        .iter()
        .find(|it| it.arn(&account.id) == arn);
    let of_report = finding
        .evidence_time
        .is_some_and(|it| it.epoch_seconds() == NOW - AGE);
    let now = user.map(|it| UserTruth::now(it).status(rule));
    let then = user
        .filter(|it| it.in_report)
        .or(gone)
        .map(|it| UserTruth::then(it).status(rule));
    let true_now = now == Some(finding.status);
    let true_then = of_report && then == Some(finding.status) && finding.status != Status::Fail;
    // Of a user that is gone AWS says it has no password, as it does of one that has none.
    let gone_since = user.is_none() && gone.is_some() && finding.status == Status::NotApplicable;
    (!true_now && !true_then && !gone_since).then(|| {
        let when = finding.evidence_time;
        format!(
            "now {now:?}, then {then:?}, by {:?} of {when:?}",
            finding.sources
        )
    })
}

/// Checks that every subject has a finding, or its account has one in its place.
fn forgotten(record: &Record, found: &[Finding], account: &Account) -> Vec<String> {
    let mut missing = Vec::new();
    for rule in rules::CATALOG {
        let subjects: Vec<&str> = found
            .iter()
            .filter(|it| it.rule.id == rule.id)
            .map(|it| it.subject.arn.as_str())
            .collect();
        let root = record.root_user_arn();
        // As subject of a rule about users the root's ARN stands for the account.
        let has = |arn: &str| subjects.contains(&arn) || subjects.contains(&root.as_str());
        let arns: Vec<_> = account.users.iter().map(|it| it.arn(&account.id)).collect();
        missing.extend(
            arns.iter()
                .filter(|it| !has(it))
                .map(|it| format!("{}: {it}", rule.id)),
        );
        if rule.id.starts_with("root-user") && subjects != [root.as_str()] {
            missing.push(format!("{}: the root user", rule.id));
        }
    }
    missing
}

/// Makes a world of many cases, the same for the same seed.
fn world(seed: u8) -> World {
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(
        config,
        TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]),
    );
    let mut world = World {
        organization: Some(Organization {
            management_account: MANAGEMENT.to_owned(),
            ..Organization::default()
        }),
        accounts: vec![Account {
            id: MANAGEMENT.to_owned(),
            ..Account::default()
        }],
        iam_page_size: (seed % 2 == 1).then_some(2),
        ..World::default()
    };
    for place in 0..CASES {
        let (mut account, faults) = case().new_tree(&mut runner).unwrap().current();
        account.id = format!("{:012}", 200_000_000_000 + place);
        let of_account = |it: Fault| Fault {
            account: Some(account.id.clone()),
            ..it
        };
        world.faults.extend(faults.into_iter().map(of_account));
        world.accounts.push(account);
    }
    world.validate().unwrap();
    world
}

/// Collects a world of cases and returns how many findings have each status.
async fn check(seed: u8, freshness: Freshness) -> BTreeMap<Status, usize> {
    let world = world(seed);
    let stage = Stage::start(world.clone()).await;
    let records = stage
        .audit(|it| {
            it.plan.freshness = freshness;
            it.concurrency = CASES + 1;
            it.report_patience = std::time::Duration::from_secs(2);
        })
        .await;
    assert_eq!(records.len(), world.accounts.len());
    let mut counts = BTreeMap::new();
    let mut lies = Vec::new();
    for (record, account) in records.iter().zip(&world.accounts) {
        assert!(record.is_consistent(), "{}", account.id);
        let found = findings(record);
        let faults: Vec<_> = world
            .faults
            .iter()
            .filter(|it| it.account.as_ref() == Some(&account.id))
            .collect();
        for finding in &found {
            *counts.entry(finding.status).or_default() += 1;
            if let Some(lie) = lie(finding, account) {
                let (rule, arn, status) = (finding.rule.id, &finding.subject.arn, finding.status);
                lies.push(format!(
                    "seed {seed}: {rule} says {status} of {arn}: {lie}, with {faults:?}"
                ));
            }
        }
        let missing = forgotten(record, &found, account).into_iter();
        lies.extend(missing.map(|it| format!("seed {seed}: no finding of {it}, with {faults:?}")));
    }
    assert!(lies.is_empty(), "{} lies:\n{}", lies.len(), lies.join("\n"));
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verdict_is_the_truth_or_there_is_none() {
    let mut counts: BTreeMap<Status, usize> = BTreeMap::new();
    // Seed 10 once made a failure of a password that nobody could confirm to be absent.
    let checks = [1, 2, 3, 10].map(|seed| Box::pin(check(seed, Freshness::ReportFirst)));
    for count in futures_util::future::join_all(checks).await {
        for (status, count) in count {
            *counts.entry(status).or_default() += count;
        }
    }
    // The worlds are worth asking: each outcome occurs often.
    for status in Status::ALL {
        assert!(
            counts.get(&status).is_some_and(|it| *it > 150),
            "{counts:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verdict_of_live_calls_is_the_truth_or_there_is_none() {
    check(4, Freshness::Live).await;
}
