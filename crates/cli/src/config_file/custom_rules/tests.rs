//! What `[[rule]]` may say, and how each mistake is told.

use std::path::Path;

use model::Dataset;

use super::Custom;
use crate::config_file::ConfigFile;

fn read(text: &str) -> Result<Vec<Custom>, String> {
    let config = ConfigFile::parse(Path::new("c.toml"), text);
    config
        .map(|it| it.custom_rules)
        .map_err(|it| it.to_string())
}

const WHOLE: &str = r#"
[[rule]]
id = "custom-stale-password"
title = "Password is older than a year"
severity = "medium"
when = "user.has_password"
fails-if = """
user.password_age_days > 365 &&
!user.account.ou_path.startsWith("Sandbox")"""
reason = "a password that old has been written down"
remediation = "Change it."
controls = ["cis-aws 7.0.0 2.10", "aws-security-hub IAM.5", "acme-policy 3 A.12"]

[[rule.example]]
name = "old"
expect = "fail"
facts = { has_password = true, password_age_days = 400, account = { ou_path = "Prod" } }

[[rule]]
id = "custom-two-break-glass-users"
title = "Account has fewer than two break-glass users"
severity = "high"
subject = "account"
fails-if = "size(account.iam_users.filter(it, it.path == '/break-glass/')) < 2"
"#;

#[test]
fn rules_are_read_with_all_they_say() {
    let rules = read(WHOLE).unwrap();
    let [first, second] = rules.as_slice() else {
        panic!("{rules:?}")
    };
    let controls: Vec<_> = first
        .rule
        .controls
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        controls,
        [
            "cis-aws 7.0.0 2.10",
            "aws-security-hub IAM.5",
            "acme-policy 3 A.12"
        ]
    );
    let datasets: Vec<_> = first.rule.datasets().map(Dataset::name).collect();
    assert_eq!(datasets, ["iam-users", "login-profiles", "password-use"]);
    assert_eq!(first.rule.section("How to fix it"), "Change it.");
    assert_eq!((first.examples.len(), second.examples.len()), (1, 0));
    assert_eq!(second.rule.severity.name(), "high");
    assert_eq!(second.rule.file, "c.toml");
}

