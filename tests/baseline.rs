//! A run is compared with an earlier one: what is new, known, fixed, and not known to be fixed.

use serde_json::Value;
use simulator::{Account, World};

use crate::harness::{NOW, Run, Stage, THREE_RULES};

const DAY: i64 = 24 * 60 * 60;
/// Where users fail, and one who passes.
const SECURITY: &str = "222222222222";
const PAYMENTS: &str = "444444444444";
const RETAIL: &str = "555555555555";
const DEVELOPMENT: &str = "666666666666";
const TWO_RULES: [&str; 4] = ["--rule", "iam-user-console-mfa", "--rule", "root-user-mfa"];
/// The demo's organization has accounts that nobody sees, which are not what these tests are about.
const ANY_COVERAGE: [&str; 2] = ["--min-coverage", "0"];

/// Returns the arguments of a run, which evaluates three rules unless they name others.
fn with_rules<'a>(args: &[&'a str]) -> Vec<&'a str> {
    let rules = if args.contains(&"--rule") {
        &[]
    } else {
        &THREE_RULES[..]
    };
    [args, rules].concat()
}

/// Runs the binary so many days after the tests' own moment.
fn on_day(stage: &Stage, days: i64, args: &[&str]) -> Run {
    let mut command = stage.command(&with_rules(args));
    command.env("SOURCE_DATE_EPOCH", (NOW + days * DAY).to_string());
    Run::of(command.output().unwrap())
}

/// Audits on a day, and returns the exit code and the JSON report, which is also kept as `name`.
fn audit(stage: &Stage, days: i64, name: &str, args: &[&str]) -> (Run, Value) {
    let json = format!("json={name}");
    let run = on_day(
        stage,
        days,
        &[&["audit", "--format", &json], &ANY_COVERAGE[..], args].concat(),
    );
    assert!(matches!(run.status, 0 | 3), "{}", run.stderr);
    let report = serde_json::from_str(&stage.read(name)).unwrap();
    (run, report)
}

fn account<'a>(world: &'a mut World, id: &str) -> &'a mut Account {
    world.accounts.iter_mut().find(|it| it.id == id).unwrap()
}

/// One is fixed, one deleted, one fails anew, and an account lets nobody in any more.
fn change(world: &mut World) {
    let mut users = account(world, SECURITY).users.iter_mut();
    let user = users.find(|it| it.password.is_some() && !it.mfa.is_empty());
    let user = user.unwrap();
    let devices = std::mem::take(&mut user.mfa);
    let payments = account(world, PAYMENTS);
    let fixed = payments
        .users
        .iter_mut()
        .find(|it| it.name == "david.costa");
    fixed.unwrap().mfa = devices;
    payments.users.retain(|it| it.name != "elif.kaya");
    account(world, RETAIL).roles.clear();
}

fn counts(report: &Value) -> Value {
    report["summary"]["baseline"]["counts"].clone()
}

/// Returns rule, last part of the ARN and reason of each of a list's failures.
fn told(report: &Value, list: &str) -> Vec<(String, String, String)> {
    let list = report["summary"]["baseline"][list].as_array().unwrap();
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let name = |arn: String| arn.rsplit(['/', ':']).next().unwrap().to_owned();
    let told = |it: &Value| {
        (
            text(&it["rule"]),
            name(text(&it["principal_arn"])),
            text(&it["reason"]),
        )
    };
    list.iter().map(told).collect()
}

fn owned<const N: usize>(it: [[&str; 3]; N]) -> Vec<(String, String, String)> {
    it.map(|[a, b, c]| (a.to_owned(), b.to_owned(), c.to_owned()))
        .to_vec()
}

/// Returns `(principal, change, first seen, age)` of the failures of a rule.
fn failing(report: &Value, rule: &str) -> Vec<(String, String, String, i64)> {
    let findings = report["findings"].as_array().unwrap().iter();
    let failing = findings.filter(|it| it["status"] == "fail" && it["rule"] == rule);
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let told = |it: &Value| {
        let arn = text(&it["principal_arn"]);
        (
            arn.rsplit(['/', ':']).next().unwrap().to_owned(),
            text(&it["change"]),
            text(&it["first_seen"]),
            it["age_days"].as_i64().unwrap(),
        )
    };
    failing.map(told).collect()
}

const FIRST: &str = "2026-11-24T09:00:00Z";

