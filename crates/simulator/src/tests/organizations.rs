//! What the operations of Organizations answer, and to whom.

use serde_json::json;

use super::{Client, MANAGEMENT, MEMBER, element, elements};
use crate::world::World;

#[test]
fn an_organization_can_be_walked() {
    let client = Client::of(World::demo());
    let ask = |action: &str, input| {
        let (status, answer) = client.organizations(action, &input);
        assert_eq!(status, 200, "{action}: {answer}");
        answer
    };
    let organization = &ask("DescribeOrganization", json!({}))["Organization"];
    assert_eq!(organization["MasterAccountId"], MANAGEMENT);
    assert_eq!(ask("ListRoots", json!({}))["Roots"][0]["Id"], "r-demo");
    let units = ask(
        "ListOrganizationalUnitsForParent",
        json!({ "ParentId": "r-demo" }),
    );
    let unit = units["OrganizationalUnits"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["Name"] == "Workloads")
        .unwrap();
    let below = ask(
        "ListChildren",
        json!({ "ParentId": unit["Id"], "ChildType": "ORGANIZATIONAL_UNIT" }),
    );
    assert_eq!(below["Children"].as_array().unwrap().len(), 2);
    let account = &ask("DescribeAccount", json!({ "AccountId": "444444444444" }))["Account"];
    let path = account["Paths"][0].as_str().unwrap();
    assert!(
        path.starts_with(unit["Path"].as_str().unwrap()) && path.ends_with("/444444444444/"),
        "{path}"
    );
    let parent = ask("ListParents", json!({ "ChildId": "444444444444" }))["Parents"][0].clone();
    assert!(path.contains(parent["Id"].as_str().unwrap()));
    let described = ask(
        "DescribeOrganizationalUnit",
        json!({ "OrganizationalUnitId": parent["Id"] }),
    );
    assert_eq!(described["OrganizationalUnit"]["Name"], "Prod");
    assert_eq!(
        ask(
            "ListTagsForResource",
            json!({ "ResourceId": "444444444444" })
        )["Tags"],
        json!([])
    );
    assert_eq!(
        ask("ListDelegatedAdministrators", json!({}))["DelegatedAdministrators"][0]["Id"],
        MEMBER
    );
    let services = ask("ListAWSServiceAccessForOrganization", json!({}));
    assert_eq!(
        services["EnabledServicePrincipals"][0]["ServicePrincipal"],
        "iam.amazonaws.com"
    );
    let features = client.iam("ListOrganizationsFeatures", "").body;
    assert_eq!(
        elements(&features, "member"),
        ["RootCredentialsManagement", "RootSessions"]
    );
}

#[test]
fn state_status_and_paths_can_be_left_out() {
    let client = Client::of(World::demo());
    let find = |client: &Client, id: &str| {
        client
            .organizations("DescribeAccount", &json!({ "AccountId": id }))
            .1["Account"]
            .clone()
    };
    let closed = find(&client, "121212121212");
    assert_eq!(
        (&closed["State"], &closed["Status"]),
        (&json!("CLOSED"), &json!("SUSPENDED"))
    );
    client.state.update(|world| {
        let organization = world.organization.as_mut().unwrap();
        (
            organization.omit_state,
            organization.omit_status,
            organization.omit_paths,
        ) = (true, true, true);
    });
    let bare = find(&client, "121212121212");
    assert!(
        ["State", "Status", "Paths"]
            .iter()
            .all(|it| bare.get(it).is_none())
    );
}

#[test]
fn a_plain_member_may_only_describe_its_organization() {
    let client = Client::in_member("");
    assert_eq!(
        client.organizations("DescribeOrganization", &json!({})).0,
        200
    );
    let (status, error) = client.organizations("ListAccounts", &json!({}));
    assert_eq!(
        (status, error["__type"].as_str()),
        (400, Some("AccessDeniedException"))
    );
    client.state.update(|world| {
        world
            .organization
            .as_mut()
            .unwrap()
            .delegated_administrators
            .push(MEMBER.into());
    });
    assert_eq!(client.organizations("ListAccounts", &json!({})).0, 200);
}

#[test]
fn an_account_without_an_organization_is_told_so() {
    let client = Client::of(World::from_toml("[[account]]\nid = \"123456789012\"").unwrap());
    for action in ["DescribeOrganization", "ListAccounts"] {
        let (status, error) = client.organizations(action, &json!({}));
        assert_eq!(
            (status, error["__type"].as_str()),
            (400, Some("AWSOrganizationsNotInUseException"))
        );
    }
    let identity = client.sts("GetCallerIdentity", "").body;
    assert_eq!(
        element(&identity, "Arn").unwrap(),
        "arn:aws:iam::123456789012:user/mfaudit"
    );
}
