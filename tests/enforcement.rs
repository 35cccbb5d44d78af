//! Whether MFA is enforced or only enrolled: in an organization, in an explanation, and of documents alone.

use serde_json::Value;
use simulator::{Fault, FaultKind, PolicyKind, World};

use crate::harness::{Findings, Run, Stage, mfaudit};

const ENFORCED: &str = "iam-user-mfa-enforced";
const BYPASS: &str = "iam-user-mfa-enforcement-bypass";
const RULES: [&str; 4] = ["--rule", ENFORCED, "--rule", BYPASS];

/// An organization whose unit Prod enforces MFA by a service control policy, with an account outside of it.
pub(crate) fn world() -> World {
    let scp = run(&["policy-check", "--recommended", "scp"]).stdout;
    let denial = |operator: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Sid": "Enforce", "Effect": "Deny", "NotAction": ["iam:EnableMFADevice",
                "iam:ListMFADevices", "sts:GetSessionToken"], "Resource": "*",
                "Condition": {{"{operator}": {{"aws:MultiFactorAuthPresent": "false"}}}}}}}}"#
        )
    };
    let (good, by_bool) = (denial("BoolIfExists"), denial("Bool"));
    let admin = r#"policies = ["arn:aws:iam::aws:policy/AdministratorAccess"]"#;
    let key = "[[account.user.access-keys]]";
    World::from_toml(&format!(
        r#"
        [organization]
        id = "o-enforce001"
        management-account = "111111111111"
        [[ou]]
        name = "Prod"
        [[scp]]
        id = "p-enforce01"
        name = "RequireMfa"
        target = "Prod"
        policy = '''{scp}'''

        [[account]]
        id = "111111111111"
        name = "management"
        [[account.user]]
        name = "mona"
        {admin}
        {key}

        [[account]]
        id = "222222222222"
        name = "inside"
        ou = "Prod"
        [[account.role]]
        name = "mfaudit-audit"
        [[account.user]]
        name = "alice"
        password = {{}}
        {admin}
        {key}

        [[account]]
        id = "333333333333"
        name = "outside"
        [[account.role]]
        name = "mfaudit-audit"
        [[account.role]]
        name = "deploy"
        trust-policy = '''{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {{"AWS": "arn:aws:iam::333333333333:user/finn"}}}}}}'''
        [[account.policy]]
        name = "limit"
        document = '''{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Resource": "*",
            "Action": ["iam:EnableMFADevice", "iam:ListMFADevices"]}}}}'''
        [[account.group]]
        name = "staff"
        {admin}
        [[account.group]]
        name = "with-mfa"
        inline-policies = {{ "mfa" = '''{good}''' }}
        [[account.user]]
        name = "ann"
        {admin}
        {key}
        [[account.user]]
        name = "ben"
        groups = ["staff"]
        {key}
        [[account.user]]
        name = "cleo"
        groups = ["staff", "with-mfa"]
        {key}
        [[account.user]]
        name = "dora"
        inline-policies = {{ "mfa" = '''{by_bool}''' }}
        {admin}
        {key}
        [[account.user]]
        name = "dirk"
        password = {{}}
        inline-policies = {{ "mfa" = '''{by_bool}''' }}
        {admin}
        [[account.user]]
        name = "eve"
        boundary = "limit"
        {admin}
        {key}
        [[account.user]]
        name = "finn"
        {key}
        [[account.user]]
        name = "gil"
        {admin}
        "#
    ))
    .unwrap()
}

fn run(args: &[&str]) -> Run {
    Run::of(mfaudit(args).output().unwrap())
}

fn arn(account: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:user/{name}")
}

fn reason<'a>(findings: &'a Findings, rule: &str, arn: &str) -> &'a str {
    findings.finding(rule, arn)["reason"].as_str().unwrap()
}