#[test]
fn a_world_that_changes_between_runs_is_told_as_it_changed() {
    let stage = Stage::new(World::demo());
    let (_, first) = audit(&stage, 0, "1.json", &TWO_RULES);
    assert!(
        first["summary"]["baseline"].is_null(),
        "nothing to compare with"
    );
    stage.simulator().update(change);
    let (run, second) = audit(&stage, 1, "2.json", &["--baseline", "1.json"]);
    assert_eq!(run.status, 3, "{}", run.stdout);
    let expected = serde_json::json!({"new": 1, "known": 2, "lapsed": 0, "new_rule": 1, "fixed": 2, "unknown": 1});
    assert_eq!(counts(&second), expected);
    let rule = "iam-user-console-mfa";
    assert_eq!(
        told(&second, "fixed"),
        owned([
            [rule, "david.costa", "it passes now"],
            [rule, "elif.kaya", "it does not exist any more"],
        ])
    );
    let unseen = "the list that it would be on was not read to its end, and it was not seen";
    assert_eq!(
        told(&second, "unknown"),
        owned([[rule, "ivan.larsen", unseen]])
    );
    assert_eq!(
        second["summary"]["baseline"]["new_rules"],
        serde_json::json!(["root-user-access-key"])
    );
    assert_eq!(second["summary"]["baseline"]["collected_at"], FIRST);
    let failures = failing(&second, rule);
    let known = failures.iter().find(|it| it.0 == "=noah+1").unwrap();
    assert_eq!(
        (known.1.as_str(), known.2.as_str(), known.3),
        ("known", FIRST, 1)
    );
    let new = failures.iter().find(|it| it.1 == "new").unwrap();
    assert_eq!((new.2.as_str(), new.3), ("2026-11-25T09:00:00Z", 0));
    assert_eq!(failing(&second, "root-user-access-key")[0].1, "new-rule");

    // Unseen again: it is carried on.
    let (run, third) = audit(&stage, 2, "3.json", &["--baseline", "2.json"]);
    assert_eq!(run.status, 0, "what was new yesterday is known today");
    assert_eq!(told(&third, "unknown").len(), 1);
    let carried = &third["summary"]["baseline"]["unknown"][0];
    assert_eq!(
        (
            carried["first_seen"].as_str(),
            carried["last_seen"].as_str()
        ),
        (Some(FIRST), Some(FIRST))
    );

    stage.simulator().update(|world| {
        let roles = account(world, PAYMENTS).roles.clone();
        account(world, RETAIL).roles = roles;
    });
    let (run, fourth) = audit(&stage, 5, "4.json", &["--baseline", "3.json"]);
    assert_eq!(run.status, 0, "{}", run.stdout);
    assert_eq!(counts(&fourth)["unknown"], 0);
    let failures = failing(&fourth, rule);
    let seen_again = failures.iter().find(|it| it.0 == "ivan.larsen").unwrap();
    assert_eq!(
        (seen_again.1.as_str(), seen_again.2.as_str(), seen_again.3),
        ("known", FIRST, 5)
    );
}

#[test]
fn a_snapshot_is_a_baseline_like_its_report() {
    let stage = Stage::new(World::demo());
    let (_, _) = audit(&stage, 0, "1.json", &["--snapshot", "1.mfaudit"]);
    stage.simulator().update(change);
    let (by_report, report) = audit(&stage, 1, "2.json", &["--baseline", "1.json"]);
    let (by_snapshot, snapshot) = audit(&stage, 1, "3.json", &["--baseline", "1.mfaudit"]);
    assert_eq!(by_report.status, by_snapshot.status);
    assert_eq!(report, snapshot);
    assert_eq!(counts(&report)["new_rule"], 0);
    let args = ["audit", "--snapshot", "2.mfaudit", "--min-coverage", "0"];
    on_day(&stage, 1, &args);
    let args = [
        "evaluate",
        "2.mfaudit",
        "--baseline",
        "1.json",
        "--format",
        "json",
    ];
    let evaluated = stage.run(&with_rules(&[&args[..], &ANY_COVERAGE].concat()));
    assert_eq!(evaluated.status, by_report.status);
    assert_eq!(
        serde_json::from_str::<Value>(&evaluated.stdout).unwrap(),
        report
    );
}

