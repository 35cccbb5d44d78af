//! What `GetAccountAuthorizationDetails` answers.

use super::{Client, element, elements, error_of};

const WORLD: &str = r#"
    [[account.policy]]
    name = "team"
    path = "/x/"
    document = '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
    earlier = '{"Statement": []}'
    [[account.group]]
    name = "ops"
    policies = ["team"]
    inline-policies = { "g" = "{}" }
    [[account.user]]
    name = "bob"
    path = "/p/"
    groups = ["ops"]
    policies = ["arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/Unknown"]
    inline-policies = { "u" = '{"a b": "ä+"}' }
    boundary = "team"
    [[account.user]]
    name = "eve"
    [[account.role]]
    name = "shown"
    trust-policy = "[]"
"#;

fn client() -> Client {
    Client::in_member(WORLD)
}

fn details(client: &Client, more: &str) -> String {
    let reply = client.iam("GetAccountAuthorizationDetails", more);
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body
}

#[test]
fn without_a_filter_everything_is_told() {
    let body = details(&client(), "");
    assert_eq!(elements(&body, "UserName"), ["bob", "eve"]);
    assert_eq!(elements(&body, "RoleName"), ["audit", "shown"]);
    assert_eq!(elements(&body, "GroupName"), ["ops"]);
    let policies = element(&body, "Policies").unwrap();
    assert_eq!(
        elements(&policies, "PolicyName"),
        ["team", "AdministratorAccess"]
    );
    assert_eq!(element(&body, "IsTruncated").unwrap(), "false");
}

#[test]
fn documents_are_url_encoded_as_aws_does() {
    let body = details(&client(), "Filter.member.1=User");
    let user = element(&body, "UserPolicyList").unwrap();
    let document = element(&user, "PolicyDocument").unwrap();
    assert_eq!(document, "%7B%22a%20b%22%3A%20%22%C3%A4%2B%22%7D");
    let role = details(&client(), "Filter.member.1=Role");
    let trust = elements(&role, "AssumeRolePolicyDocument");
    assert_eq!(trust[1], "%5B%5D");
    assert!(trust[0].contains("arn%3Aaws%3Aiam%3A%3A111111111111%3Aroot"));
}

#[test]
fn a_filter_leaves_out_what_was_not_asked_for() {
    let client = client();
    let of = |filter: &str| details(&client, &format!("Filter.member.1={filter}"));
    assert!(elements(&of("Group"), "UserName").is_empty());
    assert!(elements(&of("User"), "RoleName").is_empty());
    assert_eq!(elements(&of("LocalManagedPolicy"), "PolicyName"), ["team"]);
    let of_aws = of("AWSManagedPolicy");
    assert_eq!(elements(&of_aws, "PolicyName"), ["AdministratorAccess"]);
    assert_eq!(elements(&of_aws, "AttachmentCount"), ["1"]);
    let (status, code, message) =
        error_of(&client.iam("GetAccountAuthorizationDetails", "Filter.member.1=user"));
    assert_eq!((status, code.as_str()), (400, "ValidationError"));
    assert!(message.contains("LocalManagedPolicy"), "{message}");
}

#[test]
fn names_and_arns_lead_from_one_list_to_the_other() {
    let body = details(&client(), "");
    let user = element(&body, "UserDetailList").unwrap();
    let arns = elements(&user, "PolicyArn");
    assert_eq!(
        arns,
        [
            "arn:aws:iam::aws:policy/AdministratorAccess",
            "arn:aws:iam::aws:policy/Unknown"
        ]
    );
    let team = "arn:aws:iam::222222222222:policy/x/team";
    assert_eq!(element(&user, "PermissionsBoundaryArn").unwrap(), team);
    let group = element(&body, "GroupDetailList").unwrap();
    assert_eq!(elements(&group, "PolicyArn"), [team]);
    let policies = element(&body, "Policies").unwrap();
    assert_eq!(elements(&policies, "Arn")[0], team);
    assert_eq!(
        elements(&policies, "IsDefaultVersion"),
        ["true", "false", "true"]
    );
    assert_eq!(
        elements(&user, "UserPolicyList").len(),
        1,
        "a user without inline policies has no list of them"
    );
}

#[test]
fn a_page_has_room_for_so_many_entries_of_all_kinds_together() {
    let client = client();
    let (mut more, mut users, mut roles, mut policies) = (String::new(), 0, 0, 0);
    let mut pages = 0;
    loop {
        let body = details(&client, &format!("MaxItems=3{more}"));
        users += elements(&body, "UserId").len();
        roles += elements(&body, "RoleName").len();
        policies += elements(&body, "DefaultVersionId").len();
        pages += 1;
        let Some(marker) = element(&body, "Marker") else {
            break;
        };
        more = format!("&Marker={}", marker.replace('=', "%3D"));
    }
    assert_eq!((pages, users, roles, policies), (3, 2, 2, 2));
}

#[test]
fn a_role_that_shows_a_trust_policy_of_its_own_is_not_assumed() {
    let client = Client::of_toml(WORLD);
    let role = "RoleArn=arn:aws:iam::222222222222:role/shown&RoleSessionName=mfaudit";
    assert_eq!(client.sts("AssumeRole", role).status, 403);
}

#[test]
fn what_is_named_must_exist() {
    for (from, to, complaint) in [
        (
            "groups = [\"ops\"]",
            "groups = [\"oops\"]",
            "unknown group `oops`",
        ),
        (
            "policies = [\"team\"]",
            "policies = [\"tea\"]",
            "unknown policy `tea`",
        ),
        (
            "boundary = \"team\"",
            "boundary = \"x\"",
            "unknown policy `x`",
        ),
    ] {
        let text = format!("{}{}", super::ORGANIZATION, WORLD.replace(from, to));
        let error = crate::world::World::from_toml(&text)
            .unwrap_err()
            .to_string();
        assert!(error.ends_with(complaint), "{error}");
    }
}