#[test]
fn each_user_of_an_organization_is_judged_by_all_policies_over_it() {
    let stage = Stage::new(world());
    let (run, findings) = stage.audit(&RULES);
    assert_eq!(run.status, 3, "{}", run.stderr);
    for (account, name, enforced, bypass, because) in [
        (
            "111111111111",
            "mona",
            "fail",
            "not-applicable",
            "no statement asks for MFA",
        ),
        (
            "222222222222",
            "alice",
            "pass",
            "pass",
            "the statement NothingElseWithoutMfa of the service control policy RequireMfa (p-enforce01) of the unit Prod (ou-",
        ),
        (
            "333333333333",
            "ann",
            "fail",
            "not-applicable",
            "with an access key, by the statement [0] of the policy arn:aws:iam::aws:policy/AdministratorAccess; no statement asks for MFA",
        ),
        (
            "333333333333",
            "ben",
            "fail",
            "not-applicable",
            "arn:aws:iam::aws:policy/AdministratorAccess of the group staff; no statement",
        ),
        (
            "333333333333",
            "cleo",
            "pass",
            "pass",
            "the statement Enforce of the group with-mfa's own policy mfa",
        ),
        (
            "333333333333",
            "dora",
            "fail",
            "fail",
            "the condition of the statement Enforce of the user's own policy mfa does not hold with an access key",
        ),
        (
            "333333333333",
            "dirk",
            "pass",
            "pass",
            "the statement Enforce of the user's own policy mfa",
        ),
        (
            "333333333333",
            "eve",
            "pass",
            "not-applicable",
            "no policy allows the user anything without MFA but to enrol a device",
        ),
        (
            "333333333333",
            "finn",
            "fail",
            "not-applicable",
            "the role arn:aws:iam::333333333333:role/deploy can be assumed with an access key, since its trust policy names the user",
        ),
        (
            "333333333333",
            "gil",
            "not-applicable",
            "not-applicable",
            "neither a console password nor an active access key",
        ),
    ] {
        let arn = arn(account, name);
        let why = reason(&findings, ENFORCED, &arn);
        assert_eq!(findings.status(ENFORCED, &arn), enforced, "{name}: {why}");
        let leaks = reason(&findings, BYPASS, &arn);
        assert_eq!(findings.status(BYPASS, &arn), bypass, "{name}: {leaks}");
        assert!(why.contains(because), "{name}: {why}");
        assert!(why.len() < 1000, "{name}: {why}");
    }
}

#[test]
fn service_control_policies_that_cannot_be_read_leave_every_member_indeterminate() {
    for action in ["ListPolicies", "ListTargetsForPolicy", "DescribePolicy"] {
        let mut world = world();
        world.faults = vec![Fault {
            account: None,
            action: format!("organizations:{action}"),
            after: None,
            times: None,
            kind: FaultKind::Deny {
                message: None,
                policy: PolicyKind::Identity,
            },
        }];
        let stage = Stage::new(world);
        let (run, findings) = stage.audit(&RULES);
        for rule in [ENFORCED, BYPASS] {
            for name in ["alice", "ann", "cleo", "dora", "eve", "finn"] {
                let account = if name == "alice" {
                    "222222222222"
                } else {
                    "333333333333"
                };
                let arn = arn(account, name);
                assert_eq!(
                    findings.status(rule, &arn),
                    "indeterminate",
                    "{action}: {name}"
                );
                let why = reason(&findings, rule, &arn);
                assert!(why.contains("denied"), "{action}: {why}");
            }
        }
        // No service control policy touches the management account, and a user that cannot sign in does nothing.
        assert_eq!(
            findings.status(ENFORCED, &arn("111111111111", "mona")),
            "fail"
        );
        assert_eq!(
            findings.status(ENFORCED, &arn("333333333333", "gil")),
            "not-applicable"
        );
        assert_eq!(run.status, 3, "{}", run.stderr);
    }
}

