//! The policies that apply to users: its own, its groups' and its boundary, each as the world has it.

use std::collections::{BTreeMap, BTreeSet};

use model::{Cell, Dataset, GapReason, IamUser, PolicyPath, PolicyText, Record, cell};
use serde_json::Value;
use simulator::{Fault, FaultKind, World};

use super::stage::{MEMBER, Stage, denial, fault, member, organization};

const OPERATION: &str = "GetAccountAuthorizationDetails";

/// Users with policies of every kind, of whom erin and frank have the same.
const USERS: &str = r#"
    [[account.policy]]
    name = "limit"
    path = "/team/"
    document = '{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'
    [[account.policy]]
    name = "newer"
    document = '{"Statement": {"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}}'
    earlier = '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
    [[account.group]]
    name = "ops"
    policies = ["arn:aws:iam::aws:policy/AdministratorAccess", "newer"]
    inline-policies = { "mfa" = '{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}' }
    [[account.group]]
    name = "empty"
    [[account.user]]
    name = "alice"
    password = {}
    groups = ["ops", "empty"]
    [[account.user]]
    name = "bob"
    inline-policies = { "all" = '{"Statement": {"Effect": "Allow", "Action": "*:*", "Resource": ["*"], "Condition": {"StringLike": {"aws:UserAgent": "100%2541 ü +"}}}}' }
    boundary = "limit"
    [[account.user]]
    name = "carol"
    policies = ["limit", "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"]
    [[account.user]]
    name = "dave"
    [[account.user]]
    name = "erin"
    groups = ["empty", "ops"]
    inline-policies = { "all" = '{"Statement": []}' }
    boundary = "limit"
    [[account.user]]
    name = "frank"
    groups = ["ops"]
    inline-policies = { "all" = '{"Statement": []}' }
    boundary = "limit"
"#;

async fn audited(world: World, faults: Vec<Fault>) -> (Stage, Record) {
    let stage = Stage::with(world, faults).await;
    let records = stage.audit(|it| it.plan.datasets = [Dataset::UserPolicies].into());
    let record = member(records.await);
    assert!(record.is_consistent());
    (stage, record)
}

fn user<'a>(record: &'a Record, name: &str) -> &'a IamUser {
    let mut users = record.iam_users.items.iter();
    users.find(|it| &*it.name == name).unwrap()
}

/// How a policy comes to apply, its name, and what it says if that is known.
type Told = (String, String, Option<String>);

/// Returns a document in the one way that its spaces can be left out.
fn same(json: &str) -> String {
    serde_json::from_str::<Value>(json).unwrap().to_string()
}

fn told(record: &Record, how: String, id: model::PolicyId) -> Told {
    let policy = record.policy(id).unwrap();
    let text = match &policy.text {
        PolicyText::Document(json) => Some(same(json)),
        PolicyText::Unread(_) => None,
    };
    (how, policy.name.to_string(), text)
}

/// Returns what the record says applies to a user.
fn seen(record: &Record, user: &IamUser) -> BTreeSet<Told> {
    let set = record.policy_set(*user.policies.known().unwrap()).unwrap();
    let how = |it: &PolicyPath| match it {
        PolicyPath::UserInline => "own inline".to_owned(),
        PolicyPath::User => "own".to_owned(),
        PolicyPath::GroupInline(group) => format!("inline of {group}"),
        PolicyPath::Group(group) => format!("of {group}"),
    };
    let mut all: BTreeSet<_> = set
        .policies
        .iter()
        .map(|(path, id)| told(record, how(path), *id))
        .collect();
    all.extend(
        set.boundary
            .map(|id| told(record, "boundary".to_owned(), id)),
    );
    all
}