#[test]
fn the_gate_is_closed_by_new_failures_alone_and_by_those_of_new_rules_if_it_is_told_to() {
    let stage = Stage::new(World::demo());
    let (run, _) = audit(&stage, 0, "1.json", &TWO_RULES);
    assert_eq!(run.status, 3, "without a baseline");
    let all = &["--baseline", "1.json"];
    let (run, _) = audit(&stage, 1, "2.json", all);
    assert_eq!(run.status, 0, "an upgrade does not close a gate");
    assert!(
        run.stderr
            .contains("that the baseline did not evaluate are listed and close no gate: 1"),
        "{}",
        run.stderr
    );
    let (run, _) = audit(
        &stage,
        1,
        "2.json",
        &[&all[..], &["--fail-on-new-rules", "yes"]].concat(),
    );
    assert_eq!(run.status, 3);
    assert!(!run.stderr.contains("close no gate"), "{}", run.stderr);
    stage.simulator().update(change);
    let (run, _) = audit(&stage, 1, "2.json", all);
    assert_eq!(run.status, 3);
    let (run, _) = audit(
        &stage,
        1,
        "2.json",
        &[&all[..], &["--fail-on", "critical"]].concat(),
    );
    assert_eq!(run.status, 0, "the new failure is not so severe");
    let whole = on_day(&stage, 1, &["audit", "--baseline", "2.json"]);
    assert_eq!(whole.status, 4, "a baseline excuses no gap");
    let alone = on_day(&stage, 1, &["audit", "--fail-on-new-rules", "yes"]);
    assert_eq!(alone.status, 2, "it means nothing without a baseline");
}

#[test]
fn a_run_of_a_narrower_scope_fixes_nothing() {
    let stage = Stage::new(World::demo());
    audit(&stage, 0, "1.json", &[]);
    let (run, report) = audit(
        &stage,
        1,
        "2.json",
        &["--baseline", "1.json", "--account", DEVELOPMENT],
    );
    assert_eq!(run.status, 0);
    assert_eq!(counts(&report)["fixed"], 0);
    let unknown = told(&report, "unknown");
    assert_eq!(unknown.len(), 4);
    assert!(
        unknown
            .iter()
            .all(|it| it.2 == "its account is not in the scope of this run"),
        "{unknown:?}"
    );
    let (_, report) = audit(
        &stage,
        1,
        "2.json",
        &["--baseline", "1.json", "--rule", "root-user-mfa"],
    );
    assert_eq!(counts(&report)["fixed"], 0);
    assert!(
        told(&report, "unknown")
            .iter()
            .all(|it| it.2 == "this run did not evaluate the rule")
    );
}

#[test]
fn an_account_that_left_or_was_closed_takes_its_failures_with_it() {
    let stage = Stage::new(World::demo());
    audit(&stage, 0, "1.json", &[]);
    stage.simulator().update(|world| {
        world.accounts.retain(|it| it.id != RETAIL);
        let closed = account(world, DEVELOPMENT);
        closed.state = "CLOSED".to_owned();
    });
    let (_, report) = audit(&stage, 1, "2.json", &["--baseline", "1.json"]);
    assert_eq!(counts(&report)["unknown"], 0);
    let reasons: Vec<_> = told(&report, "fixed").into_iter().map(|it| it.2).collect();
    let gone = "its account is not in the organization any more";
    let closed = "its account was closed";
    assert_eq!(reasons, [gone, closed, closed]);
}

#[test]
fn the_table_and_the_lines_tell_what_changed() {
    let stage = Stage::new(World::demo());
    audit(&stage, 0, "1.json", &TWO_RULES);
    stage.simulator().update(change);
    let table = on_day(&stage, 1, &["audit", "--baseline", "1.json"]).stdout;
    for line in [
        "SINCE 2026-11-24 09:00Z: 1 new, 2 known, 2 fixed, 1 unknown, 1 of new rules",
        " FIXED     david.costa",
        " FIXED     elif.kaya",
        " UNKNOWN   ivan.larsen",
        " NEW RULE  root",
        " KNOWN     =noah+1",
    ] {
        assert!(table.contains(line), "{line}\n{table}");
    }
    let text = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("EXIT 3: failures of severity high or worse that the baseline does not know"),
        "{table}"
    );
    let lines = on_day(
        &stage,
        1,
        &["audit", "--baseline", "1.json", "--format", "ndjson"],
    );
    let past: Vec<Value> = lines
        .stdout
        .lines()
        .map(|it| serde_json::from_str::<Value>(it).unwrap())
        .filter_map(|it| it.get("baseline_change").cloned())
        .collect();
    let classes: Vec<_> = past
        .iter()
        .map(|it| it["change"].as_str().unwrap())
        .collect();
    assert_eq!(classes, ["fixed", "fixed", "unknown"]);
}

