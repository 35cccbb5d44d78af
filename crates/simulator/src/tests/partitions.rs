//! Partitions other than `aws`: ARNs, Regions, and what differs in China.

use data_encoding::BASE64;
use serde_json::json;

use super::{Client, ORGANIZATION, authorization, element};
use crate::request::Request;
use crate::world::{Partition, World};

const PARTITIONS: [(&str, &str); 4] = [
    ("aws", "us-east-1"),
    ("aws-us-gov", "us-gov-west-1"),
    ("aws-cn", "cn-northwest-1"),
    ("aws-eusc", "eusc-de-east-1"),
];

fn in_partition(name: &str) -> Client {
    let more = r#"
        [[account.user]]
        name = "bob"
        mfa = [{ kind = "virtual" }, { kind = "fido" }, { kind = "sms" }]
    "#;
    let world = format!("partition = \"{name}\"\n{ORGANIZATION}{more}");
    let world = world.replace(
        "management-account",
        "features = [\"RootCredentialsManagement\"]\ntrusted-services = [\"iam.amazonaws.com\"]\nmanagement-account",
    );
    Client::of(World::from_toml(&world).unwrap())
}

fn report(client: &Client) -> String {
    assert_eq!(client.iam("GenerateCredentialReport", "").status, 200);
    let answer = client.iam("GetCredentialReport", "").body;
    let content = element(&answer, "Content").unwrap();
    String::from_utf8(BASE64.decode(content.as_bytes()).unwrap()).unwrap()
}

#[test]
fn every_arn_is_of_the_partition() {
    for (partition, region) in PARTITIONS {
        let mut client = in_partition(partition);
        assert_eq!(client.state.region(), region);
        let mut seen = String::new();
        for action in ["DescribeOrganization", "ListAccounts", "ListRoots"] {
            let (status, answer) = client.organizations(action, &json!({}));
            assert_eq!(status, 200, "{answer}");
            seen.push_str(&answer.to_string());
        }
        let task = format!("arn:{partition}:iam::aws:policy/root-task/IAMAuditRootUserCredentials");
        let root = client.sts(
            "AssumeRoot",
            &format!("TargetPrincipal=222222222222&TaskPolicyArn.arn={task}"),
        );
        assert_eq!(root.status, 200, "{}", root.body);
        seen.push_str(&client.sts("GetCallerIdentity", "").body);
        client.enter(&format!("arn:{partition}:iam::222222222222:role/audit"), "");
        for action in [
            "GetUser",
            "ListUsers",
            "ListMFADevices",
            "ListVirtualMFADevices",
        ] {
            let answer = client.iam(action, "UserName=bob");
            assert_eq!(answer.status, 200, "{}", answer.body);
            seen.push_str(&answer.body);
        }
        seen.push_str(&client.sts("GetCallerIdentity", "").body);
        seen.push_str(&report(&client));
        let of_partition = seen.matches(&format!("arn:{partition}:")).count();
        assert_eq!(of_partition, seen.matches("arn:").count(), "{seen}");
        assert!(of_partition > 14, "{seen}");
    }
}

#[test]
fn an_arn_of_another_partition_is_invalid() {
    let client = in_partition("aws-us-gov");
    let role = "RoleArn=arn:aws:iam::222222222222:role/audit&RoleSessionName=mfaudit";
    assert_eq!(client.sts("AssumeRole", role).status, 400);
    let task = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials";
    let input = format!("TargetPrincipal=222222222222&TaskPolicyArn.arn={task}");
    assert_eq!(client.sts("AssumeRoot", &input).status, 400);
}

#[test]
fn a_report_of_china_has_no_root_user() {
    for (partition, _) in PARTITIONS {
        let has_root = report(&in_partition(partition)).contains("<root_account>");
        assert_eq!(has_root, partition != "aws-cn", "{partition}");
    }
}

#[test]
fn requests_are_signed_for_a_region_of_the_partition() {
    let status = |partition: &str, service: &str, version: &str, action: &str, region: &str| {
        let client = in_partition(partition);
        let body = format!("Action={action}&Version={version}").into_bytes();
        let authorization = authorization(&client.access_key, region, service);
        client
            .state
            .answer(&Request {
                body,
                authorization: Some(authorization),
                ..Request::default()
            })
            .status
    };
    for (partition, region) in PARTITIONS {
        let iam = |region| status(partition, "iam", "2010-05-08", "ListUsers", region);
        assert_eq!(iam(region), 200);
        assert_eq!(iam("eu-central-1"), 403);
        // AWS's own endpoint rules sign IAM in China for this one.
        assert_eq!(iam("cn-north-1") == 200, partition == "aws-cn");
        let sts = |region| status(partition, "sts", "2011-06-15", "GetCallerIdentity", region);
        assert_eq!(sts(region), 200);
        assert_eq!(sts("eu-central-1") == 200, partition == "aws");
    }
    assert_eq!(Partition::default(), Partition::Aws);
}