/// Returns what the world says applies to a user.
fn truth(account: &simulator::Account, user: &simulator::User) -> BTreeSet<Told> {
    let json = same;
    let managed = |how: &str, name: &String| {
        let own = account.policies.iter().find(|it| it.name == *name);
        let (arn, text) = match own {
            Some(it) => {
                let arn = format!("arn:aws:iam::{}:policy{}{}", account.id, it.path, it.name);
                (arn, Some(json(&it.document)))
            }
            None if name.ends_with("/AdministratorAccess") => {
                let all = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;
                (name.clone(), Some(json(all)))
            }
            None => (name.clone(), None),
        };
        (how.to_owned(), arn, text)
    };
    let inline = |how: &str, policies: &BTreeMap<String, String>| -> Vec<Told> {
        let told = policies
            .iter()
            .map(|(name, text)| (how.to_owned(), name.clone(), Some(json(text))));
        told.collect()
    };
    let mut all: BTreeSet<Told> = inline("own inline", &user.inline_policies)
        .into_iter()
        .collect();
    all.extend(user.policies.iter().map(|it| managed("own", it)));
    all.extend(user.boundary.iter().map(|it| managed("boundary", it)));
    for group in account
        .groups
        .iter()
        .filter(|it| user.groups.contains(&it.name))
    {
        all.extend(inline(
            &format!("inline of {}", group.name),
            &group.inline_policies,
        ));
        all.extend(
            group
                .policies
                .iter()
                .map(|it| managed(&format!("of {}", group.name), it)),
        );
    }
    all
}

#[tokio::test]
async fn each_user_has_the_policies_that_the_world_gives_it_and_each_policy_is_there_once() {
    for page in [None, Some(1), Some(3)] {
        let mut world = organization(USERS);
        world.iam_page_size = page;
        let account = world.accounts[1].clone();
        let (stage, record) = audited(world, Vec::new()).await;
        assert_eq!(record.iam_users.items.len(), 6);
        for known in &account.users {
            let of_record = seen(&record, user(&record, &known.name));
            assert_eq!(of_record, truth(&account, known), "{}", known.name);
        }
        assert_eq!(cell(&record, Dataset::UserPolicies), Cell::Seen);
        assert!(record.iam_roles.is_unasked());
        let names: BTreeSet<_> = record
            .policies
            .iter()
            .map(|it| (&it.name, format!("{:?}", it.text)))
            .collect();
        assert_eq!(names.len(), record.policies.len(), "each policy once");
        let set = |name: &str| *user(&record, name).policies.known().unwrap();
        assert_eq!(set("erin"), set("frank"));
        assert_eq!(record.policy_sets.len(), 5);
        if page.is_none() {
            assert_eq!(stage.asked(MEMBER, OPERATION), 1);
        }
    }
}

#[tokio::test]
async fn a_document_that_aws_does_not_serve_is_unread_and_says_why() {
    let (_stage, record) = audited(organization(USERS), Vec::new()).await;
    let unread = record.policies.iter().filter_map(|it| match &it.text {
        PolicyText::Unread(why) => Some((&*it.name, &**why)),
        PolicyText::Document(_) => None,
    });
    let expected = [(
        "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess",
        "the answer does not hold it",
    )];
    assert_eq!(unread.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn policies_of_users_are_a_gap_without_the_permission() {
    for (kind, reason) in [
        (denial(), GapReason::AccessDenied),
        (
            FaultKind::Throttle {
                code: "Throttling".to_owned(),
            },
            GapReason::Throttled,
        ),
    ] {
        let faults = vec![fault("iam:GetAccountAuthorizationDetails", kind)];
        let (_stage, record) = audited(organization(USERS), faults).await;
        assert_eq!(cell(&record, Dataset::UserPolicies), Cell::NotSeen);
        let gap = user(&record, "alice").policies.get().unwrap_err();
        let gap = record.gap(gap).unwrap();
        assert_eq!((gap.reason, gap.operation.as_str()), (reason, OPERATION));
        assert!(record.policies.is_empty() && record.policy_sets.is_empty());
    }
}

#[tokio::test]
async fn what_is_on_pages_that_did_not_come_is_a_gap_of_the_users_who_need_it() {
    let mut world = organization(USERS);
    // Users, then groups, then policies: the pages of the policies do not come.
    world.iam_page_size = Some(8);
    let broken = Fault {
        account: Some(MEMBER.to_owned()),
        after: Some(1),
        ..fault("iam:GetAccountAuthorizationDetails", FaultKind::Malformed)
    };
    let (_stage, record) = audited(world, vec![broken]).await;
    let known = |name: &str| user(&record, name).policies.known().is_some();
    let all = ["alice", "bob", "carol", "dave", "erin", "frank"];
    assert_eq!(all.map(known), [false, false, false, true, false, false]);
    let gap = user(&record, "bob").policies.get().unwrap_err();
    assert_eq!(record.gap(gap).unwrap().reason, GapReason::Malformed);
}
