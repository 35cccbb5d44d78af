//! Sets of rules, and the report on a framework's requirements.

use serde_json::Value;

use crate::harness::{Run, mfaudit};

fn run(args: &[&str]) -> Run {
    let run = Run::of(mfaudit(args).output().unwrap());
    assert_eq!(run.status, 0, "{args:?}: {}", run.stderr);
    run
}

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&run(args).stdout).unwrap()
}

/// Returns the demo's report on one framework.
fn framework(args: &[&str]) -> Value {
    let mut report = json(&[&["demo", "--format", "json"], args].concat());
    assert_eq!(report["frameworks"].as_array().unwrap().len(), 1);
    report["frameworks"][0].take()
}

fn requirement<'a>(framework: &'a Value, id: &str) -> &'a Value {
    let requirements = framework["requirements"].as_array().unwrap();
    requirements.iter().find(|it| it["id"] == id).unwrap()
}

#[test]
fn each_requirement_has_its_status_and_the_rules_behind_it() {
    let framework = framework(&["--framework", "cis-aws@7.0"]);
    assert_eq!(framework["version"], "7.0.0");
    let root_mfa = requirement(&framework, "2.5");
    assert_eq!(
        (&root_mfa["status"], &root_mfa["level"]),
        (&"fail".into(), &1.into())
    );
    assert_eq!(root_mfa["rules"][0]["rule"], "root-user-mfa");
    assert_eq!(root_mfa["rules"][0]["findings"]["fail"], 1);
    let support = requirement(&framework, "2.15");
    assert_eq!(support["status"], "not-automated");
    assert!(!support["why"].as_str().unwrap().is_empty());
    let counts = framework["requirement_counts"].as_object().unwrap();
    let counted: u64 = counts.values().map(|it| it.as_u64().unwrap()).sum();
    assert_eq!(
        counted,
        framework["requirements"].as_array().unwrap().len() as u64
    );
}

/// Nobody may leave out a rule and read that its requirement is met.
#[test]
fn a_requirement_whose_rule_is_skipped_is_not_seen() {
    let framework = framework(&[
        "--framework",
        "cis-aws@7.0",
        "--skip-rule",
        "iam-user-console-mfa",
    ]);
    let console = requirement(&framework, "2.10");
    assert_eq!(console["status"], "not-seen");
    assert_eq!(console["why"], "iam-user-console-mfa was not evaluated");
    assert_eq!(console["rules"][0]["findings"], Value::Null);
}

#[test]
fn the_report_is_in_the_table_and_leaves_csv_as_it_is() {
    let rule = ["demo", "--ruleset", "cis-aws-7.0-level-2"];
    let table = run(&[&rule[..], &["--framework", "cis-aws"]].concat()).stdout;
    assert!(table.contains("FRAMEWORK cis-aws@7.0.0: "), "{table}");
    let bare = run(&[&rule[..], &["--format", "csv"]].concat()).stdout;
    let with = run(&[&rule[..], &["--format", "csv", "--framework", "cis-aws"]].concat()).stdout;
    assert_eq!(bare, with);
    assert_eq!(
        json(&[&rule[..], &["--format", "json"]].concat())["frameworks"],
        Value::Array(Vec::new())
    );
}

#[test]
fn a_set_replaces_the_default_rules_and_rules_join_it() {
    let rules = |args: &[&str]| -> Vec<String> {
        let report = json(&[&["demo", "--format", "json"], args].concat());
        let rules = report["rules"].as_array().unwrap().iter();
        rules
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let set = rules(&["--ruleset", "cis-aws-1.2"]);
    assert!(set.contains(&"root-user-recent-use".to_owned()));
    assert!(
        !set.contains(&"root-user-hardware-mfa".to_owned()),
        "of level 2"
    );
    let joined = rules(&[
        "--ruleset",
        "cis-aws-1.2",
        "--rule",
        "root-user-hardware-mfa",
    ]);
    assert_eq!(joined.len(), set.len() + 1);
    assert_eq!(rules(&["--rule", "root-user-mfa"]), ["root-user-mfa"]);
}

#[test]
fn what_security_hub_says_of_root_users_without_credentials_is_a_matter_of_the_set() {
    let passes = |args: &[&str]| {
        let report = json(&[&["demo", "--format", "json"], args].concat());
        let findings = report["findings"].as_array().unwrap().iter();
        let of_rule = findings.filter(|it| it["rule"] == "root-user-mfa" && it["status"] == "pass");
        of_rule.count()
    };
    assert!(passes(&["--ruleset", "aws-security-hub"]) > passes(&["--ruleset", "default"]));
}

#[test]
fn rules_are_listed_by_framework_severity_and_set() {
    let listed = |args: &[&str]| -> Vec<String> {
        let list = json(&[&["rules", "--format", "json"], args].concat());
        let rules = list["rules"].as_array().unwrap().iter();
        rules
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let of_item = listed(&[
        "--framework",
        "cis-aws@5.0",
        "--severity",
        "critical",
        "--ruleset",
        "cis-aws-5.0-level-2",
    ]);
    assert_eq!(
        of_item,
        [
            "root-user-mfa",
            "root-user-access-key",
            "root-user-hardware-mfa"
        ]
    );
    assert!(listed(&["--framework", "hipaa"]).contains(&"root-user-mfa".to_owned()));
    let sets = run(&["rules", "rulesets"]).stdout;
    assert!(
        sets.contains("phishing-resistant") && sets.contains("root-user-mfa: root-absent = pass"),
        "{sets}"
    );
    let page = run(&["rules", "show", "root-user-recent-use"]).stdout;
    assert!(
        page.contains(
            "| `max-days` | the days for which a use counts as recent (1 to 3650) | `90` |"
        ),
        "{page}"
    );
}

#[test]
fn unknown_names_are_mistakes_with_what_may_be_meant() {
    for (args, expected) in [
        (["audit", "--ruleset", "cis-aws-7"], "'cis-aws-7.0'"),
        (
            ["collect", "--skip-rule", "root-user-mf"],
            "'root-user-mfa'",
        ),
        (
            ["evaluate", "--framework", "cis-awz"],
            "did you mean `cis-aws`?",
        ),
        (
            ["evaluate", "--framework", "cis-aws@9"],
            "there are 7.0.0, 6.0.0",
        ),
        (
            ["evaluate", "--framework", "hipaa"],
            "mfaudit rules --framework hipaa",
        ),
        (["rules", "--framework", "iso-27001@2013"], "there are 2022"),
    ] {
        let run = Run::of(mfaudit(&args).output().unwrap());
        assert_eq!(run.status, 2, "{args:?}");
        assert!(run.stderr.contains(expected), "{args:?}: {}", run.stderr);
    }
}

#[test]
fn a_policy_is_for_the_rules_of_a_set() {
    let policy = |args: &[&str]| run(&[&["policy", "--for", "member"], args].concat()).stdout;
    let few = policy(&["--rule", "root-user-access-key"]);
    let all = policy(&[]);
    assert!(few.len() < all.len());
    assert_eq!(policy(&["--ruleset", "all"]), all);
}
