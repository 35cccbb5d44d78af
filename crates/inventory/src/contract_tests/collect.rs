//! What is asked of an account, and how an account is entered.

use std::{collections::BTreeMap, time::Duration};

use aws::Clock;
use model::{
    Dataset, Fact, Gap, GapReason, LastUse, PolicyKind, Record, Source, Timestamp,
    snapshot::ScopeFilter,
};
use rules::Status;
use simulator::{FaultKind, ServiceControlPolicy, World};

use super::{
    relay::Relay,
    stage::{
        MANAGEMENT, MEMBER, NOW, Stage, USER_AGENT, collect, collector, connect, denial, fault,
        findings, organization, statuses,
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

fn source<T>(record: &Record, fact: &Fact<T>) -> Source {
    record
        .observation(fact.observation().unwrap())
        .unwrap()
        .source
}

#[tokio::test]
async fn every_fact_of_an_account_is_seen_with_its_source_and_time() {
    let stage = Stage::start(organization(USERS)).await;
    let record = stage.member().await;
    assert!(record.is_consistent());
    for dataset in rules::datasets(rules::CATALOG) {
        assert_eq!(
            model::cell(&record, dataset),
            model::Cell::Seen,
            "{dataset}"
        );
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
        stage.asked(MEMBER, "GetLoginProfile"),
        2,
        "bob and the robot"
    );
}

#[tokio::test]
async fn the_callers_own_account_is_entered_as_it_is() {
    let stage = Stage::start(organization("")).await;
    let records = stage.audit(|_| {}).await;
    assert_eq!(stage.asked(MANAGEMENT, "AssumeRole"), 0);
    assert_eq!(
        stage.asked(MEMBER, "AssumeRole"),
        1,
        "once for all calls of the account"
    );
    assert!(records.iter().all(|it| it.iam_users.gap.is_none()));
}

#[tokio::test]
async fn an_account_that_is_not_active_is_listed_and_not_asked() {
    let mut world = organization("");
    "SUSPENDED".clone_into(&mut world.accounts[1].state);
    let stage = Stage::start(world).await;
    let gap = only_gap(&stage.member().await);
    assert_eq!(
        (gap.reason, gap.detail.as_str()),
        (GapReason::NotRequested, "the account is suspended")
    );
    assert_eq!(
        stage
            .simulator
            .journal()
            .iter()
            .filter(|it| it.account == MEMBER)
            .count(),
        0
    );
}

#[tokio::test]
async fn an_account_that_refuses_entry_is_a_gap_with_awss_words() {
    let mut world = organization("");
    world.accounts[1].roles.clear();
    let stage = Stage::start(world).await;
    let gap = only_gap(&stage.member().await);
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::EntryDenied, "AssumeRole")
    );
    assert_eq!(gap.policy.unwrap().kind, PolicyKind::Trust);
    let expected = "is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/mfaudit-audit";
    assert!(gap.detail.contains(expected), "{}", gap.detail);
    assert_eq!(stage.asked(MEMBER, "GetAccountSummary"), 0);
}

#[tokio::test]
async fn a_refused_entry_names_the_kind_of_policy() {
    for (policy, kind) in [
        (simulator::PolicyKind::Identity, PolicyKind::Identity),
        (
            simulator::PolicyKind::ServiceControl,
            PolicyKind::ServiceControl,
        ),
        (
            simulator::PolicyKind::Boundary,
            PolicyKind::PermissionsBoundary,
        ),
    ] {
        let deny = FaultKind::Deny {
            message: None,
            policy,
        };
        let stage = Stage::with(organization(""), vec![fault("sts:AssumeRole", deny)]).await;
        let gap = only_gap(&stage.member().await);
        assert_eq!(
            (gap.reason, gap.policy.unwrap().kind),
            (GapReason::EntryDenied, kind)
        );
    }
}

