//! Waivers of failures, and grace for new users, from the command line.

use serde_json::Value;
use simulator::{User, World};

use crate::harness::{Findings, NOW, Run, Stage, without_root_credentials};

const DAY: i64 = 24 * 60 * 60;
const RULE: &str = "iam-user-console-mfa";
/// The account with the users without MFA.
const ACCOUNT: usize = 3;

/// An organization in which nobody fails but one user of an account, who was created so many days ago.
fn stage(name: &str, days_old: i64) -> (Stage, String) {
    let mut world = without_root_credentials(World::generate(6, 0, 3));
    let account = &mut world.accounts[ACCOUNT];
    account.users.push(User {
        name: name.to_owned(),
        created: simulator::Timestamp::from_second(NOW - days_old * DAY),
        password: Some(simulator::Password::default()),
        ..User::default()
    });
    let id = account.id.clone();
    (Stage::new(world), id)
}

fn waiver(rule: &str, principal: &str, account: &str, dates: &str) -> String {
    format!(
        "[[waiver]]\nrule = \"{rule}\"\nprincipal = \"{principal}\"\naccount = \"{account}\"\nowner = \"ana@example.com\"\n\
         reason = \"break-glass\"\nticket = \"SEC-7\"\n{dates}\n"
    )
}

fn write(stage: &Stage, text: &str) {
    std::fs::write(stage.file("c.toml"), text).unwrap();
}

/// Audits at a moment, so many days after the tests' own, 2026-11-24.
fn audit(stage: &Stage, days: i64, args: &[&str]) -> Run {
    let mut command = stage.command(&[&["audit", "--config", "c.toml"], args].concat());
    command.env("SOURCE_DATE_EPOCH", (NOW + days * DAY).to_string());
    Run::of(command.output().unwrap())
}

fn check(stage: &Stage, args: &[&str]) -> Run {
    stage.run(&[&["waivers", "check", "--config", "c.toml"], args].concat())
}

fn states(document: &Value) -> Vec<(String, u64)> {
    let listed = document["summary"]["waivers"].as_array().unwrap();
    let told = |it: &Value| {
        let state = it["state"].as_str().unwrap().to_owned();
        (state, it["failures_waived"].as_u64().unwrap())
    };
    listed.iter().map(told).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_waiver_opens_the_gate_through_its_last_day_and_the_failure_stays_one() {
    let (stage, account) = stage("break-glass-1", 400);
    write(&stage, "");
    assert_eq!(
        audit(&stage, 0, &[]).status,
        3,
        "without it the gate is closed"
    );
    let text = waiver(RULE, "break-glass-*", &account, "expires = 2026-11-25");
    write(&stage, &text);
    for (days, status, state) in [(0, 0, "active"), (1, 0, "active"), (2, 3, "expired")] {
        let run = audit(&stage, days, &["--format", "json"]);
        assert_eq!(run.status, status, "{days}: {}{}", run.stdout, run.stderr);
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        let waived = u64::from(status == 0);
        assert_eq!(states(&document), [(state.to_owned(), waived)]);
        let summary = &document["summary"];
        assert_eq!(summary["findings"]["fail"], 1, "waived is not passed");
        assert_eq!(summary["failures_waived"], waived);
        assert_eq!(
            summary["can_sign_in_without_mfa"]["iam_users"], 1,
            "who is waived can sign in all the same"
        );
        assert_eq!(summary["waivers"][0]["failures"], 1);
    }
}

#[test]
fn every_format_says_who_answers_for_it() {
    let (stage, account) = stage("break-glass-1", 400);
    let text = waiver(
        "iam-user-*",
        "break-glass-*",
        &account,
        "expires = 2026-11-30",
    );
    write(&stage, &text);
    let formats = ["csv=r.csv", "ndjson=r.ndjson", "table"];
    let args = formats.map(|it| ["--format", it]).concat();
    let run = audit(&stage, 0, &args);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    let (findings, others): (Vec<_>, Vec<_>) = {
        let text = stage.read("r.ndjson");
        let lines = text
            .lines()
            .map(|it| serde_json::from_str::<Value>(it).unwrap());
        lines.partition(|it| it.get("status").is_some())
    };
    let failing: Vec<_> = findings
        .iter()
        .filter(|it| it["status"] == "fail")
        .collect();
    assert_eq!(failing.len(), 1);
    let expected = serde_json::json!({
        "owner": "ana@example.com", "reason": "break-glass", "expires": "2026-11-30", "ticket": "SEC-7",
    });
    assert_eq!(failing[0]["waiver"], expected);
    let others_waived = findings.iter().filter(|it| it["status"] != "fail");
    assert!(others_waived.into_iter().all(|it| it["waiver"].is_null()));
    assert_eq!(others.len(), 1);
    assert_eq!(others[0]["finding_waiver"]["state"], "active");
    let csv = stage.read("r.csv");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|it| it == name).unwrap();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let row = rows.iter().find(|it| &it[at("status")] == "fail").unwrap();
    let told = ["owner", "reason", "expires", "ticket"].map(|it| &row[at(&format!("waiver_{it}"))]);
    assert_eq!(
        told,
        ["ana@example.com", "break-glass", "2026-11-30", "SEC-7"]
    );
    let table = one_line(&run.stdout);
    for told in [
        "FAIL 1 can sign in without MFA: 1 IAM user",
        "WAIVED of 1 failure: 1 waived EXIT 0: no failure of severity high or worse is held (1 waived)",
        "waived until 2026-11-30 by ana@example.com: break-glass, SEC-7",
        "ends on 2026-11-30, in 6 days (ana@example.com: break-glass)",
    ] {
        assert!(table.contains(told), "{told}\n{}", run.stdout);
    }
    assert!(!table.contains("DO FIRST"), "{}", run.stdout);
}

