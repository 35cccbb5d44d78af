//! `AssumeRoot`: who may, into which account, for which task; and what a root session may then do.

use super::{Client, MANAGEMENT, MEMBER, element, elements, error_of};
use crate::clock;
use crate::reply::Reply;
use crate::world::{ServiceControlPolicy, World};

const ENABLED: &str = r#"
    [organization]
    id = "o-exampleorg"
    management-account = "111111111111"
    trusted-services = ["iam.amazonaws.com"]
    features = ["RootCredentialsManagement"]
    [[account]]
    id = "111111111111"
    [[account]]
    id = "222222222222"
    [[account.role]]
    name = "audit"
    [[account.user]]
    name = "bob"
    mfa = [{ kind = "fido" }]
    [account.root]
    created = 2020-01-01T00:00:00Z
"#;

const CREDENTIALS: &str = r#"
    password = { last-changed = 2022-02-02T00:00:00Z }
    access-keys = [{ id = "AKIAROOT000000000001", last-used = 2026-02-02T00:00:00Z, last-used-service = "s3" }]
    signing-certificates = 1
    mfa = [
        { kind = "virtual", name = "GoogleAuth" },
        { kind = "fido", name = "safe" },
        { kind = "hardware", serial = "GAHT00000007" },
    ]
"#;

fn client(more: &str) -> Client {
    Client::of(World::from_toml(&format!("{ENABLED}{more}")).unwrap())
}

fn ask(client: &Client, target: &str, task: &str, more: &str) -> Reply {
    let arn = format!("arn:aws:iam::aws:policy/root-task/{task}");
    let input = format!("TargetPrincipal={target}&TaskPolicyArn.arn={arn}{more}");
    client.sts("AssumeRoot", &input)
}

fn audit(client: &Client) -> Reply {
    ask(client, MEMBER, "IAMAuditRootUserCredentials", "")
}

/// Returns a client in a root session of the member.
fn root(more: &str) -> Client {
    let mut client = client(more);
    let answer = audit(&client);
    client.go_on_with(&answer);
    client
}

fn refused(reply: &Reply) -> String {
    let (status, code, message) = error_of(reply);
    assert_eq!((status, code.as_str()), (403, "AccessDenied"), "{message}");
    message
}

const NOT_AUTHORIZED: &str = "User: arn:aws:iam::111111111111:user/mfaudit is not authorized to perform: sts:AssumeRoot on resource:";

#[test]
fn a_root_session_has_credentials_and_no_source_identity() {
    let client = client("");
    for target in [MEMBER, "arn:aws:iam::222222222222:root"] {
        let answer = ask(&client, target, "IAMAuditRootUserCredentials", "");
        assert_eq!(answer.status, 200, "{}", answer.body);
        let expiration: crate::Timestamp = element(&answer.body, "Expiration")
            .unwrap()
            .parse()
            .unwrap();
        assert!((895..=905).contains(&(expiration.as_second() - clock::real())));
        assert!(!answer.body.contains("SourceIdentity"));
    }
    let entry = client.state.journal.entries()[0].clone();
    assert_eq!(entry.account, MEMBER);
    let identity = root("").sts("GetCallerIdentity", "").body;
    assert_eq!(
        element(&identity, "Arn").unwrap(),
        "arn:aws:iam::222222222222:root"
    );
    assert_eq!(element(&identity, "UserId").unwrap(), MEMBER);
}

#[test]
fn each_task_needs_its_feature() {
    let client = client("");
    let credentials =
        "Root credentials management feature is not enabled for your AWS Organization.";
    let sessions = "Root sessions feature is not enabled for your AWS Organization.";
    for (task, missing) in [
        ("IAMAuditRootUserCredentials", credentials),
        ("IAMCreateRootUserPassword", credentials),
        ("IAMDeleteRootUserCredentials", credentials),
        ("S3UnlockBucketPolicy", sessions),
        ("SQSUnlockQueuePolicy", sessions),
    ] {
        let with = |features: &[&str]| {
            client.state.update(|world| {
                let organization = world.organization.as_mut().unwrap();
                organization.features = features.iter().map(|it| (*it).to_owned()).collect();
            });
            ask(&client, MEMBER, task, "")
        };
        let (needed, other) = if missing == credentials {
            ("RootCredentialsManagement", "RootSessions")
        } else {
            ("RootSessions", "RootCredentialsManagement")
        };
        assert_eq!(with(&[needed]).status, 200, "{task}");
        assert_eq!(refused(&with(&[other])), missing, "{task}");
    }
    client.state.update(|world| {
        let organization = world.organization.as_mut().unwrap();
        organization.features = vec!["RootCredentialsManagement".into()];
        organization.trusted_services.clear();
    });
    assert_eq!(refused(&audit(&client)), credentials);
}