#[tokio::test]
async fn an_entry_that_fails_otherwise_is_not_called_denied() {
    for (kind, reason) in [
        (FaultKind::HtmlBody, GapReason::Malformed),
        (FaultKind::Disconnect, GapReason::Unreachable),
        (FaultKind::ExpiredToken, GapReason::ExpiredCredentials),
        (FaultKind::Status(500), GapReason::Failed),
    ] {
        let stage = Stage::with(
            organization(""),
            vec![fault("sts:AssumeRole", kind.clone())],
        )
        .await;
        assert_eq!(only_gap(&stage.member().await).reason, reason, "{kind:?}");
    }
}

#[tokio::test]
async fn a_service_control_policy_that_denies_a_call_is_named() {
    let mut world = organization(USERS);
    world.scps.push(ServiceControlPolicy {
        id: "p-a1b2c3d4".to_owned(),
        target: MEMBER.to_owned(),
        deny: vec!["iam:ListUsers".to_owned()],
        ..ServiceControlPolicy::default()
    });
    let stage = Stage::start(world).await;
    let record = stage.member().await;
    let gap = record.gap(record.iam_users.gap.unwrap()).unwrap();
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::AccessDenied, "ListUsers")
    );
    let policy = gap.policy.as_ref().unwrap();
    let arn =
        "arn:aws:organizations::111111111111:policy/o-exampleorg/service_control_policy/p-a1b2c3d4";
    assert_eq!(
        (policy.kind, policy.arn.as_deref()),
        (PolicyKind::ServiceControl, Some(arn))
    );
    assert_eq!(record.iam_users.items.len(), 4, "the report names them");
}

#[tokio::test]
async fn an_external_id_is_given_where_the_role_demands_it() {
    let mut world = organization("");
    world.accounts[1].roles[0].external_id = Some("the-id".to_owned());
    let stage = Stage::start(world).await;
    for (given, entered) in [
        (Some("the-id"), true),
        (Some("another"), false),
        (None, false),
    ] {
        let records = stage
            .audit(|it| it.role.external_id = given.map(str::to_owned))
            .await;
        assert_eq!(
            record(&records, MEMBER).iam_users.gap.is_none(),
            entered,
            "{given:?}"
        );
    }
}

#[tokio::test]
async fn a_role_may_have_a_path() {
    let mut world = organization("");
    "/security/".clone_into(&mut world.accounts[1].roles[0].path);
    let stage = Stage::start(world).await;
    let records = stage
        .audit(|it| it.role.name = "security/mfaudit-audit".to_owned())
        .await;
    assert!(record(&records, MEMBER).iam_users.gap.is_none());
}

#[tokio::test]
async fn a_session_policy_shrinks_the_role() {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:GetAccountSummary","Resource":"*"}]}"#;
    let stage = Stage::start(organization(USERS)).await;
    let records = stage
        .audit(|it| it.role.session_policy = Some(policy.to_owned()))
        .await;
    let record = record(&records, MEMBER);
    assert!(
        record.root_user.mfa.known().is_some(),
        "the summary is allowed"
    );
    let gap = record.gap(record.iam_users.gap.unwrap()).unwrap();
    assert_eq!(
        (gap.reason, gap.policy.as_ref().unwrap().kind),
        (GapReason::AccessDenied, PolicyKind::Session)
    );
    let (all, denied): (Vec<_>, Vec<_>) = {
        let journal = stage.simulator.journal();
        let iam: Vec<_> = journal
            .into_iter()
            .filter(|it| it.account == MEMBER && it.service == "iam")
            .collect();
        (
            iam.clone(),
            iam.into_iter()
                .filter(|it| it.outcome == "AccessDenied")
                .collect(),
        )
    };
    assert_eq!(
        all.len() - denied.len(),
        1,
        "the member refuses all other calls"
    );
}

#[tokio::test]
async fn the_derived_policy_is_enough_for_a_whole_record() {
    let datasets = rules::datasets(rules::CATALOG);
    let selection = aws::policy::Selection {
        calls: crate::CALLS,
        sites: &[aws::Site::Member],
        datasets: Some(&datasets),
    };
    let names = aws::policy::Names {
        partition: "aws".to_owned(),
        role: "mfaudit-audit".to_owned(),
    };
    let policy = aws::policy::document(&selection, &names).to_string();
    assert!(policy.len() <= 2048, "AWS allows no longer session policy");
    let stage = Stage::start(organization(USERS)).await;
    let records = stage
        .audit(|it| it.role.session_policy = Some(policy))
        .await;
    for dataset in datasets {
        assert_eq!(
            model::cell(record(&records, MEMBER), dataset),
            model::Cell::Seen,
            "{dataset}"
        );
    }
}

