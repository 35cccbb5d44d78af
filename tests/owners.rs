//! Who answers for what: owners by tag, account, unit, principal and file, in every report.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use simulator::{
    Account, Fault, FaultKind, Organization, OrganizationalUnit, Password, User, World,
};

use crate::harness::{Run, Stage};

const MANAGEMENT: &str = "111111111111";
const TAGGED: &str = "222222222222";
const IN_UNIT: &str = "333333333333";
const SAID: &str = "444444444444";
const NOBODYS: &str = "555555555555";
const RULE: [&str; 2] = ["--rule", "iam-user-console-mfa"];

/// An organization of five accounts, in each of which the users alice and ben can sign in without MFA.
fn world() -> World {
    let user = |name: &str| User {
        name: name.to_owned(),
        password: Some(Password::default()),
        ..User::default()
    };
    let account = |id: &str, ou: &str, tag: Option<&str>| Account {
        id: id.to_owned(),
        name: format!("account-{id}"),
        ou: ou.to_owned(),
        tags: tag
            .map(|it| ("Owner".to_owned(), it.to_owned()))
            .into_iter()
            .collect(),
        roles: vec![simulator::Role {
            name: "mfaudit-audit".to_owned(),
            ..simulator::Role::default()
        }],
        users: vec![user("alice"), user("ben")],
        ..Account::default()
    };
    let unit = |name: &str, parent: &str| OrganizationalUnit {
        name: name.to_owned(),
        parent: parent.to_owned(),
    };
    World {
        organization: Some(Organization {
            management_account: MANAGEMENT.to_owned(),
            ..Organization::default()
        }),
        ous: vec![unit("Workloads", ""), unit("Prod", "Workloads")],
        accounts: vec![
            account(MANAGEMENT, "", None),
            account(TAGGED, "Workloads/Prod", Some("shops, retail")),
            account(IN_UNIT, "Workloads/Prod", None),
            account(SAID, "Workloads/Prod", Some("shops, retail")),
            // A key of another case is another key.
            Account {
                tags: [("owner".to_owned(), "nobody".to_owned())].into(),
                ..account(NOBODYS, "", None)
            },
        ],
        ..World::default()
    }
}

const OWNERS: &str = r#"
[[owner]]
tag = "Owner"

[[owner]]
name = "platform"
ou = "Workloads"

[[owner]]
name = "legacy"
account = "444444444444"

[[owner]]
file = "owners.csv"
"#;

/// Serves the organization, with owners told in every way.
fn stage(world: World) -> Stage {
    let stage = Stage::new(world);
    std::fs::write(stage.file("c.toml"), OWNERS).unwrap();
    let file = format!("account,principal,owner\n{TAGGED},ben,ben@example.com\n");
    std::fs::write(stage.file("owners.csv"), file).unwrap();
    stage
}

/// Returns who owns each user, by account and name.
fn expected() -> BTreeMap<(String, String), Option<String>> {
    let owned = [
        (MANAGEMENT, None, None),
        (TAGGED, Some("shops, retail"), Some("ben@example.com")),
        (IN_UNIT, Some("platform"), Some("platform")),
        (SAID, Some("legacy"), Some("legacy")),
        (NOBODYS, None, None),
    ];
    let of_account = |(id, alice, ben): (&str, Option<&str>, Option<&str>)| {
        [("alice", alice), ("ben", ben)]
            .map(|(name, owner)| ((id.to_owned(), name.to_owned()), owner.map(str::to_owned)))
    };
    owned.into_iter().flat_map(of_account).collect()
}

fn by_user<'a>(
    findings: impl Iterator<Item = &'a Value>,
) -> BTreeMap<(String, String), Option<String>> {
    let told = findings.map(|it| {
        let name = it["principal_arn"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap();
        let account = it["account_id"].as_str().unwrap();
        let owner = it["owner"].as_str().map(str::to_owned);
        ((account.to_owned(), name.to_owned()), owner)
    });
    told.collect()
}

fn audit(stage: &Stage, more: &[&str]) -> (Run, Value) {
    let run = stage.run(
        &[
            &["audit", "--format", "json=r.json", "--format", "table"],
            &RULE[..],
            more,
        ]
        .concat(),
    );
    let report = serde_json::from_str(&stage.read("r.json")).unwrap();
    (run, report)
}

/// Returns the accounts whose tags were asked for, each as often as it was.
fn tags_asked(stage: &Stage) -> usize {
    let asked = stage.asked_after(0).into_iter();
    asked
        .filter(|it| it.action == "ListTagsForResource")
        .count()
}

#[test]
fn every_report_says_who_answers_for_a_failure() {
    let stage = stage(world());
    let files = ["csv=r.csv", "ndjson=r.ndjson"]
        .map(|it| ["--format", it])
        .concat();
    let (run, report) = audit(&stage, &[&["--config", "c.toml"], &files[..]].concat());
    assert_eq!(run.status, 3, "{}", run.stderr);
    assert_eq!(tags_asked(&stage), 5, "once for each account");

    assert_eq!(
        by_user(report["findings"].as_array().unwrap().iter()),
        expected()
    );
    let lines = stage.read("r.ndjson");
    let lines: Vec<Value> = lines
        .lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect();
    assert_eq!(by_user(lines.iter()), expected());
    let csv = stage.read("r.csv");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|it| it == name).unwrap();
    let of_row = |row: csv::StringRecord| {
        let name = row[at("principal_arn")]
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned();
        let owner = Some(row[at("owner")].to_owned()).filter(|it| !it.is_empty());
        ((row[at("account_id")].to_owned(), name), owner)
    };
    let rows: BTreeMap<_, _> = reader.records().map(|it| of_row(it.unwrap())).collect();
    assert_eq!(rows, expected());
}