#[test]
fn the_management_account_and_strangers_cannot_be_targets() {
    let client = client("");
    for target in [MANAGEMENT, "999999999999"] {
        let message = refused(&ask(&client, target, "IAMAuditRootUserCredentials", ""));
        assert_eq!(
            message,
            format!("{NOT_AUTHORIZED} arn:aws:iam::{target}:root")
        );
    }
    client
        .state
        .update(|world| world.accounts[1].state = "CLOSED".into());
    refused(&audit(&client));
}

#[test]
fn only_the_management_account_and_an_administrator_of_iam_may_ask() {
    let mut client = client("[[account]]\nid = \"333333333333\"");
    client.enter("arn:aws:iam::222222222222:role/audit", "");
    let third = |client: &Client| ask(client, "333333333333", "IAMAuditRootUserCredentials", "");
    let message = refused(&third(&client));
    assert!(
        message.ends_with("sts:AssumeRoot on resource: arn:aws:iam::333333333333:root"),
        "{message}"
    );
    let administrators = |of_iam: Option<Vec<String>>| {
        client.state.update(|world| {
            let organization = world.organization.as_mut().unwrap();
            organization.delegated_administrators = vec![MEMBER.into()];
            organization.iam_administrators = of_iam;
        });
    };
    administrators(None);
    assert_eq!(third(&client).status, 200);
    administrators(Some(vec![]));
    refused(&third(&client));
    administrators(Some(vec![MEMBER.into()]));
    assert_eq!(third(&client).status, 200);
    let another = self::client("");
    let root = "arn:aws:iam::111111111111:root";
    another.state.update(|world| world.caller.arn = root.into());
    let message = refused(&audit(&another));
    assert!(message.starts_with(&format!("User: {root} ")), "{message}");
}