/// What stands in a rule that is right but for what a test adds or takes.
const REST: &str =
    "id = \"custom-a\"\ntitle = \"T\"\nseverity = \"low\"\nfails-if = \"!user.has_mfa\"\n";

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_mistake_says_where_it_is_and_what_to_do() {
    let without = |key: &str| {
        let lines = REST.split_inclusive('\n');
        lines.filter(|it| !it.starts_with(key)).collect::<String>()
    };
    let with = |line: &str| {
        let (key, _) = line.split_once(' ').unwrap();
        format!("{line}\n{}", without(key))
    };
    let example = |lines: &str| format!("{REST}[[rule.example]]\n{lines}");
    for (text, told) in [
        (
            without("id"),
            "1:1: [[rule]] has no `id`: add id = \"custom-no-stale-passwords\"",
        ),
        (without("title"), "1:1: [[rule]] has no `title`"),
        (
            without("severity"),
            "1:1: [[rule]] has no `severity`: add severity = \"medium\"",
        ),
        (
            without("fails-if"),
            "1:1: [[rule]] has no `fails-if`: add fails-if = \"!user.has_mfa\"",
        ),
        (
            with("id = \"iam-user-mfa\""),
            "2:6: `id` begins with `custom-`, which no rule of the tool's does",
        ),
        (with("id = \"custom-\""), "2:6: `id` begins with"),
        (with("id = \"custom-A\""), "2:6: `id` begins with"),
        (with("id = \"custom-a--b\""), "2:6: `id` begins with"),
        (
            with("severity = \"bad\""),
            "2:12: `bad` is not a severity (info, low, medium, high, critical)",
        ),
        (
            with("subject = \"user\""),
            "2:11: `user` is no kind of subject (iam-user, root-user, account)",
        ),
        (
            with("subject = \"root-user\""),
            "6:14: `fails-if`: unknown name `user`: the rule's subject is `root`",
        ),
        (
            with("fails-if = \"!user.has_mfaa\""),
            "2:18: `fails-if`: unknown field `has_mfaa`: did you mean `has_mfa`?",
        ),
        (
            with("fails-if = '''\ntrue &&\n  user.has_mfaa'''"),
            "4:7: `fails-if`: unknown field `has_mfaa`",
        ),
        (
            with("fails-if = 'user.name == \"é\" && user.age_days'"),
            "2:37: `fails-if`: this is a number",
        ),
        // With escapes the place in the file is not that in the text.
        (
            with("fails-if = \"user.name == \\\"a\\\" && user.age_days\""),
            "2:12: `fails-if`: this is a number",
        ),
        (
            with("when = \"has(user.has_mfa)\""),
            "2:12: `when`: `has()` cannot be used",
        ),
        (
            with("when = true"),
            "2:8: `when` is a text, not of type boolean",
        ),
        (
            with("controls = \"cis-aws\""),
            "2:12: `controls` is a list of texts",
        ),
        (
            with("controls = [1]"),
            "2:13: `controls` is a list of texts",
        ),
        (
            with("controls = [\"cis-aws\"]"),
            "2:13: `cis-aws` is no requirement: write the framework, its version",
        ),
        (
            with("controls = [\"cis-awss 7.0.0 2.10\"]"),
            "unknown framework `cis-awss`: did you mean `cis-aws`?",
        ),
        (
            with("fail-if = \"true\""),
            "2:1: unknown key `fail-if` in [[rule]]: did you mean `fails-if`?",
        ),
        (
            format!("{REST}[[rule]]\n{REST}"),
            "7:6: there are two rules `custom-a`",
        ),
        (
            example("expect = \"fail\"\nfacts = {}\n"),
            "has no `name`: add name = \"what it shows\"",
        ),
        (
            example("name = \"n\"\nfacts = {}\n"),
            "has no `expect`: add expect = \"fail\"",
        ),
        (
            example("name = \"n\"\nexpect = \"fail\"\n"),
            "has no `facts`: add facts = { has_mfa = false }",
        ),
        (
            example("name = \"n\"\nexpect = \"failed\"\nfacts = {}\n"),
            "`failed` is no status (pass, fail, not-applicable, indeterminate)",
        ),
        (
            example("name = \"n\"\nexpect = \"fail\"\nfacts = 1\n"),
            "9:9: `facts` is a table of what is known",
        ),
        (
            example("name = \"n\"\nexpect = \"fail\"\nfacts = { has_mfaa = true }\n"),
            "9:11: `facts`: unknown field `has_mfaa`: did you mean `has_mfa`?",
        ),
        (
            example("name = \"n\"\nexpect = \"fail\"\nfacts = { account = { kind = \"x\" } }\n"),
            "9:23: `facts`: this is one of management, member, standalone",
        ),
        (
            example("name = \"n\"\nexpect = \"fail\"\nfacts = { age_days = 1.5 }\n"),
            "9:22: `facts` are true, false, whole numbers",
        ),
        (
            example(
                "name = \"n\"\nexpect = \"fail\"\nfacts = { age_days = 99999999999999999999 }\n",
            ),
            "9:11: `facts`: this is a whole number, at most",
        ),
    ] {
        let error = read(&format!("[[rule]]\n{text}")).expect_err(&text);
        assert!(error.contains(told), "{told}\n{error}");
        assert_eq!(error.lines().count(), 2, "one mistake: {error}");
    }
}

#[test]
fn all_mistakes_of_a_rule_are_told_at_once() {
    let error = read(
        "[[rule]]\nid = \"x\"\nseverity = \"y\"\nwhen = \"user.a && user.b\"\nfails-if = \"1\"\n[[rule.example]]\n",
    )
    .unwrap_err();
    assert!(
        error.starts_with("the configuration has 9 mistakes:"),
        "{error}"
    );
}
