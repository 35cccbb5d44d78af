//! Credentials: signing scopes, assumed roles, expiry.

use serde_json::json;

use super::{Client, authorization, element, error_of};
use crate::clock;
use crate::request::Request;
use crate::session::{Identity, Session};
use crate::world::World;

const ROLE: &str = "RoleArn=arn:aws:iam::222222222222:role/audit";

fn assume(client: &Client, more: &str) -> (u16, String, String) {
    error_of(&client.sts("AssumeRole", &format!("{ROLE}&{more}")))
}

#[test]
fn a_session_acts_in_its_account_until_it_expires() {
    let client = Client::in_member("");
    let identity = client.sts("GetCallerIdentity", "").body;
    assert_eq!(element(&identity, "Account").unwrap(), super::MEMBER);
    assert_eq!(
        element(&identity, "Arn").unwrap(),
        "arn:aws:sts::222222222222:assumed-role/audit/mfaudit"
    );
    assert!(element(&identity, "UserId").unwrap().ends_with(":mfaudit"));
}

#[test]
fn credentials_expire_by_the_real_clock() {
    let client = Client::of_toml("");
    let answer = client
        .sts(
            "AssumeRole",
            &format!("{ROLE}&RoleSessionName=mfaudit&DurationSeconds=900"),
        )
        .body;
    let expiration: crate::Timestamp = element(&answer, "Expiration").unwrap().parse().unwrap();
    assert!((895..=905).contains(&(expiration.as_second() - clock::real())));
}

#[test]
fn an_expired_session_is_told_so() {
    let mut client = Client::of_toml("");
    let session = Session {
        account: super::MEMBER.into(),
        arn: "arn:aws:sts::222222222222:assumed-role/audit/mfaudit".into(),
        identity: Identity::Role {
            arn: "arn:aws:iam::222222222222:role/audit".into(),
            name: "mfaudit".into(),
        },
        token: "token".into(),
        expiration: clock::real() - 1,
        policy: None,
    };
    client.state.sessions.add("ASIAOLD".into(), session);
    (client.access_key, client.token) = ("ASIAOLD".into(), Some("token".into()));
    let expired = "The security token included in the request is expired";
    assert_eq!(
        error_of(&client.iam("ListUsers", "")),
        (403, "ExpiredToken".into(), expired.into())
    );
    let (status, error) = client.organizations("ListAccounts", &json!({}));
    assert_eq!(
        (status, error["__type"].as_str()),
        (400, Some("ExpiredTokenException"))
    );
}

#[test]
fn keys_and_tokens_have_to_belong_together() {
    let mut client = Client::in_member("");
    let token = client.token.take();
    assert_eq!(
        error_of(&client.iam("ListUsers", "")).1,
        "InvalidClientTokenId"
    );
    client.token = Some("other".into());
    assert_eq!(error_of(&client.iam("ListUsers", "")).0, 403);
    (client.token, client.access_key) = (token, "AKIAUNKNOWN".into());
    assert_eq!(
        error_of(&client.sts("GetCallerIdentity", "")).1,
        "InvalidClientTokenId"
    );
    let (status, error) = client.organizations("ListAccounts", &json!({}));
    assert_eq!(
        (status, error["__type"].as_str()),
        (400, Some("UnrecognizedClientException"))
    );
}

#[test]
fn a_signature_has_to_be_scoped_to_service_and_region() {
    let client = Client::of_toml("");
    let ask = |region: &str, service: &str, version: &str, action: &str| {
        let body = format!("Action={action}&Version={version}").into_bytes();
        let authorization = Some(authorization(&client.access_key, region, service));
        error_of(&client.state.answer(&Request {
            authorization,
            body,
            ..Request::default()
        }))
    };
    let wrong = |message: &str| (403, "SignatureDoesNotMatch".to_owned(), message.to_owned());
    let iam = |region, service| ask(region, service, "2010-05-08", "ListUsers");
    assert_eq!(iam("us-east-1", "iam").0, 200);
    assert_eq!(
        iam("us-east-1", "sts"),
        wrong("Credential should be scoped to correct service: 'iam'. ")
    );
    assert_eq!(
        iam("eu-west-1", "iam"),
        wrong("Credential should be scoped to a valid region. ")
    );
    let sts = |region| ask(region, "sts", "2011-06-15", "GetCallerIdentity").0;
    assert_eq!(
        (sts("eu-central-1"), sts("us-gov-west-1"), sts("nowhere")),
        (200, 200, 403)
    );
}