#[tokio::test]
async fn aws_is_told_who_asks() {
    let stage = Stage::start(organization("")).await;
    let relay = Relay::start(&stage.simulator.endpoint(), |_, body| body).await;
    let connection = connect(&stage.simulator, &relay.endpoint).await;
    let found = crate::discover(
        &connection,
        &crate::Reach::Organization(ScopeFilter::default()),
    )
    .await
    .unwrap();
    collect(&collector(&connection, MANAGEMENT), found.accounts).await;
    let seen = relay.seen();
    assert!(seen.len() > 10);
    for request in &seen {
        let agent = format!("\r\nuser-agent: {USER_AGENT} ");
        assert!(request.head.contains(&agent), "{}", request.head);
    }
    let entries: Vec<_> = seen.iter().filter(|it| it.asks("AssumeRole")).collect();
    assert_eq!(entries.len(), 1);
    for parameter in ["RoleSessionName=mfaudit", "DurationSeconds=900"] {
        assert!(
            entries[0].body.split('&').any(|it| it == parameter),
            "{}",
            entries[0].body
        );
    }
    assert!(
        !entries[0].body.contains("ExternalId"),
        "none was configured"
    );
}

#[tokio::test]
async fn a_session_that_ends_soon_is_renewed_before_the_next_call() {
    let stage = Stage::start(organization(USERS)).await;
    // AWS says that each session ends in 1970, and accepts it all the same.
    let relay = Relay::start(&stage.simulator.endpoint(), |seen, body| {
        if !seen.asks("AssumeRole") {
            return body;
        }
        let (head, rest) = body.split_once("<Expiration>").unwrap();
        let (_, tail) = rest.split_once("</Expiration>").unwrap();
        format!("{head}<Expiration>1970-01-02T00:00:00Z</Expiration>{tail}")
    })
    .await;
    let connection = connect(&stage.simulator, &relay.endpoint).await;
    let found = stage.discover(ScopeFilter::default()).await.unwrap();
    let records = collect(&collector(&connection, MANAGEMENT), found.accounts).await;
    assert!(
        stage.asked(MEMBER, "AssumeRole") >= 5,
        "{}",
        stage.asked(MEMBER, "AssumeRole")
    );
    for dataset in rules::datasets(rules::CATALOG) {
        assert_eq!(
            model::cell(record(&records, MEMBER), dataset),
            model::Cell::Seen,
            "{dataset}"
        );
    }
}

