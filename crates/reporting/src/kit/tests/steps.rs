//! What each principal is told to do.

use rules::CATALOG;
use serde_json::{Value, json};

use super::{MANAGEMENT, MEMBER, files, finding, page, report, root, rows, user, with};

#[test]
fn a_user_without_a_device_has_the_exact_commands_and_links() {
    let page = page(&[user("ana")]);
    for line in [
        "(umask 077; aws iam create-virtual-mfa-device --virtual-mfa-device-name ana --outfile mfa-device.png \
         --bootstrap-method QRCodePNG)",
        "aws iam enable-mfa-device --user-name ana --serial-number arn:aws:iam::222222222222:mfa/ana \
         --authentication-code1 CODE1 --authentication-code2 CODE2",
        "mfaudit enroll --profile PROFILE --user ana",
        "mfaudit enroll --profile PROFILE",
    ] {
        assert!(page.lines().any(|it| it == line), "{line}\n{page}");
    }
    let link =
        "https://console.aws.amazon.com/iam/home#/users/details/ana?section=security_credentials";
    assert!(page.contains(link), "{page}");
    assert!(!page.contains("delete-login-profile"), "{page}");
}

#[test]
fn a_name_in_a_path_is_the_last_part_and_the_console_is_the_partition_s() {
    let arn = "arn:aws-us-gov:iam::222222222222:user/team/deep/ana";
    let page = page(&[finding("iam-user-console-mfa", "iam-user", arn, "fail")]);
    assert!(
        page.contains("--user-name ana --serial-number arn:aws-us-gov:iam::222222222222:mfa/ana ")
    );
    assert!(page.contains("https://console.amazonaws-us-gov.com/iam/home#/users/details/ana?"));
    assert!(!page.contains("console.aws.amazon.com"), "{page}");
}

#[test]
fn an_iam_user_who_is_called_root_has_a_name() {
    assert!(page(&[user("root")]).contains("### IAM user root (high)"));
    let page = page(&[root("root-user-mfa", "arn:aws:iam::222222222222:root")]);
    assert!(
        page.contains("### Root user (high)") || page.contains("### Root user (critical)"),
        "{page}"
    );
}

#[test]
fn an_idle_password_is_deleted_and_one_in_use_or_of_unknown_use_is_not() {
    for (days, idle) in [(json!(190), true), (json!(3), false), (Value::Null, false)] {
        let findings = [with(user("ana"), "password_unused_days", days)];
        let page = page(&findings);
        let delete = "\naws iam delete-login-profile --user-name ana\n";
        assert_eq!(page.contains(delete), idle, "{page}");
        assert_eq!(page.contains("create-virtual-mfa-device"), !idle, "{page}");
        let files = files(&report(&findings));
        let command = &rows(&files["mail-merge.csv"])[0]["command"];
        assert_eq!(command.contains("delete-login-profile"), idle, "{command}");
    }
}

#[test]
fn a_root_user_has_the_steps_of_its_account() {
    let member = &[root("root-user-mfa", "arn:aws:iam::222222222222:root")];
    let management = &[root("root-user-mfa", "arn:aws:iam::111111111111:root")];
    let of = |findings: &[Value], change: (&str, Value)| {
        let report = with(report(findings), change.0, change.1);
        files(&report).remove("owners/shops.md").unwrap()
    };
    let same = || ("version", json!(1));
    let central = "aws sts assume-root --region us-east-1 --target-principal 222222222222";
    let enable = "aws iam enable-organizations-root-credentials-management";
    let key = "root_credentials_management";

    let page = of(member, same());
    assert!(
        page.contains(central) && !page.contains("Assign MFA device"),
        "{page}"
    );
    let page = of(member, (key, json!("not-enabled")));
    assert!(
        page.contains(enable) && page.contains("Assign MFA device"),
        "{page}"
    );
    assert!(!page.contains("assume-root"), "{page}");
    let page = of(member, (key, json!("not-seen")));
    assert!(
        page.contains("was not seen") && page.contains("Assign MFA device"),
        "{page}"
    );
    assert!(
        !page.contains("assume-root") && !page.contains(enable),
        "{page}"
    );
    for page in [
        of(management, same()),
        of(member, ("organization", Value::Null)),
    ] {
        assert!(page.contains("Assign MFA device"), "{page}");
        assert!(
            !page.contains("assume-root") && !page.contains(enable),
            "{page}"
        );
    }
    assert!(of(management, same()).contains("This is the management account"));
}

#[test]
fn a_root_user_that_cannot_sign_in_loses_its_keys() {
    let arn = "arn:aws-us-gov:iam::222222222222:root";
    let report = with(
        report(&[root("root-user-mfa", arn)]),
        "organization",
        Value::Null,
    );
    let page = files(&report).remove("owners/shops.md").unwrap();
    assert!(page.contains("aws iam delete-access-key"), "{page}");
    assert!(!page.contains("Assign MFA device"), "{page}");
}

#[test]
fn every_rule_of_the_catalog_has_steps() {
    for rule in CATALOG {
        let (kind, arn) = match rule.id.split('-').next().unwrap() {
            "root" => ("root-user", format!("arn:aws:iam::{MEMBER}:root")),
            "account" => ("account", format!("arn:aws:iam::{MEMBER}:root")),
            "organization" => ("organization", format!("arn:aws:iam::{MANAGEMENT}:root")),
            _ if rule.id.starts_with("iam-role") => {
                ("iam-role", format!("arn:aws:iam::{MEMBER}:role/x"))
            }
            _ => ("iam-user", format!("arn:aws:iam::{MEMBER}:user/x")),
        };
        let page = page(&[finding(rule.id, kind, &arn, "fail")]);
        let steps = page.split("\n#### ").nth(1).unwrap();
        assert!(steps.trim().lines().count() > 2, "{}: {page}", rule.id);
        assert!(!steps.contains("does not know the rule"), "{}", rule.id);
    }
}
