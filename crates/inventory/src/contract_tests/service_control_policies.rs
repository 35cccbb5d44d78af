//! The service control policies over each account, and what becomes of them where AWS does not tell all.

use std::collections::BTreeMap;

use model::{Fact, Gap, GapReason, PolicyText, Record, ServiceControlPolicy};
use simulator::{Fault, FaultKind, World};

use super::stage::{MANAGEMENT, Stage, denial, fault, standalone, throttling};
use crate::ServiceControlPolicies;

const LIST: &str = "organizations:ListPolicies";
const DESCRIBE: &str = "organizations:DescribePolicy";
const TARGETS: &str = "organizations:ListTargetsForPolicy";

/// A policy on the root, one on a unit, one on a unit below it and an account elsewhere, and one on nothing.
const WORLD: &str = r#"
    [organization]
    id = "o-exampleorg"
    management-account = "111111111111"
    [[ou]]
    name = "Workloads"
    [[ou]]
    name = "Prod"
    parent = "Workloads"
    [[ou]]
    name = "Sandbox"
    [[account]]
    id = "111111111111"
    [[account]]
    id = "222222222222"
    ou = "Workloads/Prod"
    [[account]]
    id = "333333333333"
    ou = "Workloads"
    [[account]]
    id = "444444444444"
    ou = "Sandbox"
    [[account]]
    id = "555555555555"
    [[account]]
    id = "666666666666"
    state = "SUSPENDED"
    [[scp]]
    id = "p-root0001"
    name = "Root"
    deny = ["ec2:RunInstances"]
    [[scp]]
    id = "p-work0001"
    name = "Work"
    target = "Workloads"
    policy = '{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'
    replaces-full-access = true
    [[scp]]
    id = "p-mfa00001"
    name = "Mfa"
    target = "Workloads/Prod"
    policy = '{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}'
    [[scp]]
    id = "p-mfa00001"
    target = "444444444444"
"#;

struct Told {
    stage: Stage,
    chains: BTreeMap<String, Fact<Vec<Vec<String>>>>,
    records: Vec<Record>,
    documents: Vec<ServiceControlPolicy>,
}

async fn told(world: World, faults: Vec<Fault>) -> Told {
    let stage = Stage::with(world, faults).await;
    let mut policies = None;
    let records = stage.audit(|it| {
        it.plan.datasets = [model::Dataset::ServiceControlPolicies].into();
        let own = ServiceControlPolicies::new(&it.connection, &it.pace, it.clock, None);
        policies = Some(own.clone());
        it.service_control_policies = Some(own);
    });
    let records = records.await;
    let mut chains = BTreeMap::new();
    for record in &records {
        assert!(record.is_consistent());
        let chain = record.service_control_policies.map(|levels| {
            let named = levels.iter().map(|level| {
                let ids = level.policies.iter().map(ToString::to_string);
                std::iter::once(kind(&level.target)).chain(ids).collect()
            });
            named.collect()
        });
        chains.insert(record.account.id.to_string(), chain);
    }
    Told {
        stage,
        chains,
        records,
        documents: policies.unwrap().documents(),
    }
}

/// Returns the kind of a target, whose identifier the simulator makes up; an account is named.
fn kind(target: &str) -> String {
    let kind = target.split_once('-').map_or(target, |it| it.0);
    kind.to_owned()
}

fn world() -> World {
    World::from_toml(WORLD).unwrap()
}

impl Told {
    fn chain(&self, account: &str) -> Option<Vec<String>> {
        let chain = self.chains[account].known()?;
        Some(chain.iter().map(|it| it.join(" ")).collect())
    }

    fn gap(&self, account: &str) -> &Gap {
        let record = self
            .records
            .iter()
            .find(|it| it.account.id.as_str() == account)
            .unwrap();
        let gap = record.service_control_policies.get().unwrap_err();
        record.gap(gap).unwrap()
    }

    /// Returns the accounts whose policies are known, by their first digits.
    fn known(&self) -> String {
        let known = self.chains.iter().filter(|it| it.1.known().is_some());
        known.map(|it| &it.0[..1]).collect()
    }
}

const FULL: &str = "p-FullAWSAccess";