#[test]
fn an_explanation_tells_what_can_be_done_by_which_statement_and_what_to_change() {
    let stage = Stage::new(world());
    let collect = ["collect", "-o", "run.mfaudit"];
    let collected = stage.run(&[&collect[..], &RULES].concat());
    assert_eq!(collected.status, 0, "{}", collected.stderr);
    let explain = |rule: &str, name: &str, form: &str| {
        let args = [
            "explain",
            "--from",
            "run.mfaudit",
            rule,
            name,
            "--format",
            form,
        ];
        let run = stage.run(&args);
        assert_eq!(run.status, 0, "{}", run.stderr);
        run.stdout
    };
    for rule in [ENFORCED, BYPASS] {
        let told: Value = serde_json::from_str(&explain(rule, "dora", "json")).unwrap();
        let text = |key: &str| told["policies"][key].to_string();
        assert!(
            text("without_mfa").contains("with an access key: iam:CreateAccessKey"),
            "{told}"
        );
        assert!(
            text("decided_by").contains("the statement Enforce of the user's own policy mfa"),
            "{told}"
        );
        assert!(text("to_change").contains("`BoolIfExists`"), "{told}");
        let facts = told["facts"]["read"].to_string();
        for fact in [
            "mfa (in the user), arn:aws:iam::aws:policy/AdministratorAccess",
            "the root r-a1b2: FullAWSAccess (p-FullAWSAccess); the account 333333333333: FullAWSAccess",
        ] {
            assert!(facts.contains(fact), "{fact}\n{facts}");
        }
    }
    let page = explain(ENFORCED, "alice", "text");
    for line in [
        "\nWITHOUT MFA, beyond self service\n",
        "\nSTATEMENTS that decide\n",
        "RequireMfa (p-enforce01)",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    assert!(explain(ENFORCED, "ann", "text").contains("\nWHAT TO CHANGE\n"));
}

#[test]
fn a_redacted_report_names_nobody_in_its_reasons() {
    let stage = Stage::new(world());
    let (run, findings) =
        stage.audit(&[&RULES[..], &["--redact", "names", "--redact-key", "key"]].concat());
    assert!(
        !run.stdout.contains("finn") && !run.stdout.contains("with-mfa"),
        "{}",
        run.stdout
    );
    let failures = findings.all().filter(|it| it["status"] == "fail").count();
    assert_eq!(failures, 6);
}

#[test]
fn self_service_is_what_the_configuration_says() {
    let stage = Stage::new(world());
    let config = |actions: &str| {
        let text = format!("[rules.{ENFORCED}]\nself-service = {actions}\n");
        std::fs::write(stage.file("mfaudit.toml"), text).unwrap();
        stage.audit(&RULES)
    };
    let (_, findings) = config(r#"["iam:EnableMFADevice"]"#);
    assert_eq!(
        findings.status(ENFORCED, &arn("333333333333", "eve")),
        "fail"
    );
    let (run, _) = config(r#"["iam"]"#);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("`iam` is no action"), "{}", run.stderr);
}

#[test]
fn documents_are_checked_without_aws_and_the_exit_code_tells() {
    let folder = tempfile::tempdir().unwrap();
    let check = |args: &[&str]| {
        let mut command = mfaudit(&[&["policy-check"], args].concat());
        Run::of(command.current_dir(folder.path()).output().unwrap())
    };
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let scp = check(&["--recommended", "scp"]).stdout;
    write("scp.json", scp.as_bytes());
    write("leaky.json", scp.replace("BoolIfExists", "Bool").as_bytes());
    write(
        "unclear.json",
        scp.replace("BoolIfExists", "BoolPerhaps").as_bytes(),
    );
    write(
        "policy.json",
        check(&["--recommended", "policy"]).stdout.as_bytes(),
    );
    write(
        "broken.json",
        b"{\"Statement\": [\n  {\"Effect\": \"Deny\" \"Action\": \"*\"}]}",
    );
    write("latin1.json", b"{\n\"Id\": \"\xe9\"}");
    assert_eq!(check(&["--scp", "scp.json"]).status, 0);
    assert_eq!(check(&["policy.json"]).status, 0);
    let leaky = check(&["--scp", "leaky.json"]);
    assert_eq!(leaky.status, 3, "{}", leaky.stderr);
    assert!(
        leaky.stdout.starts_with("MFA is NOT ENFORCED: "),
        "{}",
        leaky.stdout
    );
    assert!(
        leaky.stdout.contains("policy leaky.json of the target"),
        "{}",
        leaky.stdout
    );
    assert_eq!(
        check(&["policy.json", "--scp", "leaky.json"]).status,
        0,
        "its own policy denies"
    );
    let unclear = check(&["--scp", "unclear.json", "--format", "json"]);
    assert_eq!(unclear.status, 4, "{}", unclear.stderr);
    let json: Value = serde_json::from_str(&unclear.stdout).unwrap();
    assert_eq!(json["outcome"], "unclear");
    assert!(
        json["not_known"][0]["what"]
            .as_str()
            .unwrap()
            .contains("BoolPerhaps")
    );
    for (file, place) in [
        (
            "broken.json",
            "broken.json: not JSON that a policy can be read from: ",
        ),
        ("broken.json", " at line 2 column "),
        ("latin1.json", "latin1.json: line 2: not UTF-8"),
        ("missing.json", "missing.json: cannot be read"),
    ] {
        let refused = check(&[file]);
        assert_eq!(refused.status, 1, "{file}");
        assert!(refused.stderr.contains(place), "{}", refused.stderr);
        assert_eq!(refused.stdout, "");
    }
    assert_eq!(check(&[]).status, 2, "nothing to check");
}