#[test]
fn a_request_without_a_signature_is_refused() {
    let client = Client::of_toml("");
    let body = b"Action=ListUsers&Version=2010-05-08".to_vec();
    let unsigned = client.state.answer(&Request {
        body: body.clone(),
        ..Request::default()
    });
    assert_eq!(
        (unsigned.status, error_of(&unsigned).1.as_str()),
        (403, "MissingAuthenticationToken")
    );
    let authorization = Some("AWS4-HMAC-SHA256 Credential=AKIA".into());
    let half = client.state.answer(&Request {
        authorization,
        body,
        ..Request::default()
    });
    assert_eq!(
        (half.status, error_of(&half).1.as_str()),
        (400, "IncompleteSignature")
    );
}

#[test]
fn input_that_does_not_fit_is_refused() {
    let client = Client::of_toml("");
    let long = format!("RoleSessionName=mfaudit&Policy={}", "x".repeat(2049));
    for more in [
        "RoleSessionName=m",
        "RoleSessionName=a%20b",
        "",
        "RoleSessionName=mfaudit&DurationSeconds=899",
        "RoleSessionName=mfaudit&DurationSeconds=43201",
        "RoleSessionName=mfaudit&DurationSeconds=3601",
        "RoleSessionName=mfaudit&ExternalId=%20x",
        &long,
    ] {
        let (status, code, message) = assume(&client, more);
        assert_eq!(
            (status, code.as_str()),
            (400, "ValidationError"),
            "{more}: {message}"
        );
    }
    let malformed = assume(&client, "RoleSessionName=mfaudit&Policy=%7B");
    assert_eq!(
        (malformed.0, malformed.1.as_str()),
        (400, "MalformedPolicyDocument")
    );
}

#[test]
fn whoever_is_not_admitted_learns_no_reason() {
    let message = "User: arn:aws:iam::111111111111:user/mfaudit is not authorized to perform: sts:AssumeRole \
                   on resource: arn:aws:iam::222222222222:role/audit";
    let refused = (403, "AccessDenied".to_owned(), message.to_owned());
    let client = Client::of_toml("");
    let answer = |change: fn(&mut World), more: &str| {
        client
            .state
            .update(|world| *world = World::from_toml(super::ORGANIZATION).unwrap());
        client.state.update(change);
        assume(&client, &format!("RoleSessionName=mfaudit{more}"))
    };
    assert_eq!(answer(|_| {}, "").0, 200);
    assert_eq!(answer(|it| it.accounts[1].roles.clear(), ""), refused);
    assert_eq!(
        answer(|it| it.accounts[1].state = "CLOSED".into(), ""),
        refused
    );
    assert_eq!(
        answer(|it| it.accounts[1].roles[0].path = "/x/".into(), ""),
        refused
    );
    assert_eq!(
        answer(
            |it| it.accounts[1].roles[0].trust = vec!["333333333333".into()],
            ""
        ),
        refused
    );
    assert_eq!(
        answer(
            |it| it.accounts[1].roles[0].external_id = Some("secret".into()),
            ""
        ),
        refused
    );
    assert_eq!(
        answer(
            |it| it.accounts[1].roles[0].external_id = Some("secret".into()),
            "&ExternalId=secret"
        )
        .0,
        200
    );
    assert_eq!(
        answer(|it| it.accounts[1].roles[0].require_org_id = true, "").0,
        200
    );
    let caller = "arn:aws:iam::111111111111:user/mfaudit";
    assert_eq!(caller, client_caller(&client));
    assert_eq!(
        answer(
            |it| it.accounts[1].roles[0].trust =
                vec!["arn:aws:iam::111111111111:user/mfaudit".into()],
            ""
        )
        .0,
        200
    );
}

fn client_caller(client: &Client) -> String {
    element(&client.sts("GetCallerIdentity", "").body, "Arn").unwrap()
}

#[test]
fn the_callers_own_policy_has_to_allow_entry() {
    let client = Client::of_toml("");
    let policy = r#"{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::*:role/other"}}"#;
    client
        .state
        .update(|world| world.caller.policy = Some(policy.into()));
    let (status, _, message) = assume(&client, "RoleSessionName=mfaudit");
    assert_eq!(status, 403);
    assert!(
        message.ends_with("because no identity-based policy allows the sts:AssumeRole action"),
        "{message}"
    );
}

#[test]
fn a_chained_session_lasts_an_hour_at_most() {
    let mut client = Client::of_toml("");
    client.state.update(|world| {
        let mut role = world.accounts[1].roles[0].clone();
        role.max_session_seconds = 43_200;
        world.accounts[1].roles[0] = role.clone();
        role.trust = vec![super::MEMBER.into()];
        world.accounts[0].roles.push(role);
    });
    client.enter(
        "arn:aws:iam::222222222222:role/audit",
        "&DurationSeconds=7200",
    );
    let chained = "RoleArn=arn:aws:iam::111111111111:role/audit&RoleSessionName=mfaudit";
    assert_eq!(
        client
            .sts("AssumeRole", &format!("{chained}&DurationSeconds=7200"))
            .status,
        400
    );
    assert_eq!(client.sts("AssumeRole", chained).status, 200);
}