#[test]
fn a_waiver_that_does_nothing_is_told_with_the_reason() {
    let (stage, account) = stage("alice", 400);
    let until = "expires = 2026-12-20";
    let text = [
        waiver(RULE, "alcie", &account, until),
        waiver("root-user-mfa", "root", &account, until),
        waiver("iam-user-mfa", "alice", &account, until),
        waiver(RULE, "alice", &account, "expires = 2026-11-23"),
        waiver(RULE, "alice", &account, "expires = 2027-11-23"),
        waiver(
            RULE,
            "alice",
            &account,
            "created = 2026-08-01\nexpires = 2027-11-23",
        ),
        waiver(
            RULE,
            "alice",
            &account,
            "created = 2026-12-01\nexpires = 2026-12-20",
        ),
    ];
    write(&stage, &text.concat());
    let run = audit(
        &stage,
        0,
        &["--format", "json=r.json", "--format", "table", "--verbose"],
    );
    assert_eq!(run.status, 3, "{}{}", run.stdout, run.stderr);
    let document: Value = serde_json::from_str(&stage.read("r.json")).unwrap();
    let states = states(&document);
    let names: Vec<_> = states.iter().map(|(state, _)| state.as_str()).collect();
    let expected = [
        "unmatched",
        "not-needed",
        "rule-not-selected",
        "expired",
        "too-long",
        "too-long",
        "not-begun",
    ];
    assert_eq!(names, expected);
    let table = one_line(&run.stdout);
    for told in [
        "matches nothing of this run (until 2026-12-20 by ana@example.com): correct or remove it",
        "its rule was not evaluated",
        "expired, was valid until 2026-11-23 (ana@example.com: break-glass); 1 failure is not waived",
        "not applied, since it would hold for longer than is allowed (until 2027-11-23",
        "not applied, since it begins on 2026-12-01",
    ] {
        assert!(table.contains(told), "{told}\n{}", run.stdout);
    }
}

#[test]
fn a_user_called_root_does_not_hide_behind_the_root_user_s_waiver() {
    let mut world = without_root_credentials(World::generate(3, 0, 3));
    for account in &mut world.accounts {
        account.users = vec![User {
            name: "root".to_owned(),
            password: Some(simulator::Password::default()),
            ..User::default()
        }];
    }
    let id = world.accounts[1].id.clone();
    let stage = Stage::new(world);
    write(&stage, &waiver("*", "root", "*", "expires = 2026-12-20"));
    let run = audit(&stage, 0, &[]);
    assert_eq!(run.status, 3, "a user called root is not the root user");
    let arn = format!("arn:aws:iam::{id}:user/root");
    write(&stage, &waiver("*", &arn, "*", "expires = 2026-12-20"));
    let run = audit(&stage, 0, &["--format", "json"]);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (run.status, states(&document)),
        (3, vec![("active".to_owned(), 1)])
    );
    assert_eq!(document["summary"]["findings"]["fail"], 3);
}

#[test]
fn a_new_user_has_grace_until_old_enough_and_is_a_failure_all_the_time() {
    let (stage, account) = stage("newcomer", 1);
    let arn = format!("arn:aws:iam::{account}:user/newcomer");
    for (text, days, status) in [
        ("", 0, 3),
        ("[rules.iam-user-console-mfa]\ngrace-days = 7\n", 0, 0),
        ("[rules.iam-user-console-mfa]\ngrace-days = 7\n", 5, 0),
        ("[rules.iam-user-console-mfa]\ngrace-days = 7\n", 6, 3),
        ("[rules.iam-user-console-mfa]\ngrace-days = 1\n", 0, 3),
    ] {
        write(&stage, text);
        let run = audit(&stage, days, &["--format", "ndjson"]);
        assert_eq!(run.status, status, "{text}{days}: {}", run.stderr);
        let findings = Findings::of(&run.stdout);
        assert_eq!(findings.status(RULE, &arn), "fail");
        let grace = &findings.finding(RULE, &arn)["grace_until"];
        let expected = if status == 0 {
            serde_json::json!("2026-11-30T09:00:00Z")
        } else {
            Value::Null
        };
        assert_eq!(*grace, expected, "{text}{days}");
    }
    write(&stage, "[rules.iam-user-console-mfa]\ngrace-days = 7\n");
    let run = audit(&stage, 0, &[]);
    let table = one_line(&run.stdout);
    assert!(
        table.contains("WAIVED of 1 failure: 1 in grace, of new users"),
        "{}",
        run.stdout
    );
    assert!(table.contains("grace until 2026-11-30"), "{}", run.stdout);
}