#[tokio::test]
async fn each_account_has_the_policies_of_the_root_of_its_units_and_its_own() {
    for more in ["", "omit-paths = true", "empty-pages = true"] {
        let text = WORLD.replacen("[[ou]]", &format!("{more}\n[[ou]]"), 1);
        let told = told(World::from_toml(&text).unwrap(), Vec::new()).await;
        let root = format!("r {FULL} p-root0001");
        let expect = |account: &str, levels: &[&str]| {
            let levels: Vec<_> = levels.iter().map(ToString::to_string).collect();
            assert_eq!(told.chain(account), Some(levels), "{account} with {more}");
        };
        expect("111111111111", &[]);
        let prod = [
            &root,
            "ou p-work0001",
            "ou p-FullAWSAccess p-mfa00001",
            "222222222222 p-FullAWSAccess",
        ];
        expect("222222222222", &prod);
        expect(
            "333333333333",
            &[&root, "ou p-work0001", "333333333333 p-FullAWSAccess"],
        );
        let sandbox = [
            &root,
            "ou p-FullAWSAccess",
            "444444444444 p-FullAWSAccess p-mfa00001",
        ];
        expect("444444444444", &sandbox);
        expect("555555555555", &[&root, "555555555555 p-FullAWSAccess"]);
        assert_eq!(told.gap("666666666666").reason, GapReason::NotRequested);
    }
}

#[tokio::test]
async fn documents_are_read_once_a_run_in_order_of_their_identifiers() {
    let told = told(world(), Vec::new()).await;
    let ids: Vec<&str> = told.documents.iter().map(|it| &*it.id).collect();
    assert_eq!(ids, [FULL, "p-mfa00001", "p-root0001", "p-work0001"]);
    let mfa = &told.documents[1];
    let expected = world().scps[2].policy.clone().unwrap();
    assert_eq!(mfa.text, PolicyText::Document(expected.into()));
    assert_eq!(&*mfa.name, "Mfa");
    for (operation, times) in [
        ("ListPolicies", 1),
        ("DescribePolicy", 4),
        ("ListTargetsForPolicy", 4),
    ] {
        assert_eq!(
            told.stage.asked(MANAGEMENT, operation),
            times,
            "{operation}"
        );
    }
    assert_eq!(told.stage.asked("222222222222", "ListPolicies"), 0);
}

#[tokio::test]
async fn where_no_such_policies_hold_none_is_known_to_be_over_any_account() {
    let disabled = |change: &dyn Fn(&mut simulator::Organization)| {
        let mut world = world();
        change(world.organization.as_mut().unwrap());
        world
    };
    for world in [
        disabled(&|it| it.service_control_policies_disabled = true),
        disabled(&|it| "CONSOLIDATED_BILLING".clone_into(&mut it.feature_set)),
    ] {
        let told = told(world, Vec::new()).await;
        for account in ["111111111111", "222222222222", "555555555555"] {
            assert_eq!(told.chain(account), Some(Vec::new()), "{account}");
        }
        assert_eq!(told.stage.asked(MANAGEMENT, "ListPolicies"), 0);
    }
    let told = told(standalone(), Vec::new()).await;
    assert_eq!(told.chain("333333333333"), Some(Vec::new()));
    assert!(told.documents.is_empty());
}

#[tokio::test]
async fn a_list_that_does_not_come_is_a_gap_in_every_member_account() {
    for operation in [LIST, TARGETS, "organizations:ListRoots"] {
        for (kind, reason) in [
            (denial(), GapReason::AccessDenied),
            (FaultKind::HtmlBody, GapReason::Malformed),
        ] {
            let told = told(world(), vec![fault(operation, kind)]).await;
            assert_eq!(
                told.known(),
                "1",
                "{operation}: nothing is over the management account"
            );
            let gap = told.gap("222222222222");
            let name = operation.split_once(':').unwrap().1;
            assert_eq!(
                (gap.operation.as_str(), gap.reason),
                (name, reason),
                "{gap}"
            );
            if reason == GapReason::AccessDenied {
                let words = format!("is not authorized to perform: {operation}");
                assert!(gap.detail.contains(&words), "{gap}");
            }
        }
    }
}

#[tokio::test]
async fn a_list_of_which_a_page_is_missing_is_a_gap_in_every_member_account() {
    let mut world = world();
    let member = world.accounts[1].clone();
    let more = (0..40).map(|number| simulator::Account {
        id: format!("{:012}", 700_000_000_000_u64 + number),
        ..member.clone()
    });
    world.accounts.extend(more);
    let late = Fault {
        // One page of each other policy, and the first of those of `FullAWSAccess`.
        after: Some(5),
        ..fault(TARGETS, denial())
    };
    let told = told(world, vec![late]).await;
    assert_eq!(told.known(), "1");
}