#[tokio::test]
async fn a_session_that_cannot_be_renewed_is_a_gap_of_what_was_left() {
    let mut later = fault("sts:AssumeRole", denial());
    later.after = Some(2);
    let stage = Stage::with(organization(USERS), vec![later]).await;
    let relay = Relay::start(&stage.simulator.endpoint(), |_, body| {
        let Some((head, rest)) = body.split_once("<Expiration>") else {
            return body;
        };
        let (_, tail) = rest.split_once("</Expiration>").unwrap();
        format!("{head}<Expiration>1970-01-02T00:00:00Z</Expiration>{tail}")
    })
    .await;
    let connection = connect(&stage.simulator, &relay.endpoint).await;
    let found = stage.discover(ScopeFilter::default()).await.unwrap();
    let records = collect(&collector(&connection, MANAGEMENT), found.accounts).await;
    let record = record(&records, MEMBER);
    assert!(
        record
            .gaps
            .iter()
            .any(|it| it.reason == GapReason::EntryDenied),
        "{:?}",
        record.gaps
    );
    assert!(
        !record.observations.is_empty(),
        "what was seen before stands"
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
    for rules in [rules::CATALOG, &rules::CATALOG[..1]] {
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

#[tokio::test]
async fn a_report_that_is_not_there_is_waited_for() {
    let mut world = organization(USERS);
    world.accounts[1].report.age_seconds = None;
    let stage = Stage::start(world).await;
    let record = stage.member().await;
    let alice = &record.iam_users.items[0];
    assert_eq!(
        source(&record, &alice.password),
        Source::GetCredentialReport
    );
    assert_eq!(stage.asked(MEMBER, "GenerateCredentialReport"), 2);
    assert_eq!(stage.asked(MEMBER, "GetCredentialReport"), 1);
}

#[tokio::test]
async fn a_report_that_is_never_complete_is_done_without() {
    let mut world = organization(USERS);
    world.accounts[1].report = simulator::Report {
        age_seconds: None,
        stuck: true,
    };
    let stage = Stage::start(world).await;
    let records = stage
        .audit(|it| it.report_patience = Duration::from_millis(1))
        .await;
    let record = record(&records, MEMBER);
    for user in &record.iam_users.items {
        assert_eq!(
            source(record, &user.password),
            Source::GetLoginProfile,
            "{}",
            user.name
        );
    }
    assert_eq!(
        statuses(record)[&("iam-user-console-mfa", "iam-user user/bob".to_owned())],
        Status::Fail
    );
    let unread = record.iam_users.items[0]
        .password_last_used
        .get()
        .unwrap_err();
    let gap = record.gap(unread).unwrap();
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::Deadline, "GenerateCredentialReport")
    );
}

#[tokio::test]
async fn a_report_asked_for_too_often_is_waited_for() {
    let mut world = organization("");
    world.accounts[1].report.age_seconds = None;
    let kind = FaultKind::Throttle {
        code: "LimitExceeded".to_owned(),
    };
    let mut limit = fault("iam:GenerateCredentialReport", kind);
    (limit.times, limit.account) = (Some(1), Some(MEMBER.to_owned()));
    let stage = Stage::with(world, vec![limit]).await;
    let record = stage.member().await;
    assert!(record.observations.iter().all(|it| it.at.is_some()));
    assert_eq!(stage.asked(MEMBER, "GenerateCredentialReport"), 3);
}

#[tokio::test]
async fn a_report_that_exists_is_used_where_none_may_be_made() {
    let stage = Stage::with(
        organization(USERS),
        vec![fault("iam:GenerateCredentialReport", denial())],
    )
    .await;
    let record = stage.member().await;
    let alice = &record.iam_users.items[0];
    assert_eq!(
        source(&record, &alice.password),
        Source::GetCredentialReport
    );
}

#[tokio::test]
async fn a_stale_report_is_done_without() {
    let stage = Stage::start(organization(USERS)).await;
    let later = Timestamp::from_epoch_seconds(NOW + 6 * 3600).unwrap();
    let records = stage.audit(|it| it.clock = Clock::Fixed(later)).await;
    let record = record(&records, MEMBER);
    assert!(record.observations.iter().all(|it| it.source.is_live()));
    let gap = record
        .gap(
            record.iam_users.items[0]
                .password_last_used
                .get()
                .unwrap_err(),
        )
        .unwrap();
    assert_eq!(gap.reason, GapReason::Stale);
}

#[tokio::test]
async fn a_report_from_the_future_is_no_reason_to_panic() {
    let stage = Stage::start(organization(USERS)).await;
    let earlier = Timestamp::from_epoch_seconds(NOW - 86_400).unwrap();
    let records = stage.audit(|it| it.clock = Clock::Fixed(earlier)).await;
    assert!(record(&records, MEMBER).iam_users.gap.is_none());
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
async fn six_calls_answer_for_an_account_and_a_few_for_single_users() {
    let (world, single) = generated(30, 10, 7);
    let users: usize = world.accounts.iter().map(|it| it.users.len()).sum();
    let stage = Stage::start(world).await;
    let default = rules::default_rules().leak();
    let records = stage
        .audit(|it| {
            it.plan = Plan {
                datasets: rules::datasets(default),
                freshness: Freshness::ReportFirst,
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
    assert!(by_account.values().all(|it| *it <= 6), "{by_account:?}");
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