#[test]
fn the_callers_policy_can_limit_target_and_task() {
    let client = client("[[account]]\nid = \"333333333333\"");
    let policy = r#"{"Statement":{"Effect":"Allow","Action":"sts:AssumeRoot","Resource":"arn:aws:iam::222222222222:root",
        "Condition":{"StringEquals":{"sts:TaskPolicyArn":"arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}}}}"#;
    client
        .state
        .update(|world| world.caller.policy = Some(policy.into()));
    assert_eq!(audit(&client).status, 200);
    for (target, task) in [
        (MEMBER, "IAMDeleteRootUserCredentials"),
        ("333333333333", "IAMAuditRootUserCredentials"),
    ] {
        let message = refused(&ask(&client, target, task, ""));
        assert_eq!(
            message,
            format!(
                "{NOT_AUTHORIZED} arn:aws:iam::{target}:root \
                 because no identity-based policy allows the sts:AssumeRoot action"
            )
        );
    }
}

#[test]
fn input_that_does_not_fit_is_refused() {
    let client = client("");
    let task = "TaskPolicyArn.arn=arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials";
    for input in [
        task.to_owned(),
        format!("TargetPrincipal={MEMBER}"),
        format!("{task}&TargetPrincipal=arn:aws:iam::222222222222:role/audit"),
        format!("{task}&TargetPrincipal=x"),
        format!("{task}&TargetPrincipal={MEMBER}&DurationSeconds=901"),
        format!("{task}&TargetPrincipal={MEMBER}&DurationSeconds=-1"),
        format!(
            "TaskPolicyArn.arn=arn:aws:iam::aws:policy/IAMReadOnlyAccess&TargetPrincipal={MEMBER}"
        ),
    ] {
        let (status, code, message) = error_of(&client.sts("AssumeRoot", &input));
        assert_eq!(
            (status, code.as_str()),
            (400, "ValidationError"),
            "{input}: {message}"
        );
    }
    let at_once = ask(
        &client,
        MEMBER,
        "IAMAuditRootUserCredentials",
        "&DurationSeconds=0",
    );
    assert_eq!(at_once.status, 200);
}

#[test]
fn a_root_session_sees_its_own_credentials() {
    let client = root(CREDENTIALS);
    let ask = |action: &str| {
        let answer = client.iam(action, "");
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(!answer.body.contains("UserName"), "{}", answer.body);
        answer.body
    };
    let user = ask("GetUser");
    assert_eq!(element(&user, "UserId").unwrap(), MEMBER);
    assert_eq!(
        element(&user, "Arn").unwrap(),
        "arn:aws:iam::222222222222:root"
    );
    assert_eq!(
        element(&user, "CreateDate").unwrap(),
        "2020-01-01T00:00:00Z"
    );
    assert!(!user.contains("Path"));
    let devices = ask("ListMFADevices");
    let serials = elements(&devices, "SerialNumber");
    assert_eq!(serials[0], "arn:aws:iam::222222222222:mfa/GoogleAuth");
    assert!(serials[1].starts_with("arn:aws:iam::222222222222:u2f/root/safe-"));
    assert_eq!(serials[2], "GAHT00000007");
    assert_eq!(elements(&devices, "EnableDate").len(), 3);
    let profile = ask("GetLoginProfile");
    assert_eq!(
        element(&profile, "CreateDate").unwrap(),
        "2022-02-02T00:00:00Z"
    );
    assert_eq!(element(&profile, "PasswordResetRequired").unwrap(), "false");
    let keys = ask("ListAccessKeys");
    assert_eq!(elements(&keys, "AccessKeyId"), ["AKIAROOT000000000001"]);
    let last_use = client.iam("GetAccessKeyLastUsed", "AccessKeyId=AKIAROOT000000000001");
    assert_eq!(element(&last_use.body, "ServiceName").unwrap(), "s3");
    assert_eq!(
        elements(&ask("ListSigningCertificates"), "Status"),
        ["Active"]
    );
    assert!(ask("GetAccountSummary").contains("AccountPasswordPresent"));
}

#[test]
fn a_root_user_without_credentials_has_nothing_to_show() {
    let client = root("");
    let profile = error_of(&client.iam("GetLoginProfile", ""));
    let message = "Login Profile for User null cannot be found.";
    assert_eq!(profile, (404, "NoSuchEntity".into(), message.into()));
    for (action, list) in [
        ("ListMFADevices", "MFADevices"),
        ("ListAccessKeys", "AccessKeyMetadata"),
        ("ListSigningCertificates", "Certificates"),
    ] {
        assert_eq!(element(&client.iam(action, "").body, list).unwrap(), "");
    }
}

#[test]
fn a_root_session_may_do_nothing_but_its_task() {
    let client = root(CREDENTIALS);
    for (action, more) in [
        ("ListVirtualMFADevices", ""),
        (
            "GetMFADevice",
            "SerialNumber=arn:aws:iam::222222222222:u2f/root/safe",
        ),
        ("GenerateCredentialReport", ""),
        ("ListUsers", ""),
        // The task is about the root user, and no other.
        ("ListMFADevices", "UserName=bob"),
        ("GetUser", "UserName=bob"),
    ] {
        let message = refused(&client.iam(action, more));
        let who = format!(
            "User: arn:aws:iam::222222222222:root is not authorized to perform: iam:{action}"
        );
        assert!(message.starts_with(&who), "{message}");
        assert!(
            message.ends_with("with an explicit deny in a session policy"),
            "{message}"
        );
    }
    refused(&client.sts(
        "AssumeRole",
        "RoleArn=arn:aws:iam::222222222222:role/audit&RoleSessionName=mfaudit",
    ));
}

#[test]
fn service_control_policies_bind_the_root_session() {
    let client = root("");
    assert_eq!(client.iam("GetUser", "").status, 200);
    let with = |policy: &str| {
        client.state.update(|world| {
            world.scps = vec![ServiceControlPolicy {
                id: "p-root".into(),
                target: MEMBER.into(),
                policy: Some(policy.into()),
                ..ServiceControlPolicy::default()
            }];
        });
        client.iam("GetUser", "")
    };
    let no_root = r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*",
        "Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}"#;
    let message = refused(&with(&format!("{no_root}}}}}}}")));
    assert!(
        message.contains("in a service control policy: "),
        "{message}"
    );
    let but_assumed = format!(r#"{no_root},"Null":{{"aws:AssumedRoot":"true"}}}}}}}}"#);
    assert_eq!(with(&but_assumed).status, 200);
    let others = no_root.replace(":root", ":user/*");
    assert_eq!(with(&format!("{others}}}}}}}")).status, 200);
}