#[tokio::test]
async fn a_document_that_may_not_be_read_is_a_gap_in_the_accounts_below_its_targets_alone() {
    let mut world = world();
    let arn =
        "arn:aws:organizations::111111111111:policy/o-exampleorg/service_control_policy/p-mfa00001";
    let policy = format!(
        r#"{{"Statement": [{{"Effect": "Allow", "Action": "*", "Resource": "*"}},
            {{"Effect": "Deny", "Action": "{DESCRIBE}", "Resource": "{arn}"}}]}}"#
    );
    world.caller.policy = Some(policy);
    let told = told(world, Vec::new()).await;
    assert_eq!(told.known(), "135");
    for account in ["222222222222", "444444444444"] {
        let gap = told.gap(account);
        assert_eq!(
            (gap.operation.as_str(), gap.reason),
            ("DescribePolicy", GapReason::AccessDenied)
        );
        assert!(gap.detail.contains(arn), "{gap}");
    }
    let unread: Vec<_> = told
        .documents
        .iter()
        .filter(|it| matches!(it.text, PolicyText::Unread(_)))
        .collect();
    assert_eq!(unread.len(), 1);
    assert_eq!(&*unread[0].id, "p-mfa00001");
}

#[tokio::test]
async fn a_call_that_is_throttled_for_a_while_is_made_again_and_one_that_always_is_is_a_gap() {
    let twice = |operation| Fault {
        times: Some(2),
        ..fault(operation, throttling())
    };
    let told_late = told(world(), [LIST, DESCRIBE, TARGETS].map(twice).to_vec()).await;
    assert_eq!(told_late.known(), "12345");
    let never = told(world(), vec![fault(LIST, throttling())]).await;
    assert_eq!(never.known(), "1");
    assert_eq!(never.gap("222222222222").reason, GapReason::Throttled);
}

#[tokio::test]
async fn a_caller_that_manages_no_organization_is_refused_and_sees_no_policies() {
    let mut world = world();
    "333333333333".clone_into(&mut world.caller.account);
    let stage = Stage::start(world).await;
    let mut collector = stage.collector("333333333333");
    let policies =
        ServiceControlPolicies::new(&stage.connection, &collector.pace, collector.clock, None);
    collector.service_control_policies = Some(policies);
    let account = model::Account {
        id: "333333333333".parse().unwrap(),
        name: String::new(),
        partition: model::Partition::commercial(),
        kind: model::AccountKind::Member,
        state: model::AccountState::Unstated,
        scope: model::Scope::Audited,
        ou_path: String::new(),
    };
    let records = super::stage::collect(&collector, vec![account]).await;
    let gap = records[0].service_control_policies.get().unwrap_err();
    let gap = records[0].gap(gap).unwrap();
    assert_eq!(gap.reason, GapReason::AccessDenied);
    assert!(gap.detail.contains("You don't have permissions"), "{gap}");
}

#[tokio::test]
async fn an_account_whose_place_is_not_known_is_a_gap() {
    let mut world = world();
    world.organization.as_mut().unwrap().omit_paths = true;
    let faults = vec![fault("organizations:ListAccountsForParent", denial())];
    let told = told(world, faults).await;
    assert_eq!(told.known(), "1");
    let gap = told.gap("555555555555");
    assert_eq!(
        gap.detail,
        "where the account is in the organization was not seen"
    );
}

#[tokio::test]
async fn an_account_of_which_no_policy_is_told_came_meanwhile_and_is_a_gap() {
    let mut world = world();
    // Of the account itself nothing is told, though AWS leaves none without a policy.
    world.scps.push(simulator::ServiceControlPolicy {
        id: "p-gone0001".to_owned(),
        target: "555555555555".to_owned(),
        deny: vec!["a:b".to_owned()],
        replaces_full_access: true,
        ..simulator::ServiceControlPolicy::default()
    });
    let with_one = told(world.clone(), Vec::new()).await;
    assert_eq!(with_one.known(), "12345");
    let stage = Stage::start(world).await;
    let (own, mut accounts) = stage.listed().await;
    accounts.retain(|it| it.id.as_str() == "555555555555");
    accounts[0].id = "999999999999".parse().unwrap();
    let mut collector = stage.collector(own.as_str());
    let policies =
        ServiceControlPolicies::new(&stage.connection, &collector.pace, collector.clock, None);
    collector.service_control_policies = Some(policies);
    let records = super::stage::collect(&collector, accounts).await;
    let gap = records[0].service_control_policies.get().unwrap_err();
    let gap = records[0].gap(gap).unwrap();
    assert_eq!(gap.reason, GapReason::Unclear);
    assert!(
        gap.detail.contains("no policy is attached to 999999999999"),
        "{gap}"
    );
}
