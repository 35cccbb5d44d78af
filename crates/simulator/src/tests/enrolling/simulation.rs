//! `SimulatePrincipalPolicy`: what a user's policies would say.

use super::{Desk, element, elements, refusal};

const BOB: &str = "PolicySourceArn=arn:aws:iam::222222222222:user/bob";

/// Allows some of the actions of an enrolment, one of them with MFA only.
const POLICY: &str = r#"{"Statement": [
    {"Effect": "Allow", "Action": "iam:Simulate*", "Resource": "*"},
    {"Effect": "Allow", "Action": "iam:EnableMFADevice", "Resource": "arn:aws:iam::*:user/${aws:username}"},
    {"Effect": "Allow", "Action": "iam:ResyncMFADevice", "Resource": "*",
     "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
    {"Effect": "Deny", "Action": "iam:CreateVirtualMFADevice", "Resource": "*"}]}"#;

fn desk() -> Desk {
    Desk::with_policy(POLICY, "")
}

fn actions(names: &[&str]) -> String {
    let names = names.iter().zip(1..);
    names
        .map(|(name, it)| format!("&ActionNames.member.{it}={name}"))
        .collect::<Vec<_>>()
        .concat()
}

fn body(desk: &Desk, more: &str) -> String {
    let answer = desk
        .client
        .iam("SimulatePrincipalPolicy", &format!("{BOB}{more}"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

#[test]
fn each_action_is_decided() {
    let asked = actions(&[
        "iam:EnableMFADevice",
        "iam:ListUsers",
        "iam:CreateVirtualMFADevice",
        "iam:SimulateCustomPolicy",
    ]);
    let body = body(&desk(), &asked);
    assert_eq!(
        elements(&body, "EvalActionName"),
        [
            "iam:EnableMFADevice",
            "iam:ListUsers",
            "iam:CreateVirtualMFADevice",
            "iam:SimulateCustomPolicy"
        ]
    );
    assert_eq!(
        elements(&body, "EvalDecision"),
        ["implicitDeny", "implicitDeny", "explicitDeny", "allowed"]
    );
    assert_eq!(element(&body, "IsTruncated").unwrap(), "false");
    assert!(!body.contains("ResourceSpecificResults"));
}

#[test]
fn each_resource_is_decided() {
    let user = "arn:aws:iam::222222222222:user";
    let more = format!(
        "{}&ResourceArns.member.1={user}/bob&ResourceArns.member.2={user}/eve",
        actions(&["iam:EnableMFADevice"])
    );
    let body = body(&desk(), &more);
    assert_eq!(
        elements(&body, "EvalResourceDecision"),
        ["allowed", "implicitDeny"]
    );
    let details = element(&body, "ResourceSpecificResults").unwrap();
    assert_eq!(
        elements(&details, "EvalResourceName"),
        [format!("{user}/bob"), format!("{user}/eve")]
    );
    assert_eq!(element(&body, "EvalDecision").unwrap(), "implicitDeny");
}

#[test]
fn what_is_told_of_mfa_counts_and_what_is_not_told_is_missing() {
    let simulate = |told: &str| {
        let context = if told.is_empty() {
            String::new()
        } else {
            format!(
                "&ContextEntries.member.1.ContextKeyName=aws:multifactorauthpresent\
                 &ContextEntries.member.1.ContextKeyType=boolean\
                 &ContextEntries.member.1.ContextKeyValues.member.1={told}"
            )
        };
        let body = body(
            &desk(),
            &format!("{}{context}", actions(&["iam:ResyncMFADevice"])),
        );
        let missing = element(&body, "MissingContextValues").unwrap();
        (
            element(&body, "EvalDecision").unwrap(),
            missing.contains("aws:MultiFactorAuthPresent"),
        )
    };
    assert_eq!(simulate(""), ("implicitDeny".into(), true));
    assert_eq!(simulate("false"), ("implicitDeny".into(), false));
    assert_eq!(simulate("true"), ("allowed".into(), false));
}

#[test]
fn boundaries_and_service_control_policies_take_part() {
    let decide = |more: &str| {
        let policy = r#"{"Statement":{"Effect":"Allow","Action":"iam:Simulate*","Resource":"*"}}"#;
        let text = format!(
            "policies = [\"arn:aws:iam::aws:policy/AdministratorAccess\"]\n{more}\n\
             [[account.policy]]\nname = \"limit\"\ndocument = '''{policy}'''"
        );
        let desk = Desk::with_policy(policy, &text);
        let body = body(&desk, &actions(&["iam:ListUsers"]));
        element(&body, "EvalDecision").unwrap()
    };
    assert_eq!(decide(""), "allowed");
    assert_eq!(decide("boundary = \"limit\""), "implicitDeny");
    let scp = "[[scp]]\nid = \"p-1\"\ndeny = [\"iam:List*\"]\n[[account]]\nid = \"333333333333\"";
    assert_eq!(decide(scp), "explicitDeny");
}

#[test]
fn results_come_in_pages() {
    let desk = desk();
    let asked = actions(&["iam:ListUsers", "iam:GetUser", "iam:SimulateCustomPolicy"]);
    let first = body(&desk, &format!("{asked}&MaxItems=2"));
    assert_eq!(elements(&first, "EvalDecision").len(), 2);
    let marker = element(&first, "Marker").unwrap().replace('=', "%3D");
    let second = body(&desk, &format!("{asked}&Marker={marker}"));
    assert_eq!(
        elements(&second, "EvalActionName"),
        ["iam:SimulateCustomPolicy"]
    );
}

#[test]
fn who_is_simulated_has_to_exist() {
    let desk = desk();
    let answer = |source: &str| {
        let more = format!("PolicySourceArn={source}{}", actions(&["iam:ListUsers"]));
        desk.iam("SimulatePrincipalPolicy", &more)
    };
    let missing = "The user with name eve cannot be found.";
    assert_eq!(
        answer("arn:aws:iam::222222222222:user/eve"),
        refusal(404, "NoSuchEntity", missing)
    );
    assert_eq!(answer("arn:aws:iam::222222222222:user/other/bob").0, 200);
    for malformed in ["bob", "arn:aws:iam::222222222222:mfa/bob"] {
        assert_eq!(answer(malformed).1, "InvalidInput", "{malformed}");
    }
    assert_eq!(
        desk.iam("SimulatePrincipalPolicy", BOB).1,
        "ValidationError"
    );
}

#[test]
fn a_simulation_needs_a_permission_and_changes_nothing() {
    let policy = r#"{"Statement":{"Effect":"Allow","Action":"iam:List*","Resource":"*"}}"#;
    let desk = Desk::with_policy(policy, "");
    let more = format!("{BOB}{}", actions(&["iam:ListUsers"]));
    let (status, _, message) = desk.iam("SimulatePrincipalPolicy", &more);
    assert_eq!(status, 403);
    assert!(
        message.contains("iam:SimulatePrincipalPolicy on resource"),
        "{message}"
    );
}