#[test]
fn failures_are_counted_by_owner_and_what_nobody_owns_is_nobody_s() {
    let stage = stage(world());
    let (run, report) = audit(&stage, &["--config", "c.toml"]);
    let told = report["summary"]["by_owner"].as_array().unwrap();
    let counts = |it: &Value| {
        (
            it["owner"].as_str().map(str::to_owned),
            it["accounts"].clone(),
            it["failures"].clone(),
        )
    };
    let told: Vec<_> = told.iter().map(counts).collect();
    let owner = |name: &str, accounts: u64, failures: u64| {
        let name = Some(name.to_owned()).filter(|it| !it.is_empty());
        (name, json!(accounts), json!(failures))
    };
    assert_eq!(told[0], owner("", 2, 4), "the most failures first");
    let told: BTreeSet<_> = told.iter().map(|it| format!("{it:?}")).collect();
    let expected = [
        owner("", 2, 4),
        owner("ben@example.com", 1, 1),
        owner("legacy", 1, 2),
        owner("platform", 1, 2),
        owner("shops, retail", 1, 1),
    ];
    assert_eq!(told, expected.iter().map(|it| format!("{it:?}")).collect());
    let table: BTreeSet<_> = run
        .stdout
        .lines()
        .map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    for line in [
        "OWNER ACCOUNTS FAIL NOT JUDGED",
        "(nobody) 2 4 0",
        "ben@example.com 1 1 0",
        "legacy 1 2 0",
        "platform 1 2 0",
        "shops, retail 1 1 0",
    ] {
        assert!(table.contains(line), "{line}\n{}", run.stdout);
    }
}

#[test]
fn tags_are_asked_for_only_where_one_names_owners() {
    let stage = stage(world());
    let without_tag = OWNERS.replace("[[owner]]\ntag = \"Owner\"\n", "");
    std::fs::write(stage.file("d.toml"), without_tag).unwrap();
    let (run, report) = audit(&stage, &[]);
    assert_eq!(tags_asked(&stage), 0);
    assert!(report["summary"]["by_owner"].is_null(), "nobody asked");
    assert!(!run.stdout.contains("OWNER"), "{}", run.stdout);
    let (_, report) = audit(&stage, &["--config", "d.toml"]);
    assert_eq!(tags_asked(&stage), 0);
    let owners = by_user(report["findings"].as_array().unwrap().iter());
    let alice = &owners[&(TAGGED.to_owned(), "alice".to_owned())];
    assert_eq!(
        alice.as_deref(),
        Some("platform"),
        "the unit's, without the tag"
    );
    let (_, report) = audit(&stage, &["--owner-tag", "Owner"]);
    assert_eq!(tags_asked(&stage), 5);
    let owners = by_user(report["findings"].as_array().unwrap().iter());
    let owned = owners.iter().filter(|it| it.1.is_some());
    let owned: BTreeSet<_> = owned.map(|it| it.0.0.as_str()).collect();
    assert_eq!(owned, [TAGGED, SAID].into());
}

#[test]
fn an_account_whose_tags_are_denied_is_nobody_s_and_that_is_said() {
    let mut world = world();
    world.faults = vec![Fault {
        account: None,
        action: "organizations:ListTagsForResource".to_owned(),
        after: None,
        times: None,
        kind: FaultKind::Deny {
            message: None,
            policy: simulator::PolicyKind::Identity,
        },
    }];
    let stage = stage(world);
    let (run, report) = audit(&stage, &["--owner-tag", "Owner", "--verbose"]);
    assert!(matches!(run.status, 3 | 4), "{}", run.stderr);
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 10);
    assert!(findings.iter().all(|it| it["owner"].is_null()));
    assert!(
        findings.iter().all(|it| it["status"] == "fail"),
        "verdicts stay"
    );
    let told = &report["summary"]["by_owner"];
    assert_eq!(told[0]["owner"], Value::Null);
    assert_eq!(told[0]["failures"], 10);
    let told = "the tag that names the account's owner was not seen (ListTagsForResource: AccessDeniedException)";
    let note = json!({ "text": told, "accounts": 5 });
    let notes = report["summary"]["notes"].as_array().unwrap();
    assert!(notes.contains(&note), "{notes:?}");
    let table = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(table.contains(told), "{}", run.stdout);
}
