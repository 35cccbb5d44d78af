//! What is asked of policies, groups and roles, when, and what comes of it.

use std::collections::BTreeSet;

use model::{AdministratorAccess, Cell, Dataset, GapReason, IamUser, Record, cell};
use rules::{CATALOG, Criteria, Rule, RunContext, Status};
use simulator::{Fault, FaultKind};

use super::stage::{MEMBER, NOW, Stage, denial, fault, member, organization};
use crate::{Freshness, Plan};

const OPERATION: &str = "GetAccountAuthorizationDetails";

/// An administrator by a group, one by a copy that is written in, one whose boundary takes it away, and one who is none.
const USERS: &str = r#"
    [[account.role]]
    name = "open"
    trust-policy = '{"Statement": {"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "sts:AssumeRole"}}'
    [[account.policy]]
    name = "limit"
    document = '{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'
    [[account.group]]
    name = "ops"
    policies = ["arn:aws:iam::aws:policy/AdministratorAccess"]
    [[account.user]]
    name = "alice"
    password = {}
    groups = ["ops"]
    [[account.user]]
    name = "bob"
    access-keys = [{}]
    inline-policies = { "all" = '{"Statement": {"Effect": "Allow", "Action": "*:*", "Resource": ["*"]}}' }
    [[account.user]]
    name = "carol"
    password = {}
    groups = ["ops"]
    boundary = "limit"
    [[account.user]]
    name = "dave"
    password = {}
    policies = ["limit", "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"]
"#;

/// Users of whom none can act without MFA.
const SAFE: &str = r#"
    [[account.user]]
    name = "alice"
    password = {}
    mfa = [{}]
    [[account.user]]
    name = "bob"
"#;

fn plan(rules: &[&'static Rule]) -> Plan {
    Plan {
        datasets: rules::datasets(rules),
        freshness: Freshness::ReportFirst,
        owner_tag: None,
    }
}

fn rule(id: &str) -> &'static Rule {
    CATALOG.iter().find(|it| it.id == id).unwrap()
}

/// Audits for one rule, and confirms what it doubts.
async fn audited(stage: &Stage, id: &str) -> Record {
    let only = rule(id);
    let records = stage
        .audit(|it| {
            it.plan = plan(&[only]);
            let criteria = Criteria::of(&[only]);
            it.confirm = std::sync::Arc::new(move |record| {
                let now = model::Timestamp::from_epoch_seconds(NOW);
                let doubts = rules::doubts(record, &criteria, now).into_iter();
                doubts.map(|it| (it.user, it.datasets)).collect()
            });
        })
        .await;
    let record = records
        .into_iter()
        .find(|it| it.account.id.as_str() == MEMBER)
        .unwrap();
    assert!(record.is_consistent());
    record
}

fn user<'a>(record: &'a Record, name: &str) -> &'a IamUser {
    let mut users = record.iam_users.items.iter();
    users.find(|it| &*it.name == name).unwrap()
}

fn statuses(record: &Record, id: &str) -> Vec<(String, Status)> {
    let run = RunContext::at(model::Timestamp::from_epoch_seconds(NOW));
    let findings = rules::evaluate_record(record, &Criteria::of(&[rule(id)]), &run);
    let named = findings
        .iter()
        .map(|it| (it.subject.arn.resource().to_owned(), it.status));
    named.collect()
}

#[tokio::test]
async fn who_is_an_administrator_is_asked_only_where_a_user_can_act_without_mfa() {
    let stage = Stage::start(organization(SAFE)).await;
    let record = audited(&stage, "iam-user-admin-mfa").await;
    assert_eq!(stage.asked(MEMBER, OPERATION), 0);
    assert!(user(&record, "alice").administrator_access.is_unasked());
    assert_eq!(cell(&record, Dataset::AdministratorAccess), Cell::Seen);
    let found = statuses(&record, "iam-user-admin-mfa");
    assert_eq!(
        found,
        [
            ("user/alice".into(), Status::Pass),
            ("user/bob".into(), Status::NotApplicable)
        ]
    );
}

#[tokio::test]
async fn administrators_are_found_however_they_came_to_it() {
    let stage = Stage::start(organization(USERS)).await;
    let record = audited(&stage, "iam-user-admin-mfa").await;
    assert_eq!(stage.asked(MEMBER, OPERATION), 1);
    let access = |name: &str| user(&record, name).administrator_access.known().cloned();
    let by = |how: &str| Some(AdministratorAccess::Administrator(how.into()));
    assert_eq!(
        access("alice"),
        by("the policy AdministratorAccess of the group ops")
    );
    assert_eq!(access("bob"), by("the inline policy all"));
    assert_eq!(access("carol"), Some(AdministratorAccess::NotAdministrator));
    // What ViewOnlyAccess says is not in the answer.
    let unclear = user(&record, "dave")
        .administrator_access
        .get()
        .unwrap_err();
    let gap = record.gap(unclear).unwrap();
    assert_eq!(gap.reason, GapReason::Unclear);
    assert!(
        gap.detail
            .contains("the policy ViewOnlyAccess cannot be read"),
        "{gap}"
    );
    let found = statuses(&record, "iam-user-admin-mfa");
    let found: Vec<_> = found.iter().map(|it| it.1).collect();
    assert_eq!(
        found,
        [
            Status::Fail,
            Status::Fail,
            Status::NotApplicable,
            Status::Indeterminate
        ]
    );
}

