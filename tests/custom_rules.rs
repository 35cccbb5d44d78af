//! Rules in the configuration, from the command line.

use std::collections::BTreeSet;

use serde_json::Value;
use simulator::World;

use crate::{
    harness::{Findings, Run, Stage, mfaudit},
    json_schema,
};

const CONFIG: &str = r#"
[[rule]]
id = "custom-console-mfa"
title = "User signs in without MFA"
severity = "critical"
when = "user.has_password"
fails-if = "!user.has_mfa"
reason = "our policy AC-7 asks for MFA"
remediation = "Call the service desk."
controls = ["acme-policy 3 AC-7"]

[[rule.example]]
name = "with a device"
expect = "pass"
facts = { has_password = true, has_mfa = true }

[[rule.example]]
name = "not seen"
expect = "indeterminate"
facts = { has_password = true }

[[rule]]
id = "custom-old-active-key"
title = "Active access key is older than a year"
severity = "low"
fails-if = "user.active_access_keys.exists(key, key.age_days > 365)"

[[rule]]
id = "custom-root-password"
title = "Root user has a password"
severity = "info"
subject = "root-user"
fails-if = "root.has_password"
"#;

fn stage(config: &str) -> Stage {
    let stage = Stage::new(World::demo());
    std::fs::write(stage.file("c.toml"), config).unwrap();
    stage
}

/// Runs the binary in a folder with a configuration, without any organization.
fn run(config: &str, args: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mfaudit.toml"), config).unwrap();
    let mut command = mfaudit(args);
    Run::of(command.current_dir(folder.path()).output().unwrap())
}

#[test]
fn a_custom_rule_gives_the_verdicts_of_the_rule_it_says_again() {
    let stage = stage(CONFIG);
    let (run, findings) = stage.audit(&["--config", "c.toml"]);
    assert_eq!(run.status, 3, "{}", run.stderr);
    for status in ["pass", "fail", "not-applicable", "indeterminate"] {
        let of = |rule: &str| findings.names(rule, status);
        assert_eq!(
            of("custom-console-mfa"),
            of("iam-user-console-mfa"),
            "{status}"
        );
        assert!(!of("custom-console-mfa").is_empty(), "{status}");
    }
    let failed = findings
        .all()
        .find(|it| it["rule"] == "custom-console-mfa" && it["status"] == "fail");
    let failed = failed.unwrap();
    assert_eq!(failed["severity"], "critical");
    assert_eq!(failed["reason"], "our policy AC-7 asks for MFA");
    assert!(!findings.names("custom-root-password", "fail").is_empty());
    assert!(
        findings
            .all()
            .any(|it| it["rule"] == "custom-old-active-key")
    );
}

#[test]
fn a_failure_is_confirmed_live_for_custom_rules_too() {
    let stage = stage(CONFIG);
    let (_, findings) = stage.audit(&["--config", "c.toml", "--rule", "custom-console-mfa"]);
    let failed = findings.all().filter(|it| it["status"] == "fail");
    let sources: Vec<_> = failed.map(|it| it["evidence_source"].to_string()).collect();
    assert!(!sources.is_empty());
    for source in sources {
        assert!(
            source.contains("GetLoginProfile") && source.contains("ListMFADevices"),
            "{source}"
        );
    }
}