#[test]
fn what_is_no_baseline_is_refused_before_anything_is_asked() {
    let stage = Stage::new(World::demo());
    let (_, report) = audit(
        &stage,
        0,
        "1.json",
        &["--snapshot", "1.mfaudit", "--format", "csv=1.csv"],
    );
    let write = |name: &str, bytes: &[u8]| std::fs::write(stage.file(name), bytes).unwrap();
    let snapshot = std::fs::read(stage.file("1.mfaudit")).unwrap();
    write("cut.mfaudit", &snapshot[..snapshot.len() - 30]);
    let mut altered = snapshot.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 0xFF;
    write("altered.mfaudit", &altered);
    let text = stage.read("1.json");
    write("cut.json", &text.as_bytes()[..text.len() / 2]);
    let mut newer = report.clone();
    newer["version"] = 2.into();
    write("newer.json", newer.to_string().as_bytes());
    let mut filtered = report.clone();
    let findings = filtered["findings"].as_array_mut().unwrap();
    findings.retain(|it| it["status"] != "fail");
    write("filtered.json", filtered.to_string().as_bytes());
    write("other.json", b"{\"findings\": []}");
    let lines = on_day(&stage, 0, &["audit", "--format", "ndjson"]);
    write("1.ndjson", lines.stdout.as_bytes());
    std::fs::create_dir(stage.file("folder")).unwrap();
    let asked = stage.simulator().journal().len();
    for (name, told) in [
        ("nowhere.json", "it cannot be read: No such file"),
        ("folder", "it is a folder"),
        ("1.csv", "it is neither a snapshot nor a JSON report"),
        ("1.ndjson", "no JSON report of mfaudit: it has no `schema`"),
        (
            "other.json",
            "no JSON report of mfaudit: it has no `schema`",
        ),
        ("cut.json", "EOF while parsing"),
        (
            "newer.json",
            "the report has version 2, and this version reads up to 1",
        ),
        ("filtered.json", "it lists 0 findings that it counts as 6"),
        ("cut.mfaudit", "cut short or altered"),
        ("altered.mfaudit", "altered"),
    ] {
        let run = on_day(&stage, 1, &["audit", "--baseline", name]);
        assert_eq!(run.status, 1, "{name}: {}", run.stderr);
        assert!(run.stderr.contains(told), "{name}: {}", run.stderr);
        assert!(run.stderr.contains(name), "{name}: {}", run.stderr);
        assert!(run.stdout.is_empty(), "{name}: {}", run.stdout);
    }
    assert_eq!(stage.simulator().journal().len(), asked);
}

/// Every failure of such a run would be new, and nobody would know what became of the others.
#[test]
fn a_run_of_another_organization_is_no_baseline() {
    let stage = Stage::new(World::demo());
    audit(&stage, 0, "1.json", &["--snapshot", "1.mfaudit"]);
    stage.simulator().update(|world| {
        world.organization.as_mut().unwrap().id = "o-anotherorg".to_owned();
    });
    audit(&stage, 1, "2.json", &["--snapshot", "2.mfaudit"]);
    for baseline in ["1.json", "1.mfaudit"] {
        for args in [
            &["audit"][..],
            &["audit", "--dry-run"],
            &["evaluate", "2.mfaudit"],
        ] {
            let before = stage.simulator().journal().len();
            let run = on_day(&stage, 1, &[args, &["--baseline", baseline]].concat());
            assert_eq!(run.status, 2, "{args:?}: {}", run.stderr);
            let told = "the baseline is of organization o-exampleorg, and this run of o-anotherorg";
            assert!(run.stderr.contains(told), "{args:?}: {}", run.stderr);
            assert!(run.stdout.is_empty(), "{args:?}: {}", run.stdout);
            let asked = stage.asked_after(before);
            let entered = asked.iter().any(|it| it.action == "AssumeRole");
            assert!(!entered, "{args:?}: {asked:?}");
        }
    }
    let run = on_day(&stage, 1, &["diff", "1.mfaudit", "2.json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let note =
        "note: the first run is of organization o-exampleorg, and the second of o-anotherorg";
    assert!(run.notes().contains(&note), "{}", run.stderr);
}