#[test]
fn a_snapshot_is_judged_with_waivers_as_of_its_own_time() {
    let (stage, account) = stage("alice", 400);
    assert_eq!(stage.run(&["collect", "-o", "run.mfaudit"]).status, 0);
    for (expires, status) in [("2026-11-24", 0), ("2026-11-23", 3)] {
        write(
            &stage,
            &waiver(RULE, "alice", &account, &format!("expires = {expires}")),
        );
        let mut command = stage.command(&["evaluate", "run.mfaudit", "--config", "c.toml"]);
        command.env("SOURCE_DATE_EPOCH", (NOW + 400 * DAY).to_string());
        let run = Run::of(command.output().unwrap());
        assert_eq!(
            run.status, status,
            "{expires}: {}{}",
            run.stdout, run.stderr
        );
    }
}

#[test]
fn every_mistake_of_waivers_is_told_at_once_with_its_line() {
    let (stage, account) = stage("alice", 400);
    let text = [
        waiver(RULE, "alice", &account, ""),
        waiver(
            "iam-user-console-mfs",
            "alice",
            &account,
            "expires = 2026-12-20",
        ),
        waiver(RULE, "alice", &account, "expires = 2026-11-23"),
        waiver(RULE, "alice", "1234", "expires = 2027-11-23"),
        waiver(RULE, "alice smith", "*", "expires = 2026-12-20"),
        waiver(RULE, "bob", "*", "expires = 2026-12-20"),
        waiver(RULE, "bob", "*", "expires = 2026-12-20"),
    ];
    write(&stage, &text.concat());
    let run = check(&stage, &[]);
    assert_eq!(run.status, 2, "{}{}", run.stdout, run.stderr);
    for told in [
        "the configuration has 7 mistakes:",
        "c.toml:1:1: [[waiver]] has no `expires`: add expires = 2026-12-31",
        "c.toml:10:1: there is no rule `iam-user-console-mfs`: did you mean `iam-user-console-mfa`?",
        "c.toml:24:1: expired on 2026-11-23: renew or remove it",
        "c.toml:28:1: `1234` can match no account: an account id has twelve digits",
        "c.toml:32:1: holds for too long: high failures (iam-user-console-mfa) may be waived for 90 days",
        "c.toml:35:1: `alice smith` can match nobody",
        "c.toml:49:1: says the same as c.toml:41:1: remove one",
    ] {
        assert!(run.stderr.contains(told), "{told}\n{}", run.stderr);
    }
    // What cannot be read keeps every command from running; what is out of date does not.
    assert_eq!(audit(&stage, 0, &[]).status, 2);
}

#[test]
fn what_ends_soon_and_what_matches_nothing_is_listed() {
    let (stage, account) = stage("alice", 400);
    assert_eq!(stage.run(&["collect", "-o", "run.mfaudit"]).status, 0);
    let text = [
        waiver(RULE, "alice", &account, "expires = 2026-12-24"),
        waiver(RULE, "bob", &account, "expires = 2026-12-25"),
        waiver(
            "root-user-mfa",
            "root",
            "*",
            "created = 2026-11-20\nexpires = 2026-12-20",
        ),
    ];
    write(&stage, &text.concat());
    let run = check(&stage, &["run.mfaudit"]);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    let expected = "3 waivers as of 2026-11-24; 2 end within 30 days\n  \
         c.toml:1:1: ends on 2026-12-24, in 30 days (ana@example.com: break-glass)\n  \
         c.toml:17:1: ends on 2026-12-20, in 26 days (ana@example.com: break-glass)\n\
         2 do nothing for run.mfaudit\n  \
         c.toml:9:1: matches nothing: correct or remove it\n  \
         c.toml:17:1: nothing that it is for fails: remove it\n";
    assert_eq!(run.stdout, expected);
    let run = check(&stage, &["--as-of", "2026-12-25"]);
    assert_eq!(run.status, 2, "{}", run.stdout);
    assert!(
        run.stderr.contains("c.toml:8:1: expired on 2026-12-24"),
        "{}",
        run.stderr
    );
    assert!(
        run.stdout
            .starts_with("3 waivers as of 2026-12-25; 1 ends within 30 days\n")
    );
    assert_eq!(check(&stage, &["nothing.mfaudit"]).status, 1);
}