#[test]
fn rules_are_chosen_by_name_and_a_snapshot_is_judged_by_them() {
    let stage = stage(CONFIG);
    let collected = stage.run(&["collect", "-o", "run.mfaudit", "--config", "c.toml"]);
    assert_eq!(collected.status, 0, "{}", collected.stderr);
    let evaluate = |args: &[&str]| {
        let base = [
            "evaluate",
            "run.mfaudit",
            "--format",
            "ndjson",
            "--config",
            "c.toml",
        ];
        stage.run(&[&base, args].concat())
    };
    let rules = |run: &Run| {
        let findings = Findings::of(&run.stdout);
        let rules = findings
            .all()
            .map(|it| it["rule"].as_str().unwrap().to_owned());
        rules.collect::<std::collections::BTreeSet<_>>()
    };
    let one = evaluate(&["--rule", "custom-root-password"]);
    assert_eq!(rules(&one), ["custom-root-password".to_owned()].into());
    let all = rules(&evaluate(&[]));
    assert!(all.contains("custom-console-mfa") && all.contains("iam-user-console-mfa"));
    let built_in = rules(&evaluate(&["--rule", "root-user-mfa"]));
    assert_eq!(built_in, ["root-user-mfa".to_owned()].into());
    let unknown = evaluate(&["--rule", "custom-none"]);
    assert_eq!(unknown.status, 2);
    assert!(
        unknown
            .stderr
            .contains("the configuration has no rule `custom-none`"),
        "{}",
        unknown.stderr
    );
    assert!(
        unknown.stderr.contains("custom-old-active-key"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn the_table_tells_of_custom_rules_as_of_others() {
    let stage = stage(CONFIG);
    let run = stage.run(&[
        "audit",
        "--config",
        "c.toml",
        "--rule",
        "custom-console-mfa",
    ]);
    assert!(run.stdout.contains("CRITICAL"), "{}", run.stdout);
    assert!(
        run.stdout.contains("custom-console-mfa: "),
        "{}",
        run.stdout
    );
}

#[test]
fn the_policy_follows_what_the_rules_read() {
    let policy = |config: &str| {
        let rule = ["policy", "--for", "member", "--rule", "custom-a"];
        run(config, &rule)
    };
    let rule = |fails_if: &str| {
        format!(
            "[[rule]]\nid = \"custom-a\"\ntitle = \"A\"\nseverity = \"low\"\nfails-if = \"{fails_if}\"\n"
        )
    };
    let mfa = policy(&rule("!user.has_mfa"));
    assert_eq!(mfa.status, 0, "{}", mfa.stderr);
    assert!(mfa.stdout.contains("iam:ListMFADevices"), "{}", mfa.stdout);
    assert!(
        !mfa.stdout.contains("iam:GetLoginProfile"),
        "{}",
        mfa.stdout
    );
    let password = policy(&rule("!user.has_password"));
    assert!(
        password.stdout.contains("iam:GetLoginProfile"),
        "{}",
        password.stdout
    );
}

#[test]
fn rules_are_listed_and_shown_with_their_page() {
    let list = run(CONFIG, &["rules", "list"]);
    assert!(
        list.stdout.contains("custom-root-password"),
        "{}",
        list.stdout
    );
    assert!(list.stdout.contains("root-user-mfa"), "{}", list.stdout);
    let page = run(CONFIG, &["rules", "show", "custom-console-mfa"]).stdout;
    for told in [
        "# custom-console-mfa",
        "User signs in without MFA. Severity: critical.",
        "Every IAM user of which `user.has_password` holds fails if `!user.has_mfa` holds.",
        "Call the service desk.",
        "- console passwords\n- MFA status\n",
        "- acme-policy 3 AC-7",
    ] {
        assert!(page.contains(told), "{told}\n{page}");
    }
    let unknown = run("", &["rules", "show", "custom-none"]);
    assert_eq!(unknown.status, 2);
    assert!(
        unknown
            .stderr
            .contains("write it in mfaudit.toml as a [[rule]]"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn examples_are_tried_and_one_that_fails_is_told() {
    let right = run(CONFIG, &["rules", "test"]);
    assert_eq!(right.status, 0, "{}{}", right.stdout, right.stderr);
    assert_eq!(
        right.stdout,
        "ok       custom-console-mfa: with a device: pass\n\
         ok       custom-console-mfa: not seen: indeterminate\n\
         untried  custom-old-active-key: it has no [[rule.example]]\n\
         untried  custom-root-password: it has no [[rule.example]]\n\n\
         2 tried, 0 failed\n"
    );
    let wrong = run(
        &CONFIG.replace("expect = \"pass\"", "expect = \"fail\""),
        &["rules", "test"],
    );
    assert_eq!(wrong.status, 2);
    assert!(
        wrong
            .stdout
            .contains("FAILED   custom-console-mfa: with a device: pass, not fail"),
        "{}",
        wrong.stdout
    );
    assert!(
        wrong.stdout.contains("2 tried, 1 failed"),
        "{}",
        wrong.stdout
    );
    let none = run("", &["rules", "test"]);
    assert_eq!(none.status, 0);
    assert!(
        none.stdout.contains("has no rules of its own"),
        "{}",
        none.stdout
    );
}

#[test]
fn mistakes_are_told_with_the_place_in_the_expression_and_nothing_is_done() {
    let config = CONFIG.replace("!user.has_mfa", "user.has_password && !user.hasmfa");
    let stage = stage(&config);
    let run = stage.run(&["audit", "--config", "c.toml"]);
    assert_eq!(run.status, 2);
    assert!(
        run.stderr
            .contains("c.toml:7:39: `fails-if`: unknown field `hasmfa`: did you mean `has_mfa`?"),
        "{}",
        run.stderr
    );
    assert!(stage.asked_after(0).is_empty(), "nothing was asked");
}

/// A rule of a fact that the audit did not see: the account that denies everything, and the evidence that lacks it.
#[test]
fn what_was_not_seen_is_indeterminate_whatever_the_expression_says() {
    let config = CONFIG.replace(
        "!user.has_mfa",
        "true || user.has_mfa || user.has_signing_certificate",
    );
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("c.toml"), config).unwrap();
    let report = "user,password_enabled,mfa_active\nalice,true,true\nbob,false,true\ncarol,true,no_information\n";
    std::fs::write(path("report.csv"), report).unwrap();
    let (csv, toml) = (path("report.csv"), path("c.toml"));
    let args = [
        "evaluate",
        &csv,
        "--account",
        "111122223333",
        "--config",
        &toml,
        "--rule",
        "custom-console-mfa",
        "--format",
        "ndjson",
    ];
    let run = Run::of(mfaudit(&args).output().unwrap());
    assert_eq!(run.status, 4, "{}{}", run.stdout, run.stderr);
    let findings = Findings::of(&run.stdout);
    let undecided = findings.names("custom-console-mfa", "indeterminate");
    assert_eq!(undecided, ["alice".to_owned(), "carol".to_owned()].into());
    let apart = findings.names("custom-console-mfa", "not-applicable");
    assert_eq!(apart, ["bob".to_owned()].into());
}

/// Evaluates saved evidence by a configuration, and returns the rules that have findings.
fn judged_by(config: &str, args: &[&str]) -> (Run, BTreeSet<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("c.toml"), config).unwrap();
    std::fs::write(
        path("report.csv"),
        "user,password_enabled,mfa_active\nalice,true,true\nbob,true,false\n",
    )
    .unwrap();
    let (csv, toml) = (path("report.csv"), path("c.toml"));
    let base = [
        "evaluate",
        &csv,
        "--account",
        "111122223333",
        "--config",
        &toml,
        "--format",
        "ndjson",
    ];
    let mut run = Run::of(mfaudit(&[&base, args].concat()).output().unwrap());
    // The waivers are told behind the findings.
    let lines = run.stdout.lines();
    let findings = lines.filter(|it| it.starts_with("{\"status\""));
    run.stdout = findings.collect::<Vec<_>>().join("\n");
    let rules = Findings::of(&run.stdout)
        .all()
        .map(|it| it["rule"].as_str().unwrap().to_owned())
        .collect();
    (run, rules)
}

#[test]
fn they_are_evaluated_along_unless_rules_are_chosen_or_they_are_skipped() {
    const CONSOLE: &str = "custom-console-mfa";
    const ROOT: &str = "custom-root-password";
    for (section, args, console, root) in [
        ("", [].as_slice(), true, true),
        ("", &["--skip-rule", CONSOLE], false, true),
        (
            "[rules]\nskip = [\"custom-root-password\"]\n",
            &[],
            true,
            false,
        ),
        ("[rules]\nruleset = []\n", &[], true, true),
        ("[rules]\nruleset = \"cis-aws-7.0\"\n", &[], true, true),
        ("", &["--framework", "cis-aws"], true, true),
        ("", &["--rule", CONSOLE], true, false),
        ("", &["--ruleset", "default"], false, false),
        ("", &["--ruleset", "default", "--rule", ROOT], false, true),
        ("", &["--ruleset", "all", "--skip-rule", ROOT], true, false),
    ] {
        let (run, rules) = judged_by(&format!("{section}{CONFIG}"), args);
        assert_eq!(
            (rules.contains(CONSOLE), rules.contains(ROOT)),
            (console, root),
            "{section} {args:?}: {rules:?}{}",
            run.stderr
        );
    }
}

#[test]
fn the_other_sections_know_them() {
    let rest = "[rules.custom-console-mfa]\nseverity = \"low\"\ngrace-days = 3\n\
                [[waiver]]\nrule = \"custom-console-mfa\"\nprincipal = \"bob\"\naccount = \"*\"\nowner = \"ana\"\n\
                reason = \"r\"\nexpires = 2026-12-31\n";
    let (run, _) = judged_by(&format!("{CONFIG}{rest}"), &["--as-of", "2026-11-24"]);
    let findings = Findings::of(&run.stdout);
    let failed = findings
        .all()
        .find(|it| it["rule"] == "custom-console-mfa" && it["status"] == "fail")
        .unwrap();
    assert_eq!(failed["severity"], "low", "{failed}");
    assert_eq!(failed["waiver"]["owner"], "ana", "{failed}");
    let (wrong, _) = judged_by(
        &format!("{CONFIG}{}", rest.replace("console-mfa", "consol")),
        &[],
    );
    assert_eq!(wrong.status, 2);
    assert!(
        wrong
            .stderr
            .contains("there is no rule `custom-consol`: did you mean `custom-console-mfa`?"),
        "{}",
        wrong.stderr
    );
    // One that has a mistake is one that there is.
    let config = CONFIG.replace("!user.has_mfa", "!user.has_mf");
    let (one, _) = judged_by(&format!("{config}{rest}"), &[]);
    assert!(
        one.stderr.contains("the configuration has a mistake:"),
        "{}",
        one.stderr
    );
}

#[test]
fn what_is_printed_says_the_same_and_passes_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    let print = |config: &str, args: &[&str]| {
        let file = folder.path().join("c.toml");
        std::fs::write(&file, config).unwrap();
        let file = file.to_str().unwrap();
        let base = ["audit", "--config", file, "--print-config"];
        let run = Run::of(mfaudit(&[&base, args].concat()).output().unwrap());
        assert_eq!(run.status, 0, "{}", run.stderr);
        run.stdout
    };
    let value = |text: &str| serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap();
    let printed = print(CONFIG, &["--rule", "custom-root-password"]);
    assert_eq!(value(&printed)["rules"]["add"], Value::Array(Vec::new()));
    assert_eq!(
        value(&printed)["rules"]["skip"],
        serde_json::json!(["custom-console-mfa", "custom-old-active-key"])
    );
    assert_eq!(value(&printed), value(&print(&printed, &[])), "{printed}");
    assert_eq!(value(&printed)["rule"], value(CONFIG)["rule"]);
    let schema = Run::of(mfaudit(&["config", "schema"]).output().unwrap());
    let schema: Value = serde_json::from_str(&schema.stdout).unwrap();
    assert_eq!(
        json_schema::errors(&schema, &value(&printed)),
        Vec::<String>::new()
    );
    let wrong = CONFIG
        .replace("fails-if", "fail-if")
        .replace("custom-old", "old");
    let errors = json_schema::errors(&schema, &value(&wrong));
    assert!(
        errors.iter().any(|it| it.starts_with("/rule/0/fail-if")),
        "{errors:?}"
    );
    assert!(
        errors.iter().any(|it| it.starts_with("/rule/1/id")),
        "{errors:?}"
    );
}

#[test]
fn a_finding_is_explained_by_the_facts_that_the_expressions_named() {
    let stage = stage(CONFIG);
    let collected = stage.run(&["collect", "-o", "run.mfaudit", "--config", "c.toml"]);
    assert_eq!(collected.status, 0, "{}", collected.stderr);
    let judged = stage.run(&[
        "evaluate",
        "run.mfaudit",
        "--config",
        "c.toml",
        "--format",
        "ndjson",
        "--rule",
        "custom-console-mfa",
    ]);
    let findings = Findings::of(&judged.stdout);
    let failed = findings.all().find(|it| it["status"] == "fail").unwrap();
    let arn = failed["principal_arn"].as_str().unwrap();
    let told = stage.run(&[
        "explain",
        "--from",
        "run.mfaudit",
        "--config",
        "c.toml",
        "custom-console-mfa",
        arn,
    ]);
    assert_eq!(told.status, 0, "{}", told.stderr);
    for part in [
        "our policy AC-7 asks for MFA",
        "console password",
        "MFA",
        "Call the service desk.",
        "AC-7",
    ] {
        assert!(told.stdout.contains(part), "{part}\n{}", told.stdout);
    }
    assert!(!told.stdout.contains("another fact"), "{}", told.stdout);
}

#[test]
fn they_are_listed_with_the_filters() {
    let list = run(
        CONFIG,
        &[
            "rules",
            "list",
            "--severity",
            "critical",
            "--format",
            "json",
        ],
    );
    let list: Value = serde_json::from_str(&list.stdout).unwrap();
    let rules = list["rules"].as_array().unwrap();
    let own = rules.iter().find(|it| it["id"] == "custom-console-mfa");
    assert_eq!(own.unwrap()["controls"][0]["id"], "AC-7");
    assert!(!rules.iter().any(|it| it["id"] == "custom-root-password"));
}
