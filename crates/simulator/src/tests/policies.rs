//! Authorization: which policy allows, which refuses, and in which words.

use serde_json::json;

use super::{Client, error_of};
use crate::authenticate::Mfa;
use crate::policy::{Document, Opinion, Question};
use crate::wildcard::matches;
use crate::world::ServiceControlPolicy;

const SESSION: &str =
    "User: arn:aws:sts::222222222222:assumed-role/audit/mfaudit is not authorized to perform:";

fn policy(statement: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)
}

fn allow(action: &str) -> String {
    policy(&format!(
        r#"{{"Effect":"Allow","Action":"{action}","Resource":"*"}}"#
    ))
}

fn refusal(client: &Client, action: &str, more: &str) -> String {
    let (status, code, message) = error_of(&client.iam(action, more));
    assert_eq!((status, code.as_str()), (403, "AccessDenied"));
    message
}

#[test]
fn each_policy_refuses_in_its_own_words() {
    let client = Client::in_member("");
    let users = format!("{SESSION} iam:ListUsers on resource: arn:aws:iam::222222222222:user/");
    let role = |change: fn(&mut crate::world::Role)| {
        client
            .state
            .update(|it| change(&mut it.accounts[1].roles[0]));
    };

    role(|it| it.policy = Some(allow("iam:ListMFADevices")));
    let silent =
        format!("{users} because no identity-based policy allows the iam:ListUsers action");
    assert_eq!(refusal(&client, "ListUsers", ""), silent);

    role(|it| it.policy = Some(allow("*").replace("Allow", "Deny")));
    assert_eq!(
        refusal(&client, "ListUsers", ""),
        format!("{users} with an explicit deny in an identity-based policy")
    );

    role(|it| (it.policy, it.boundary) = (None, Some(allow("s3:*"))));
    let silent = format!("{users} because no permissions boundary allows the iam:ListUsers action");
    assert_eq!(refusal(&client, "ListUsers", ""), silent);

    role(|it| it.boundary = None);
    client.state.update(|world| {
        let deny = vec!["iam:*".into()];
        world.scps.push(ServiceControlPolicy {
            id: "p-1".into(),
            target: super::MEMBER.into(),
            deny,
            ..Default::default()
        });
    });
    let scp = "arn:aws:organizations::111111111111:policy/o-exampleorg/service_control_policy/p-1";
    assert_eq!(
        refusal(&client, "ListUsers", ""),
        format!("{users} with an explicit deny in a service control policy: {scp}")
    );
    assert_eq!(client.sts("GetCallerIdentity", "").status, 200);
}

#[test]
fn a_session_policy_can_only_take_away() {
    let mut client = Client::of_toml("");
    let session = allow("iam:List*").replace('"', "%22");
    client.enter(
        "arn:aws:iam::222222222222:role/audit",
        &format!("&Policy={session}"),
    );
    assert_eq!(client.iam("ListUsers", "").status, 200);
    assert_eq!(
        refusal(&client, "GetAccountSummary", ""),
        format!(
            "{SESSION} iam:GetAccountSummary on resource: * because no session policy allows the iam:GetAccountSummary action"
        )
    );
    client
        .state
        .update(|world| world.accounts[1].roles[0].policy = Some(allow("iam:GetUser")));
    assert_eq!(client.iam("ListUsers", "").status, 403);
}

#[test]
fn a_scp_of_a_unit_holds_below_it_and_spares_the_management_account() {
    let client = Client::in_member("[[ou]]\nname = \"A\"\n[[ou]]\nname = \"B\"\nparent = \"A\"");
    let scp = |target: &str| ServiceControlPolicy {
        target: target.into(),
        deny: vec!["iam:Get*".into()],
        ..Default::default()
    };
    let status = |ou: &str, target: &str| {
        client.state.update(|world| {
            world.accounts[1].ou = ou.into();
            world.scps = vec![scp(target)];
        });
        client.iam("GetAccountSummary", "").status
    };
    assert_eq!(status("A/B", "A"), 403);
    assert_eq!(status("A/B", "A/B"), 403);
    assert_eq!(status("A", "A/B"), 200);
    assert_eq!(status("A", ""), 403);
    assert_eq!(
        Client::of_toml("[[scp]]\nid = \"p-1\"\ndeny = [\"*\"]")
            .iam("GetAccountSummary", "")
            .status,
        200
    );
}

