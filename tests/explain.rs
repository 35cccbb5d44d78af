//! Why a finding is what it is, from the command line.

use std::fs;

use serde_json::Value;
use simulator::World;

use crate::harness::{Run, Stage};

/// The demo's organization, collected and reported.
fn stage() -> Stage {
    let stage = Stage::new(World::demo());
    let collected = stage.run(&["collect", "-o", "run.mfaudit"]);
    assert_eq!(collected.status, 0, "{}", collected.stderr);
    let judged = stage.run(&["evaluate", "run.mfaudit", "--format", "json=report.json"]);
    assert_eq!(judged.status, 3, "{}", judged.stderr);
    stage
}

fn explain(stage: &Stage, from: &str, args: &[&str]) -> Run {
    stage.run(&[&["explain", "--from", from], args].concat())
}

fn explained(stage: &Stage, from: &str, args: &[&str]) -> Value {
    let run = explain(stage, from, &[args, &["--format", "json"]].concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

fn answer<'a>(document: &'a Value, tool: &str) -> &'a Value {
    let tools = document["other_tools"].as_array().unwrap();
    tools.iter().find(|it| it["tool"] == tool).unwrap()
}

#[test]
fn a_snapshot_tells_every_fact_with_value_source_time_and_age_in_the_order_of_reading() {
    let stage = stage();
    let told = explained(
        &stage,
        "run.mfaudit",
        &["iam-user-console-mfa", "david.costa"],
    );
    assert_eq!(told["status"], "fail");
    let read = told["facts"]["read"].as_array().unwrap();
    let names: Vec<_> = read
        .iter()
        .map(|it| (it["name"].as_str().unwrap(), it["value"].as_str().unwrap()))
        .collect();
    assert_eq!(
        names,
        [("console password", "set"), ("MFA", "no device enabled")]
    );
    assert_eq!(read[0]["source"], "GetLoginProfile");
    assert_eq!(read[1]["source"], "ListMFADevices");
    assert!(
        read.iter()
            .all(|it| it["time"].is_string() && it["age_seconds"].is_i64())
    );
    let needed = told["facts"]["unread"].as_array().unwrap();
    assert_eq!(needed.len(), 1, "{needed:?}");
    let page = explain(
        &stage,
        "run.mfaudit",
        &["iam-user-console-mfa", "DAVID.COSTA"],
    )
    .stdout;
    for line in [
        "DECIDED BY, in this order\n  1. console password: set\n     GetLoginProfile, ",
        "  2. MFA: no device enabled\n     ListMFADevices, ",
        "EVIDENCE FOR\n  cis-aws: 1.2.0 1.2, ",
        "  Prowler (iam_user_mfa_enabled_console_access): the same, as far as is known\n",
        "HOW TO FIX IT\n  If the user is in use, enrol a device",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    assert!(page.lines().all(|it| it.chars().count() <= 80), "{page}");
    assert!(!page.contains('\u{1b}'), "no colour in a pipe");
}

#[test]
fn a_finding_s_id_is_the_same_in_every_report_and_explains_the_same() {
    let stage = stage();
    let report: Value = serde_json::from_str(&stage.read("report.json")).unwrap();
    let listed = report["findings"].as_array().unwrap();
    let again = stage.run(&["evaluate", "run.mfaudit", "--format", "csv", "--exit-zero"]);
    for finding in listed {
        let id = finding["id"].as_str().unwrap();
        assert!(again.stdout.contains(id), "{finding}");
    }
    let mut ids: Vec<_> = listed.iter().map(|it| it["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), listed.len(), "an id means one finding");
    for finding in [&listed[0], listed.last().unwrap()] {
        for from in ["run.mfaudit", "report.json"] {
            let told = explained(&stage, from, &[finding["id"].as_str().unwrap()]);
            for key in [
                "rule",
                "status",
                "principal_arn",
                "account_id",
                "reason",
                "severity",
                "evidence_source",
                "evidence_time",
                "controls",
            ] {
                assert_eq!(told[key], finding[key], "{from}: {key}");
            }
        }
    }
}

#[test]
fn a_report_tells_what_it_holds_and_that_the_facts_are_in_the_snapshot() {
    let stage = stage();
    let told = explained(
        &stage,
        "report.json",
        &["iam-user-console-mfa", "david.costa"],
    );
    assert_eq!(told["facts"], Value::Null);
    assert_eq!(told["other_tools"], Value::Null);
    assert_eq!(
        told["title"],
        "IAM user can sign in to the console without MFA"
    );
    let page = explain(
        &stage,
        "report.json",
        &["iam-user-console-mfa", "david.costa"],
    )
    .stdout;
    for text in [
        "GetLoginProfile, ListMFADevices, 2026-",
        "A report holds no facts.",
        "HOW TO FIX IT",
    ] {
        assert!(page.contains(text), "{text}\n{page}");
    }
}

#[test]
fn other_tools_are_told_to_differ_where_they_are_known_to() {
    let stage = stage();
    let findings = stage.run(&[
        "evaluate",
        "run.mfaudit",
        "--format",
        "ndjson",
        "--exit-zero",
    ]);
    let without = findings
        .stdout
        .lines()
        .map(|it| serde_json::from_str::<Value>(it).unwrap());
    let mut without = without.filter(|it| {
        it["rule"] == "root-user-mfa" && it["reason"] == "the root user has no credentials"
    });
    let account = without.next().unwrap()["account_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let told = explained(
        &stage,
        "run.mfaudit",
        &["root-user-mfa", "root", "--account", &account],
    );
    assert_eq!(told["status"], "not-applicable");
    assert_eq!(answer(&told, "Security Hub")["says"], "PASSED");
    assert_eq!(answer(&told, "AWS Config")["says"], "NOT_APPLICABLE");
    assert_eq!(answer(&told, "ScoutSuite")["says"], "FAIL");
    assert_eq!(answer(&told, "cloudsploit")["says"], "FAIL");
    assert_eq!(answer(&told, "Steampipe")["answer"], "not-known");
    let facts = told["facts"]["read"].as_array().unwrap();
    assert_eq!(
        facts.len(),
        3,
        "all three credentials are read to know that there is none"
    );
    // An account's id names its root user.
    let by_id = explained(&stage, "run.mfaudit", &["root-user-mfa", &account]);
    assert_eq!(by_id["id"], told["id"]);
}

#[test]
fn a_gap_is_told_with_what_closes_it() {
    let stage = stage();
    let judged = stage.run(&[
        "evaluate",
        "run.mfaudit",
        "--format",
        "ndjson",
        "--exit-zero",
    ]);
    let mut gaps = judged
        .stdout
        .lines()
        .filter(|it| it.contains("\"indeterminate\""));
    let finding: Value = serde_json::from_str(gaps.next().unwrap()).unwrap();
    let id = finding["id"].as_str().unwrap();
    let told = explained(&stage, "run.mfaudit", &[id]);
    assert_eq!(told["gap"]["reason"], finding["gap_reason"]);
    assert!(
        told["gap"]["remedy"].as_str().unwrap().contains("; "),
        "{}",
        told["gap"]
    );
    let facts = told["facts"]["read"].as_array().unwrap();
    assert_eq!(facts.last().unwrap()["value"], Value::Null);
    assert_eq!(facts.last().unwrap()["gap"], told["gap"]["text"]);
    let page = explain(&stage, "run.mfaudit", &[id]).stdout;
    assert!(
        page.contains("WHAT IS MISSING\n") && page.contains("  To close it: "),
        "{page}"
    );
    let from_report = explain(&stage, "report.json", &[id]).stdout;
    assert!(from_report.contains("WHAT IS MISSING\n"), "{from_report}");
}

#[test]
fn what_is_not_there_is_told_with_what_may_be_meant() {
    let stage = stage();
    for from in ["run.mfaudit", "report.json"] {
        for (args, told) in [
            (
                &["iam-user-console-mfa", "david.cost"][..],
                "did you mean `david.costa`?",
            ),
            (
                &["iam-user-consol-mfa", "david.costa"],
                "did you mean `iam-user-console-mfa`?",
            ),
            (
                &["root-user-mfa", "root"],
                "there is more than one such principal, in the accounts 111111111111, ",
            ),
            (&["root-user-mfa"], "name the principal too"),
            (
                &["0123456789abcdef"],
                "no finding has the id 0123456789abcdef",
            ),
            (&["0123456789"], "`0123456789` is not a finding's id"),
            (
                &["root-user-mfa", "root", "--account", "121212121212"],
                "in account 121212121212",
            ),
            (
                &["iam-user-console-mfa", "\u{1b}[31mzzz"],
                "no finding for `\\u{1b}[31mzzz`",
            ),
        ] {
            let run = explain(&stage, from, args);
            assert_eq!(run.status, 2, "{from} {args:?} {}", run.stdout);
            assert!(run.stderr.contains(told), "{from} {told}\n{}", run.stderr);
        }
    }
    let missing = explain(&stage, "missing", &["root-user-mfa", "root"]);
    assert_eq!(missing.status, 1, "{}", missing.stderr);
    fs::write(stage.file("cut.json"), &stage.read("report.json")[..400]).unwrap();
    let cut = explain(&stage, "cut.json", &["root-user-mfa", "root"]);
    assert_eq!(cut.status, 1);
    assert!(
        cut.stderr.contains("cannot read the report cut.json"),
        "{}",
        cut.stderr
    );
}

#[test]
fn a_rule_that_no_run_chose_is_explained_with_the_severity_the_file_gives_it() {
    let stage = stage();
    fs::write(
        stage.file("c.toml"),
        "[rules.iam-user-mfa]\nseverity = \"info\"\n",
    )
    .unwrap();
    let args = ["iam-user-mfa", "david.costa", "--config", "c.toml"];
    let told = explained(&stage, "run.mfaudit", &args);
    assert_eq!(
        (&told["status"], &told["severity"]),
        (&"fail".into(), &"info".into())
    );
    // It is in no report.
    assert_eq!(explain(&stage, "report.json", &args).status, 2);
}

#[test]
fn saved_evidence_is_explained_too() {
    let stage = stage();
    let report = "user,arn,password_enabled,mfa_active\nalice,arn:aws:iam::123456789012:user/alice,true,no_information\n";
    fs::write(stage.file("report.csv"), report).unwrap();
    let told = explained(
        &stage,
        "report.csv",
        &["iam-user-console-mfa", "alice", "--as-of", "2026-11-20"],
    );
    assert_eq!(told["status"], "indeterminate");
    assert_eq!(told["facts"]["read"][0]["time"], "2026-11-20T00:00:00Z");
}

#[test]
fn hostile_names_are_harmless_and_found_by_their_id() {
    let stage = stage();
    let run = stage.run(&[
        "evaluate",
        "run.mfaudit",
        "--format",
        "ndjson",
        "--exit-zero",
    ]);
    let hostile = run
        .stdout
        .lines()
        .map(|it| serde_json::from_str::<Value>(it).unwrap());
    let hostile = hostile.filter(|it| it["principal_arn"].as_str().unwrap().contains('='));
    let hostile: Vec<_> = hostile.collect();
    assert!(!hostile.is_empty());
    for finding in hostile {
        let page = explain(&stage, "run.mfaudit", &[finding["id"].as_str().unwrap()]).stdout;
        assert!(
            page.contains(finding["principal_arn"].as_str().unwrap()),
            "{page}"
        );
        assert!(page.chars().all(|it| it == '\n' || !it.is_control()));
    }
}
