//! A redacted report names nobody, judges as the other does, and can be mapped back by whoever has the key.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use simulator::World;

use crate::harness::{Findings, Stage};

/// An organization whose users, accounts and unit are easily found in a report.
fn world() -> World {
    let mut world = World::demo();
    for (index, account) in world.accounts.iter_mut().enumerate() {
        account.name = format!("Canary Account {index} {}", account.id);
        for user in &mut account.users {
            user.name = format!("canary-{}", user.name);
        }
    }
    world
}

const CONFIG: &str = r#"
[[owner]]
ou = "Workloads"
name = "Canary Owner"

[[waiver]]
rule = "*"
principal = "*canary*"
account = "*"
owner = "canary-waiver-owner"
reason = "agreed with canary until the move"
ticket = "CANARY-1"
created = 2026-11-20
expires = 2026-12-05

[[rule]]
id = "custom-named"
title = "A user of that name"
severity = "low"
subject = "iam-user"
fails-if = "user.name.startsWith('canary')"
"#;

fn stage() -> Stage {
    let stage = Stage::new(world());
    std::fs::write(stage.file("mfaudit.toml"), CONFIG).unwrap();
    let run = stage.run(&["collect", "--output", "run.mfaudit"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    stage
}

/// Returns what may be found in a report in the place of names, and of identifiers.
fn ids() -> BTreeSet<String> {
    let world = world();
    let ids = world.accounts.iter().map(|it| it.id.clone());
    ids.chain(world.organization.map(|it| it.id)).collect()
}

fn formats() -> Vec<String> {
    let every = reporting::FORMATS.iter();
    every.map(|it| format!("{0}={0}.out", it.name)).collect()
}

#[test]
fn no_name_and_no_identifier_is_in_any_format() {
    let stage = stage();
    let formats = formats();
    for (what, names, accounts) in [
        ("names", true, false),
        ("accounts", false, true),
        ("all", true, true),
    ] {
        let mut args = vec!["evaluate", "run.mfaudit", "--redact", what];
        args.extend(["--redact-key", "key", "--verbose"]);
        args.extend(formats.iter().flat_map(|it| ["--format", it.as_str()]));
        let run = stage.run(&args);
        assert_eq!(run.status, 3, "{}", run.stderr);
        for format in reporting::FORMATS {
            let bytes = std::fs::read(stage.file(&format!("{}.out", format.name))).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            let lower = text.to_ascii_lowercase();
            assert!(!text.is_empty());
            assert!(
                !names || !lower.contains("canary"),
                "{}: {text}",
                format.name
            );
            for id in ids().iter().filter(|_| accounts) {
                assert!(!text.contains(id.as_str()), "{id} in {}", format.name);
            }
        }
    }
}

#[test]
fn verdicts_counts_and_the_exit_code_are_those_of_the_run() {
    let stage = stage();
    let plain = stage.run(&["evaluate", "run.mfaudit", "--format", "json"]);
    let redacted = stage.run(&[
        "evaluate",
        "run.mfaudit",
        "--format",
        "json",
        "--redact",
        "all",
        "--redact-key",
        "key",
    ]);
    assert_eq!(plain.status, redacted.status);
    let read = |it: &str| serde_json::from_str::<Value>(it).unwrap();
    let (plain, redacted) = (read(&plain.stdout), read(&redacted.stdout));
    let counted = |report: &Value| {
        let mut counts: BTreeMap<(String, String, bool), usize> = BTreeMap::new();
        for finding in report["findings"].as_array().unwrap() {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            let key = (text("rule"), text("status"), finding["waiver"].is_null());
            *counts.entry(key).or_default() += 1;
        }
        counts
    };
    assert_eq!(counted(&plain), counted(&redacted));
    let named = counted(&plain);
    // The rule that goes by names says of pseudonyms what it says of names.
    assert!(
        named
            .keys()
            .any(|it| it.0 == "custom-named" && it.1 == "fail")
    );
    for key in ["statuses", "coverage", "decision"] {
        assert_eq!(plain["summary"][key], redacted["summary"][key], "{key}");
    }
    let fates = |report: &Value| {
        let waivers = report["summary"]["waivers"].as_array().unwrap();
        let fate = |it: &Value| (it["state"].clone(), it["failures"].clone());
        waivers.iter().map(fate).collect::<Vec<_>>()
    };
    assert_eq!(fates(&plain), fates(&redacted));
}

#[test]
fn two_reports_with_one_key_join_and_the_key_maps_back() {
    let stage = stage();
    let redacted = |what: &str, key: &str, stage: &Stage| {
        let args = ["evaluate", "run.mfaudit", "--format", "ndjson"];
        let run = stage.run(&[&args[..], &["--redact", what, "--redact-key", key]].concat());
        let findings = run.stdout.lines();
        let findings = findings.filter(|it| !it.starts_with("{\"finding_waiver\""));
        let findings: Vec<_> = findings.collect();
        (Findings::of(&findings.join("\n")), run)
    };
    let (first, run) = redacted("all", "key", &stage);
    assert!(run.stderr.contains("key is new: keep it"), "{}", run.stderr);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(stage.file("key")).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }
    let (second, run) = redacted("all", "key", &stage);
    assert!(!run.stderr.contains("is new"), "{}", run.stderr);
    let (other, _) = redacted("all", "other", &stage);
    let arns = |it: &Findings| -> BTreeSet<String> {
        let arns = it.all().map(|it| it["principal_arn"].as_str().unwrap());
        arns.map(str::to_owned).collect()
    };
    assert_eq!(arns(&first), arns(&second));
    assert!(arns(&first).is_disjoint(&arns(&other)));
    // One kind of redaction gives the same pseudonyms as both.
    let users = |it: &Findings| it.names("iam-user-console-mfa", "fail");
    let (names_alone, _) = redacted("names", "key", &stage);
    assert_eq!(users(&first), users(&names_alone));

    let pseudonym = users(&first).into_iter().next().unwrap();
    let back = stage.run(&["unredact", "run.mfaudit", "--redact-key", "key", &pseudonym]);
    assert_eq!(back.status, 0, "{}", back.stderr);
    assert!(
        back.stdout.starts_with(&format!("{pseudonym}\tcanary-")),
        "{}",
        back.stdout
    );
    let all = stage.run(&["unredact", "run.mfaudit", "--redact-key", "key"]);
    for arn in arns(&first) {
        let account = arn.split(':').nth(4).unwrap();
        assert!(all.stdout.contains(&format!("{account}\t")), "{arn}");
    }
    for owner in ["Canary Owner", "canary-waiver-owner", "CANARY-1"] {
        assert!(all.stdout.contains(owner), "{owner}: {}", all.stdout);
    }
    let wrong = stage.run(&[
        "unredact",
        "run.mfaudit",
        "--redact-key",
        "other",
        &pseudonym,
    ]);
    assert_eq!(wrong.status, 1);
    assert!(
        wrong.stderr.contains("nothing in the snapshot"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn accounts_stand_in_the_order_of_their_pseudonyms() {
    let stage = stage();
    let run = stage.run(&[
        "evaluate",
        "run.mfaudit",
        "--format",
        "coverage",
        "--redact",
        "accounts",
        "--redact-key",
        "key",
    ]);
    let mut accounts: Vec<_> = (run.stdout.lines().skip(1))
        .map(|it| it.split(',').next().unwrap())
        .collect();
    accounts.dedup();
    assert!(accounts.len() > 3 && accounts.is_sorted(), "{accounts:?}");
}

#[test]
fn a_key_that_is_none_is_refused_and_so_is_redaction_without_a_key() {
    let stage = stage();
    std::fs::write(stage.file("bad"), "mfaudit-redact-key-1 12\n").unwrap();
    let bad = stage.run(&[
        "evaluate",
        "run.mfaudit",
        "--redact",
        "all",
        "--redact-key",
        "bad",
    ]);
    assert_eq!(bad.status, 2);
    assert!(bad.stderr.contains("holds no key"), "{}", bad.stderr);
    assert_eq!(stage.read("bad"), "mfaudit-redact-key-1 12\n");
    let none = stage.run(&["evaluate", "run.mfaudit", "--redact", "all"]);
    assert_eq!(none.status, 2);
    assert!(none.stderr.contains("--redact-key"), "{}", none.stderr);
}