#[test]
fn organizations_refuses_with_its_own_code() {
    let client = Client::of_toml("");
    client
        .state
        .update(|world| world.caller.policy = Some(allow("iam:*")));
    let (status, error) = client.organizations("ListAccounts", &json!({}));
    assert_eq!(
        (status, error["__type"].as_str()),
        (400, Some("AccessDeniedException"))
    );
    assert_eq!(
        error["Message"],
        "User: arn:aws:iam::111111111111:user/mfaudit is not authorized to perform: organizations:ListAccounts \
         on resource: * because no identity-based policy allows the organizations:ListAccounts action"
    );
}

#[test]
fn a_message_about_a_user_names_the_user() {
    let client = Client::in_member("");
    client
        .state
        .update(|world| world.accounts[1].roles[0].policy = Some(allow("s3:*")));
    assert!(
        refusal(&client, "GetLoginProfile", "UserName=bob")
            .contains("on resource: user bob because")
    );
}

const AUDIT: &str = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials";

fn opinion(statement: &str) -> Opinion {
    Document::parse(&policy(statement))
        .unwrap()
        .opinion(&Question {
            action: "iam:GetUser",
            resource: "arn:aws:iam::222222222222:user/team/bob",
            principal: "arn:aws:iam::222222222222:role/audit".into(),
            organization: Some("o-exampleorg"),
            external_id: None,
            task_policy: Some(AUDIT),
            assumed_root: false,
            user_name: None,
            mfa: Mfa::Absent,
            given: None,
        })
}

#[test]
fn statements_apply_as_written() {
    for (statement, expected) in [
        (
            r#"{"Effect":"Allow","Action":"IAM:getuser","Resource":"*"}"#,
            Opinion::Allow,
        ),
        (
            r#"{"Effect":"Allow","Action":["s3:*","iam:Get???r"],"Resource":"*"}"#,
            Opinion::Allow,
        ),
        (
            r#"{"Effect":"Allow","Action":"iam:Get","Resource":"*"}"#,
            Opinion::Silence,
        ),
        (
            r#"{"Effect":"Deny","NotAction":"iam:List*","Resource":"*"}"#,
            Opinion::Deny,
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:iam::*:user/team/*"}"#,
            Opinion::Allow,
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:iam::*:user/other/*"}"#,
            Opinion::Silence,
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-exampleorg"}}}"#,
            Opinion::Allow,
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"sts:ExternalId":"x"}}}"#,
            Opinion::Silence,
        ),
        (
            r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:*:role/*"}}}"#,
            Opinion::Deny,
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"sts:TaskPolicyArn":"arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}}}"#,
            Opinion::Allow,
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"sts:TaskPolicyArn":"arn:aws:iam::aws:policy/root-task/*"}}}"#,
            Opinion::Silence,
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ArnEquals":{"STS:taskpolicyarn":"arn:aws:iam::aws:policy/root-task/IAMAudit*"}}}"#,
            Opinion::Allow,
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"sts:TaskPolicyArn":["x","*/IAMAuditRootUserCredentials"]}}}"#,
            Opinion::Allow,
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringNotLike":{"sts:TaskPolicyArn":"*Audit*"}}}"#,
            Opinion::Silence,
        ),
        (
            r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Null":{"aws:AssumedRoot":"true"}}}"#,
            Opinion::Deny,
        ),
        (
            r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:AssumedRoot":true}}}"#,
            Opinion::Silence,
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEqualsIfExists":{"sts:ExternalId":"x"}}}"#,
            Opinion::Allow,
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#,
            Opinion::Silence,
        ),
        (
            r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#,
            Opinion::Deny,
        ),
    ] {
        assert_eq!(opinion(statement), expected, "{statement}");
    }
}

#[test]
fn wildcards_match_whole_texts() {
    for (pattern, text, expected) in [
        ("*", "", true),
        ("", "", true),
        ("a*c", "abcbc", true),
        ("a*c", "abcb", false),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("*ab*ab", "abab", true),
        ("*ab*ab", "ab", false),
        ("**", "x", true),
        ("ä?", "äö", true),
    ] {
        assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
    }
}
