//! One organization over three days: what its waivers, grace, owners, baseline and differences say together.

use serde_json::{Value, json};
use simulator::{Account, Device, Organization, OrganizationalUnit, Password, User, World};

use crate::harness::{NOW, Run, Stage};

const DAY: i64 = 24 * 60 * 60;
const MANAGEMENT: &str = "111111111111";
const SHOPS: &str = "222222222222";
const LABS: &str = "333333333333";
const USERS: &str = "iam-user-console-mfa";
const ROOT_KEYS: &str = "root-user-access-key";

fn user(name: &str, days_old: i64) -> User {
    User {
        name: name.to_owned(),
        created: simulator::Timestamp::from_second(NOW - days_old * DAY),
        password: Some(Password::default()),
        ..User::default()
    }
}

/// Users without MFA: one who is waived, one who is new, one who is to be fixed, and one in an account that is to become
/// unreachable. A root user has an access key, of which the first run's rules know nothing.
fn world() -> World {
    let account = |id: &str, ou: &str, users: Vec<User>| Account {
        id: id.to_owned(),
        name: format!("account-{id}"),
        ou: ou.to_owned(),
        tags: [("Owner".to_owned(), "shops".to_owned())].into(),
        roles: vec![simulator::Role {
            name: "mfaudit-audit".to_owned(),
            ..simulator::Role::default()
        }],
        users,
        ..Account::default()
    };
    let mut shops = account(
        SHOPS,
        "Shops",
        vec![user("waived", 400), user("newcomer", 1), user("lazy", 400)],
    );
    shops.root.access_keys = vec![simulator::AccessKey::default()];
    let mut labs = account(LABS, "Labs", vec![user("researcher", 400)]);
    labs.tags.clear();
    let unit = |name: &str| OrganizationalUnit {
        name: name.to_owned(),
        parent: String::new(),
    };
    World {
        organization: Some(Organization {
            management_account: MANAGEMENT.to_owned(),
            ..Organization::default()
        }),
        ous: vec![unit("Shops"), unit("Labs")],
        accounts: vec![account(MANAGEMENT, "", Vec::new()), shops, labs],
        ..World::default()
    }
}

/// The waiver ends on the second day, the grace on the third.
const CONFIG: &str = r#"
[rules.iam-user-console-mfa]
grace-days = 3

[[waiver]]
rule = "iam-user-console-mfa"
principal = "waived"
account = "222222222222"
owner = "ana@example.com"
reason = "break-glass"
expires = 2026-11-25

[[owner]]
tag = "Owner"

[[owner]]
name = "research"
ou = "Labs"
"#;

/// Audits on a day, and returns the exit code and the JSON report, which is also kept as `name`.
fn audit(stage: &Stage, days: i64, name: &str, more: &[&str]) -> (Run, Value) {
    let json = format!("json={name}");
    let args = [
        "audit",
        "--config",
        "c.toml",
        "--min-coverage",
        "0",
        "--format",
        &json,
    ];
    let mut command = stage.command(&[&args[..], &["--rule", USERS], more].concat());
    command.env("SOURCE_DATE_EPOCH", (NOW + days * DAY).to_string());
    let run = Run::of(command.output().unwrap());
    assert!(matches!(run.status, 0 | 3), "{}", run.stderr);
    let report = serde_json::from_str(&stage.read(name)).unwrap();
    (run, report)
}

/// Returns name, change, owner, whether it is waived and whether it is in grace of each failure.
fn failures(report: &Value) -> Vec<Value> {
    let findings = report["findings"].as_array().unwrap().iter();
    let failing = findings.filter(|it| it["status"] == "fail");
    let told = |it: &Value| {
        let arn = it["principal_arn"].as_str().unwrap();
        let name = arn.rsplit(['/', ':']).next().unwrap();
        let (waived, grace) = (!it["waiver"].is_null(), !it["grace_until"].is_null());
        json!([name, it["change"], it["owner"], waived, grace])
    };
    let mut told: Vec<_> = failing.map(told).collect();
    told.sort_by_key(ToString::to_string);
    told
}

fn owners(report: &Value) -> Vec<Value> {
    let told = report["summary"]["by_owner"].as_array().unwrap().iter();
    let told = told.map(|it| json!([it["owner"], it["failures"], it["indeterminate"]]));
    told.collect()
}

