//! `mfaudit diff`: two runs against each other, from snapshots and from reports.

use serde_json::Value;
use simulator::World;

use crate::harness::{NOW, Run, Stage};

const DAY: i64 = 24 * 60 * 60;

/// Audits before and after a change, and keeps a snapshot and a report of each.
fn stage() -> Stage {
    let stage = Stage::new(World::demo());
    audit(&stage, 0, "before");
    stage.simulator().update(|world| {
        world.accounts.retain(|it| it.id != "555555555555");
        for account in &mut world.accounts {
            match account.id.as_str() {
                "222222222222" => account.users.iter_mut().for_each(|it| it.mfa.clear()),
                "444444444444" => account.users.retain(|it| it.name != "elif.kaya"),
                "666666666666" => account.roles.clear(),
                _ => {}
            }
        }
    });
    audit(&stage, 1, "after");
    stage
}

fn audit(stage: &Stage, days: i64, name: &str) {
    let (snapshot, json) = (format!("{name}.mfaudit"), format!("json={name}.json"));
    let args = ["audit", "--snapshot", &snapshot, "--format", &json];
    let mut command = stage.command(&args);
    command.env("SOURCE_DATE_EPOCH", (NOW + days * DAY).to_string());
    let run = Run::of(command.output().unwrap());
    assert_eq!(run.status, 3, "{}", run.stderr);
}

#[test]
fn snapshots_and_reports_of_the_same_runs_differ_in_the_same() {
    let stage = stage();
    let diff = |before: &str, after: &str| {
        let run = stage.run(&["diff", before, after, "--format", "json"]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        serde_json::from_str::<Value>(&run.stdout).unwrap()
    };
    let told = diff("before.mfaudit", "after.mfaudit");
    for (before, after) in [
        ("before.json", "after.json"),
        ("before.json", "after.mfaudit"),
        ("before.mfaudit", "after.json"),
    ] {
        assert_eq!(diff(before, after), told, "{before} {after}");
    }
    let counts = serde_json::json!(
        {"new": 1, "known": 5, "lapsed": 0, "new_rule": 0, "fixed": 2, "unknown": 3}
    );
    assert_eq!(told["counts"], counts);
    let new = &told["failures"][0];
    assert_eq!(
        new["principal_arn"],
        "arn:aws:iam::222222222222:user/george.haddad"
    );
    let ids = |key: &str, id: &str| -> Vec<String> {
        let list = told[key].as_array().unwrap().iter();
        list.map(|it| it[id].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("accounts_disappeared", "account_id"), ["555555555555"]);
    assert_eq!(ids("accounts_disappeared", "reason"), ["gone"]);
    assert_eq!(ids("coverage", "account_id"), ["666666666666"]);
    assert_eq!(
        told["users_disappeared"],
        serde_json::json!(["arn:aws:iam::444444444444:user/elif.kaya"])
    );
    let back = diff("after.json", "before.json");
    assert_eq!(back["coverage"][0]["lost"], serde_json::json!([]));
    assert_eq!(back["accounts_appeared"][0]["account_id"], "555555555555");
}

#[test]
fn it_exits_with_3_only_if_it_is_told_to_and_something_is_new() {
    let stage = stage();
    for (args, status) in [
        (&["before.json", "after.json"][..], 0),
        (&["before.json", "after.json", "--exit-code"], 3),
        (&["before.json", "before.mfaudit", "--exit-code"], 0),
        (
            &[
                "before.mfaudit",
                "after.mfaudit",
                "--rule",
                "root-user-mfa",
                "--exit-code",
            ],
            0,
        ),
    ] {
        let run = stage.run(&[&["diff"], args].concat());
        assert_eq!(run.status, status, "{args:?}: {}", run.stderr);
    }
}

#[test]
fn people_read_it_as_a_table_and_as_markdown() {
    let stage = stage();
    let run = stage.run(&["diff", "before.json", "after.json"]);
    for line in [
        "1 new, 5 known, 2 fixed, 3 unknown",
        " NEW      george.haddad",
        " FIXED    elif.kaya",
        "ACCOUNTS",
        "COVERAGE",
    ] {
        assert!(run.stdout.contains(line), "{line}\n{}", run.stdout);
    }
    let run = stage.run(&["diff", "before.json", "after.json", "--format", "markdown"]);
    for line in [
        "# mfaudit diff",
        "| new | george.haddad | Security Tooling 222222222222 | iam-user-console-mfa |",
        "| gone |  | Retail Production 555555555555 | not in the organization any more |",
    ] {
        assert!(run.stdout.contains(line), "{line}\n{}", run.stdout);
    }
}

#[test]
fn what_cannot_be_compared_is_named() {
    let stage = stage();
    let report = stage.read("after.json");
    std::fs::write(stage.file("cut.json"), &report[..report.len() / 2]).unwrap();
    for args in [["before.json", "cut.json"], ["cut.json", "after.json"]] {
        let run = stage.run(&[&["diff"], &args[..]].concat());
        assert_eq!(run.status, 1);
        assert!(
            run.stderr.contains("cannot compare with cut.json: EOF"),
            "{}",
            run.stderr
        );
        assert!(run.stdout.is_empty(), "{}", run.stdout);
    }
    let run = stage.run(&["diff", "before.json"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
}
