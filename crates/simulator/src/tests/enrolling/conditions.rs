//! What policies can ask of MFA, and variables in them.

use super::Desk;
use crate::authenticate::Mfa;
use crate::policy::{Document, Opinion, Question};

/// Lets users manage their own devices and denies all else without MFA.
const SELF_SERVICE: &str = r#"{"Statement": [
    {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"},
    {"Effect": "Allow", "Action": "iam:CreateVirtualMFADevice", "Resource": "arn:aws:iam::*:mfa/*"},
    {"Effect": "Allow", "Action": ["iam:EnableMFADevice", "iam:ListMFADevices", "iam:DeactivateMFADevice"],
     "Resource": "arn:aws:iam::*:user/${aws:username}"},
    {"Effect": "Deny", "Resource": "*",
     "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:ListMFADevices", "sts:GetSessionToken"],
     "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}"#;

fn opinion_of(mfa: Mfa, user_name: Option<&str>, resource: &str, statement: &str) -> Opinion {
    let document = Document::parse(&format!(r#"{{"Statement":{statement}}}"#)).unwrap();
    document.opinion(&Question {
        action: "iam:EnableMFADevice",
        resource,
        principal: "arn:aws:iam::222222222222:user/bob".into(),
        organization: None,
        external_id: None,
        task_policy: None,
        assumed_root: false,
        user_name,
        mfa,
        given: None,
    })
}

/// Tells what a statement says to a long-term key, to a session without MFA, and to one with MFA since a minute.
fn opinions(effect: &str, condition: &str) -> [Opinion; 3] {
    let statement = format!(
        r#"{{"Effect":"{effect}","Action":"*","Resource":"*","Condition":{{{condition}}}}}"#
    );
    let of = |mfa| opinion_of(mfa, Some("bob"), "*", &statement);
    [Mfa::Untold, Mfa::Absent, Mfa::Present(60)].map(of)
}

#[test]
fn conditions_on_mfa_mean_what_they_mean_to_aws() {
    use Opinion::{Allow, Deny, Silence};
    for (effect, condition, expected) in [
        (
            "Deny",
            r#""BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}"#,
            [Deny, Deny, Silence],
        ),
        (
            "Deny",
            r#""Bool":{"aws:MultiFactorAuthPresent":"false"}"#,
            [Silence, Deny, Silence],
        ),
        (
            "Allow",
            r#""Bool":{"aws:multifactorauthpresent":true}"#,
            [Silence, Silence, Allow],
        ),
        (
            "Allow",
            r#""BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}"#,
            [Allow, Silence, Allow],
        ),
        (
            "Deny",
            r#""Null":{"aws:MultiFactorAuthPresent":"true"}"#,
            [Deny, Silence, Silence],
        ),
        (
            "Deny",
            r#""Null":{"aws:MultiFactorAuthAge":true}"#,
            [Deny, Deny, Silence],
        ),
        (
            "Allow",
            r#""NumericLessThan":{"aws:MultiFactorAuthAge":"61"}"#,
            [Silence, Silence, Allow],
        ),
        (
            "Allow",
            r#""NumericLessThan":{"aws:MultiFactorAuthAge":60}"#,
            [Silence; 3],
        ),
        (
            "Deny",
            r#""NumericGreaterThanIfExists":{"aws:MultiFactorAuthAge":"59"}"#,
            [Deny; 3],
        ),
        (
            "Allow",
            r#""NumericEquals":{"aws:MultiFactorAuthAge":["1","60"]}"#,
            [Silence, Silence, Allow],
        ),
        (
            "Allow",
            r#""NumericLessThanEquals":{"aws:MultiFactorAuthAge":"a minute"}"#,
            [Silence; 3],
        ),
    ] {
        assert_eq!(
            opinions(effect, condition),
            expected,
            "{effect} {condition}"
        );
    }
}

#[test]
fn variables_stand_for_texts_and_not_for_patterns() {
    let user = "arn:aws:iam::222222222222:user";
    for (pattern, name, resource, matches) in [
        ("/${aws:username}", Some("bob"), "/bob", true),
        ("/${AWS:UserName}", Some("bob"), "/bob", true),
        ("/*/${aws:username}", Some("bob"), "/team/bob", true),
        ("/${aws:username}", Some("bob"), "/bobby", false),
        ("/${aws:username}*", Some("bob"), "/bobby", true),
        ("/${aws:username}", Some("b*"), "/bob", false),
        ("/${aws:username}", None, "/bob", false),
        ("/${aws:username, 'bob'}", None, "/bob", true),
        ("/${aws:username, 'bob'}", Some("eve"), "/bob", false),
        ("/${s3:prefix}", Some("bob"), "/bob", false),
        ("/${*}", Some("bob"), "/bob", false),
        ("/${*}", Some("bob"), "/*", true),
        ("/a${?}${$}", Some("bob"), "/a?$", true),
    ] {
        let statement =
            format!(r#"{{"Effect":"Allow","Action":"*","Resource":"{user}{pattern}"}}"#);
        let opinion = opinion_of(Mfa::Untold, name, &format!("{user}{resource}"), &statement);
        assert_eq!(
            opinion == Opinion::Allow,
            matches,
            "{pattern} {name:?} {resource}"
        );
    }
    let own =
        r#""StringEquals":{"aws:PrincipalArn":"arn:aws:iam::222222222222:user/${aws:username}"}"#;
    assert_eq!(opinions("Allow", own), [Opinion::Allow; 3]);
    let other = own.replace("aws:username", "sts:ExternalId");
    assert_eq!(opinions("Allow", &other), [Opinion::Silence; 3]);
}

#[test]
fn self_service_opens_the_rest_once_a_device_is_shown() {
    let mut desk = Desk::with_policy(SELF_SERVICE, "[[account.user]]\nname = \"eve\"");
    let denied = |desk: &Desk| desk.iam("ListUsers", "").2;
    let deny = "with an explicit deny in an identity-based policy";
    assert!(denied(&desk).ends_with(deny), "{}", denied(&desk));
    let serial = desk.create("phone");
    let of_other = desk.enable("eve", &serial, 0);
    assert_eq!(of_other.1, "AccessDenied");
    assert_eq!(desk.enable("bob", &serial, 0).0, 200);
    assert!(denied(&desk).ends_with(deny));
    desk.show(&serial, 0);
    assert_eq!(desk.status("ListUsers", ""), 200);
}

#[test]
fn a_device_that_was_shown_long_ago_no_longer_counts() {
    let policy = r#"{"Statement": [
        {"Effect": "Allow", "Action": ["iam:*VirtualMFADevice", "iam:EnableMFADevice"], "Resource": "*"},
        {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*",
         "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}}]}"#;
    let mut desk = Desk::with_policy(policy, "");
    let serial = desk.enrol("bob", "phone");
    assert_eq!(desk.status("ListUsers", ""), 403);
    desk.show(&serial, 0);
    assert_eq!(desk.status("ListUsers", ""), 200);
    desk.wait(3500);
    assert_eq!(desk.status("ListUsers", ""), 200);
    desk.wait(110);
    assert_eq!(desk.status("ListUsers", ""), 403);
}

#[test]
fn a_long_term_key_tells_nothing_and_a_roles_session_tells_that_there_is_no_mfa() {
    let statement = |effect: &str, operator: &str, value: &str| {
        format!(
            r#"{{"Effect":"{effect}","Action":"iam:ListUsers","Resource":"*",
                 "Condition":{{"{operator}":{{"aws:MultiFactorAuthPresent":"{value}"}}}}}}"#
        )
    };
    let allow = r#"{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*"}"#;
    for (statements, key, role) in [
        (statement("Allow", "BoolIfExists", "true"), 200, 403),
        (statement("Allow", "Bool", "false"), 403, 200),
        (
            format!("{allow},{}", statement("Deny", "Bool", "false")),
            200,
            403,
        ),
        (
            format!("{allow},{}", statement("Deny", "BoolIfExists", "false")),
            403,
            403,
        ),
    ] {
        let policy = format!(r#"{{"Statement":[{statements}]}}"#);
        let desk = Desk::with_policy(&policy, "");
        assert_eq!(desk.status("ListUsers", ""), key, "{statements}");
        let client = super::Client::in_member("");
        client
            .state
            .update(|it| it.accounts[1].roles[0].policy = Some(policy));
        assert_eq!(client.iam("ListUsers", "").status, role, "{statements}");
    }
}