#[tokio::test]
async fn a_failure_is_confirmed_by_live_calls() {
    // The report is from before the device was enrolled, and from before the key was made.
    let fixed = r#"
        [[account.group]]
        name = "ops"
        policies = ["arn:aws:iam::aws:policy/AdministratorAccess"]
        [[account.user]]
        name = "alice"
        password = {}
        groups = ["ops"]
        mfa = [{ kind = "fido" }]
        report = { mfa-active = false }
        [[account.user]]
        name = "bob"
        groups = ["ops"]
        report = { password-enabled = true }
    "#;
    let stage = Stage::start(organization(fixed)).await;
    let record = audited(&stage, "iam-user-admin-mfa").await;
    let found = statuses(&record, "iam-user-admin-mfa");
    assert_eq!(
        found,
        [
            ("user/alice".into(), Status::Pass),
            ("user/bob".into(), Status::NotApplicable)
        ]
    );
    for operation in ["GetLoginProfile", "ListMFADevices", "ListAccessKeys"] {
        assert_eq!(stage.asked(MEMBER, operation), 2, "{operation}");
    }
    assert_eq!(stage.asked(MEMBER, OPERATION), 1);
}

#[tokio::test]
async fn users_own_policies_and_roles_are_asked_in_every_account_by_one_call() {
    let stage = Stage::start(organization(USERS)).await;
    let record = audited(&stage, "iam-user-direct-policy").await;
    let own = user(&record, "dave").direct_policies.known().unwrap();
    let own: Vec<&str> = own.iter().map(|it| &**it).collect();
    assert_eq!(
        own,
        [
            "arn:aws:iam::222222222222:policy/limit",
            "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
        ]
    );
    assert!(
        user(&record, "alice")
            .direct_policies
            .known()
            .unwrap()
            .is_empty()
    );
    assert!(record.iam_roles.is_unasked());

    let stage = Stage::start(organization(SAFE)).await;
    let record = member(stage.audit_for_all_rules(|_| ()).await);
    assert_eq!(stage.asked(MEMBER, OPERATION), 1, "all rules, one call");
    let names: Vec<&str> = record.iam_roles.items.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["mfaudit-audit"]);
}

#[tokio::test]
async fn a_rule_about_roles_asks_for_no_users() {
    let stage = Stage::start(organization(USERS)).await;
    let record = audited(&stage, "iam-role-trust-mfa").await;
    assert_eq!(stage.asked(MEMBER, "ListUsers"), 0);
    assert_eq!(stage.asked(MEMBER, OPERATION), 1);
    let found = statuses(&record, "iam-role-trust-mfa");
    let fails = ["role/mfaudit-audit", "role/open"].map(|it| (it.to_owned(), Status::Fail));
    assert_eq!(found, fails);
    let trust = &record.iam_roles.items[1].trust_policy;
    assert!(trust.starts_with(r#"{"Statement""#), "{trust}");
}

#[tokio::test]
async fn the_answer_is_the_same_however_small_its_pages() {
    let rules = [
        "iam-user-admin-mfa",
        "iam-user-direct-policy",
        "iam-role-trust-mfa",
    ];
    let mut answers = BTreeSet::new();
    for page in [None, Some(1), Some(2), Some(5)] {
        let mut world = organization(USERS);
        world.iam_page_size = page;
        let record = Stage::start(world).await.member().await;
        let found: Vec<_> = rules.map(|it| statuses(&record, it)).concat();
        answers.insert(found);
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn without_the_permission_everything_of_it_is_a_gap() {
    let faults = vec![fault("iam:GetAccountAuthorizationDetails", denial())];
    let record = Stage::with(organization(USERS), faults)
        .await
        .member()
        .await;
    for dataset in [
        Dataset::DirectPolicies,
        Dataset::AdministratorAccess,
        Dataset::RoleTrust,
    ] {
        assert_eq!(cell(&record, dataset), Cell::NotSeen, "{dataset}");
    }
    for id in [
        "iam-user-admin-mfa",
        "iam-user-direct-policy",
        "iam-role-trust-mfa",
    ] {
        let found = statuses(&record, id);
        assert!(!found.is_empty(), "{id}");
        assert!(
            found.iter().all(|it| it.1 == Status::Indeterminate),
            "{id}: {found:?}"
        );
    }
}

#[tokio::test]
async fn what_came_before_an_answer_broke_off_stands() {
    let mut world = organization(USERS);
    world.iam_page_size = Some(2);
    let broken = Fault {
        account: Some(MEMBER.to_owned()),
        after: Some(1),
        ..fault("iam:GetAccountAuthorizationDetails", FaultKind::Malformed)
    };
    let stage = Stage::with(world, vec![broken]).await;
    let record = member(stage.audit_for_all_rules(|_| ()).await);
    let own = |name: &str| user(&record, name).direct_policies.known().is_some();
    assert_eq!(
        ["alice", "bob", "carol", "dave"].map(own),
        [true, true, false, false]
    );
    // A policy that is written in is there; a group is on a page that did not come.
    let access = |name: &str| user(&record, name).administrator_access.known().is_some();
    assert_eq!(
        ["alice", "bob", "carol", "dave"].map(access),
        [false, true, false, false]
    );
    assert!(record.iam_roles.gap.is_some() && record.iam_roles.items.is_empty());
}
