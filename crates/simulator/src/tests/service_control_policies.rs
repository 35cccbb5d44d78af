//! What Organizations tells of service control policies.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Client;

const POLICIES: &str = r#"
    [[ou]]
    name = "Prod"
    [[account]]
    id = "333333333333"
    ou = "Prod"
    [[scp]]
    id = "p-denyregions"
    name = "DenyRegions"
    target = "Prod"
    deny = ["ec2:*"]
    [[scp]]
    id = "p-denyregions"
    target = "222222222222"
    [[scp]]
    id = "p-allowsome1"
    target = "333333333333"
    policy = '{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'
    replaces-full-access = true
"#;

fn answer(client: &Client, action: &str, input: &Value) -> Value {
    let (status, answer) = client.organizations(action, input);
    assert_eq!(status, 200, "{action}: {answer}");
    answer
}

fn targets(client: &Client, policy: &str) -> BTreeSet<(String, String)> {
    let answer = answer(
        client,
        "ListTargetsForPolicy",
        &json!({ "PolicyId": policy }),
    );
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let targets = answer["Targets"].as_array().unwrap().iter();
    let named = targets.map(|it| {
        (
            text(&it["Type"]),
            text(&it["Name"]) + &text(&it["TargetId"]),
        )
    });
    named.collect()
}

#[test]
fn policies_are_listed_and_described_with_what_they_are_attached_to() {
    let client = Client::of_toml(POLICIES);
    let filter = json!({ "Filter": "SERVICE_CONTROL_POLICY" });
    let listed = answer(&client, "ListPolicies", &filter);
    let policies = listed["Policies"].as_array().unwrap();
    let ids: Vec<_> = policies
        .iter()
        .map(|it| it["Id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["p-FullAWSAccess", "p-denyregions", "p-allowsome1"]);
    let (full, own) = (&policies[0], &policies[1]);
    assert_eq!(
        (&full["AwsManaged"], &own["AwsManaged"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(own["Name"], "DenyRegions");
    let arn = "arn:aws:organizations::111111111111:policy/o-exampleorg/service_control_policy/p-denyregions";
    assert_eq!(own["Arn"], arn);
    assert_eq!(
        full["Arn"],
        "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
    );

    let described = answer(
        &client,
        "DescribePolicy",
        &json!({ "PolicyId": "p-denyregions" }),
    );
    assert_eq!(described["Policy"]["PolicySummary"], *own);
    let content: Value =
        serde_json::from_str(described["Policy"]["Content"].as_str().unwrap()).unwrap();
    assert_eq!(content["Statement"][0]["Action"], json!(["ec2:*"]));

    let own: Vec<_> = targets(&client, "p-denyregions")
        .into_iter()
        .map(|it| it.0)
        .collect();
    assert_eq!(own, ["ACCOUNT", "ORGANIZATIONAL_UNIT"]);
    let of_full = targets(&client, "p-FullAWSAccess");
    assert_eq!(
        of_full.len(),
        4,
        "not the account where another takes its place: {of_full:?}"
    );
    assert!(of_full.contains(&("ROOT".into(), "Rootr-a1b2".into())));
}

#[test]
fn policies_are_paged() {
    let client = Client::of_toml(POLICIES);
    let mut input = json!({ "PolicyId": "p-FullAWSAccess", "MaxResults": 1 });
    let mut pages = 0;
    loop {
        let answer = answer(&client, "ListTargetsForPolicy", &input);
        pages += 1;
        let Some(next) = answer.get("NextToken") else {
            break;
        };
        input["NextToken"] = next.clone();
    }
    assert_eq!(pages, 4);
}

#[test]
fn what_is_not_there_is_an_error() {
    let client = Client::of_toml(POLICIES);
    for action in ["DescribePolicy", "ListTargetsForPolicy"] {
        let (status, error) = client.organizations(action, &json!({ "PolicyId": "p-none" }));
        assert_eq!(
            (status, error["__type"].as_str()),
            (400, Some("PolicyNotFoundException"))
        );
    }
    let (status, error) = client.organizations("ListPolicies", &json!({}));
    assert_eq!(
        (status, error["__type"].as_str()),
        (400, Some("InvalidInputException"))
    );
    let tags = answer(&client, "ListPolicies", &json!({ "Filter": "TAG_POLICY" }));
    assert_eq!(tags["Policies"], json!([]));
    let member = Client::in_member("");
    let filter = json!({ "Filter": "SERVICE_CONTROL_POLICY" });
    let (_, error) = member.organizations("ListPolicies", &filter);
    assert_eq!(error["__type"], "AccessDeniedException");
}

#[test]
fn the_root_tells_whether_there_are_such_policies_and_none_hold_where_there_are_not() {
    let types = |client: &Client| {
        answer(client, "ListRoots", &json!({}))["Roots"][0]["PolicyTypes"].clone()
    };
    let client = Client::of_toml(POLICIES);
    let enabled = json!([{ "Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED" }]);
    assert_eq!(types(&client), enabled);
    client.state.update(|world| {
        world
            .organization
            .as_mut()
            .unwrap()
            .service_control_policies_disabled = true;
    });
    assert_eq!(types(&client), json!([]));
    assert!(targets(&client, "p-FullAWSAccess").is_empty());
    client.state.update(|world| {
        "CONSOLIDATED_BILLING".clone_into(&mut world.organization.as_mut().unwrap().feature_set);
    });
    let filter = json!({ "Filter": "SERVICE_CONTROL_POLICY" });
    assert_eq!(
        answer(&client, "ListPolicies", &filter)["Policies"],
        json!([])
    );
}