#[test]
fn waivers_grace_owners_baseline_and_diff_agree_on_a_world_that_changes() {
    let stage = Stage::new(world());
    std::fs::write(stage.file("c.toml"), CONFIG).unwrap();
    let (run, first) = audit(&stage, 0, "1.json", &["--snapshot", "1.mfaudit"]);
    assert_eq!(run.status, 3, "two are neither waived nor new");
    let expected = [
        json!(["lazy", null, "shops", false, false]),
        json!(["newcomer", null, "shops", false, true]),
        json!(["researcher", null, "research", false, false]),
        json!(["waived", null, "shops", true, false]),
    ];
    assert_eq!(failures(&first), expected);
    assert_eq!(
        owners(&first),
        [json!(["shops", 3, 0]), json!(["research", 1, 0])]
    );

    // One is fixed, an account lets nobody in any more, and there is a new rule.
    stage.simulator().update(|world| {
        let users = &mut world.accounts[1].users;
        let lazy = users.iter_mut().find(|it| it.name == "lazy").unwrap();
        lazy.mfa = vec![Device::default()];
        world.accounts[2].roles.clear();
    });
    let with_rule = ["--rule", ROOT_KEYS];
    let more = [
        &["--baseline", "1.json", "--snapshot", "2.mfaudit"],
        &with_rule[..],
    ]
    .concat();
    let (run, second) = audit(&stage, 1, "2.json", &more);
    assert_eq!(
        run.status, 0,
        "a new rule closes no gate, nor does what is excused: {}",
        run.stdout
    );
    let expected = [
        json!(["newcomer", "known", "shops", false, true]),
        json!(["root", "new-rule", "shops", false, false]),
        json!(["waived", "known", "shops", true, false]),
    ];
    assert_eq!(failures(&second), expected);
    assert_eq!(
        owners(&second),
        [json!(["shops", 3, 0]), json!(["research", 0, 2])]
    );
    let compared = &second["summary"]["baseline"];
    let counts =
        json!({"new": 0, "known": 2, "lapsed": 0, "new_rule": 1, "fixed": 1, "unknown": 1});
    assert_eq!(compared["counts"], counts);
    let lost = compared["unknown"][0]["principal_arn"].as_str().unwrap();
    assert_eq!(lost, "arn:aws:iam::333333333333:user/researcher");
    let (run, _) = audit(
        &stage,
        1,
        "x.json",
        &[&more[..2], &with_rule, &["--fail-on-new-rules", "yes"]].concat(),
    );
    assert_eq!(run.status, 3, "unless it is told to");

    // The waiver and the grace have ended, and the account lets the audit in again.
    stage.simulator().update(|world| {
        let roles = world.accounts[1].roles.clone();
        world.accounts[2].roles = roles;
    });
    let (run, third) = audit(
        &stage,
        2,
        "3.json",
        &[&["--baseline", "2.json"], &with_rule[..]].concat(),
    );
    assert_eq!(
        run.status, 3,
        "what has lapsed is no longer excused: {}",
        run.stdout
    );
    let expected = [
        json!(["newcomer", "lapsed", "shops", false, false]),
        json!(["researcher", "known", "research", false, false]),
        json!(["root", "known", "shops", false, false]),
        json!(["waived", "lapsed", "shops", false, false]),
    ];
    assert_eq!(failures(&third), expected);
    assert_eq!(
        owners(&third),
        [json!(["shops", 3, 0]), json!(["research", 1, 0])]
    );

    let diff = |before: &str, after: &str| {
        let run = stage.run(&["diff", before, after, "--format", "json"]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        serde_json::from_str::<Value>(&run.stdout).unwrap()
    };
    let told = diff("1.json", "2.json");
    assert_eq!(told["counts"], counts, "as the baseline has it");
    let lost: Vec<_> = told["coverage"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["account_id"])
        .collect();
    assert_eq!(lost, [LABS]);
    let back = diff("2.json", "3.json");
    assert_eq!(back["coverage"][0]["lost"], json!([]));
    assert_eq!(back["counts"]["lapsed"], 2);
    assert_eq!(back["counts"]["fixed"], 0);
}
