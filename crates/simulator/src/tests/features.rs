//! Centralized root access and trusted services, as the organization tells of them.

use serde_json::json;

use super::{Client, MEMBER, elements, error_of};
use crate::world::Organization;

fn features(client: &Client, change: impl FnOnce(&mut Organization)) -> crate::reply::Reply {
    client
        .state
        .update(|world| change(world.organization.as_mut().unwrap()));
    client.iam("ListOrganizationsFeatures", "")
}

#[test]
fn features_are_listed_to_whoever_may_use_them() {
    let client = Client::of_toml("");
    let off = features(&client, |_| {});
    let (status, code, message) = error_of(&off);
    assert_eq!(
        (status, code.as_str()),
        (400, "ServiceAccessNotEnabledException")
    );
    assert!(
        message.starts_with("Trusted Access for IAM not enabled by organization of input account"),
        "{message}"
    );
    let none = features(&client, |it| {
        it.trusted_services = vec!["iam.amazonaws.com".into()];
    });
    assert_eq!(none.status, 200);
    assert!(none.body.contains("<EnabledFeatures></EnabledFeatures>"));
    let both = features(&client, |it| {
        it.features = vec!["RootCredentialsManagement".into(), "RootSessions".into()];
    });
    assert_eq!(
        elements(&both.body, "member"),
        ["RootCredentialsManagement", "RootSessions"]
    );
    let billing = features(&client, |it| {
        it.feature_set = "CONSOLIDATED_BILLING".into();
    });
    assert_eq!(
        error_of(&billing).1,
        "OrganizationNotInAllFeaturesModeException"
    );
}

#[test]
fn plain_members_and_lone_accounts_are_told_so() {
    let client = Client::in_member("");
    let plain = features(&client, |it| {
        it.trusted_services = vec!["iam.amazonaws.com".into()];
    });
    let code = "AccountNotManagementOrDelegatedAdministratorException";
    assert_eq!(error_of(&plain).1, code);
    let other = features(&client, |it| {
        it.delegated_administrators = vec![MEMBER.into()];
        it.iam_administrators = Some(Vec::new());
    });
    assert_eq!(error_of(&other).1, code);
    assert_eq!(
        features(&client, |it| it.iam_administrators = None).status,
        200
    );
    client.state.update(|world| {
        let policy = r#"{"Statement":{"Effect":"Allow","Action":"iam:Get*","Resource":"*"}}"#;
        world.accounts[1].roles[0].policy = Some(policy.into());
    });
    let denied = error_of(&client.iam("ListOrganizationsFeatures", ""));
    assert_eq!((denied.0, denied.1.as_str()), (403, "AccessDenied"));
    let alone = Client::of_toml("");
    alone.state.update(|world| world.organization = None);
    let error = error_of(&alone.iam("ListOrganizationsFeatures", ""));
    // IAM's model gives this error no status of its own, and 400 is the protocol's usual one.
    assert_eq!(
        (error.0, error.1.as_str()),
        (400, "OrganizationNotFoundException")
    );
}

#[test]
fn administrators_can_be_asked_for_by_service() {
    let client = Client::of_toml("[[account]]\nid = \"333333333333\"");
    client.state.update(|world| {
        let organization = world.organization.as_mut().unwrap();
        organization.delegated_administrators = vec![MEMBER.into(), "333333333333".into()];
        organization.iam_administrators = Some(vec![MEMBER.into()]);
    });
    let count = |input| {
        let answer = client
            .organizations("ListDelegatedAdministrators", &input)
            .1;
        answer["DelegatedAdministrators"].as_array().unwrap().len()
    };
    assert_eq!(count(json!({})), 2);
    assert_eq!(count(json!({ "ServicePrincipal": "iam.amazonaws.com" })), 1);
    assert_eq!(count(json!({ "ServicePrincipal": "sso.amazonaws.com" })), 2);
}

#[test]
fn trusted_services_come_in_pages() {
    let client = Client::of_toml("");
    let services: Vec<String> = (0..45).map(|it| format!("s{it}.amazonaws.com")).collect();
    client.state.update(|world| {
        let organization = world.organization.as_mut().unwrap();
        organization.trusted_services.clone_from(&services);
    });
    let ask = |input| client.organizations("ListAWSServiceAccessForOrganization", &input);
    let mut seen = Vec::new();
    let (mut input, mut pages) = (json!({}), 0);
    loop {
        let page = ask(input).1;
        pages += 1;
        for it in page["EnabledServicePrincipals"].as_array().unwrap() {
            assert!(it["DateEnabled"].is_number());
            seen.push(it["ServicePrincipal"].as_str().unwrap().to_owned());
        }
        let Some(token) = page["NextToken"].as_str() else {
            break;
        };
        input = json!({ "NextToken": token });
    }
    assert_eq!((seen, pages), (services, 3));
    for (most, reason) in [(0, "MIN_VALUE_EXCEEDED"), (21, "MAX_VALUE_EXCEEDED")] {
        let (status, error) = ask(json!({ "MaxResults": most }));
        assert_eq!((status, error["Reason"].as_str()), (400, Some(reason)));
    }
}
