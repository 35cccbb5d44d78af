//! Password policies, credentials for single services, and tags.

use serde_json::json;

use super::{Client, MEMBER, element, elements, error_of};

#[test]
fn a_password_policy_is_shown_and_none_is_an_error() {
    let client = Client::in_member("");
    let (status, code, _) = error_of(&client.iam("GetAccountPasswordPolicy", ""));
    assert_eq!((status, code.as_str()), (404, "NoSuchEntity"));
    let own = "[account.password-policy]\nminimum-length = 14\nmax-age = 90\nreuse-prevention = 24";
    let body = Client::in_member(own)
        .iam("GetAccountPasswordPolicy", "")
        .body;
    for (tag, expected) in [
        ("MinimumPasswordLength", "14"),
        ("ExpirePasswords", "true"),
        ("MaxPasswordAge", "90"),
        ("PasswordReusePrevention", "24"),
    ] {
        assert_eq!(element(&body, tag).unwrap(), expected, "{tag}");
    }
}

const USERS: &str = r#"
    [[account.user]]
    name = "alice"
    service-credentials = [
        { service = "codecommit.amazonaws.com" },
        { service = "bedrock.amazonaws.com", status = "Inactive", expires = "2027-01-01T00:00:00Z" },
    ]
    [[account.user]]
    name = "bob"
    service-credentials = [{}]
"#;

#[test]
fn service_credentials_are_listed_of_one_user_or_of_all() {
    let client = Client::in_member(USERS);
    let list = |more: &str| client.iam("ListServiceSpecificCredentials", more);
    let alice = list("UserName=alice").body;
    assert_eq!(elements(&alice, "Status"), ["Active", "Inactive"]);
    assert_eq!(elements(&alice, "ExpirationDate").len(), 1);
    let all = list("AllUsers=true").body;
    assert_eq!(elements(&all, "UserName"), ["alice", "alice", "bob"]);
    let (status, code, _) = error_of(&list("UserName=nobody"));
    assert_eq!((status, code.as_str()), (404, "NoSuchEntity"));
    let (status, _, _) = error_of(&list("UserName=alice&AllUsers=true"));
    assert_eq!(status, 400);
}

#[test]
fn service_credentials_come_in_pages() {
    let client = Client::in_member(USERS);
    client.state.update(|world| world.iam_page_size = Some(1));
    let first = client.iam("ListServiceSpecificCredentials", "UserName=alice");
    assert_eq!(elements(&first.body, "ServiceName").len(), 1);
    let marker = element(&first.body, "Marker").unwrap().replace('=', "%3D");
    let more = format!("UserName=alice&Marker={marker}");
    let second = client.iam("ListServiceSpecificCredentials", &more).body;
    assert_eq!(elements(&second, "ServiceName"), ["bedrock.amazonaws.com"]);
    assert_eq!(element(&second, "IsTruncated").unwrap(), "false");
}

#[test]
fn an_accounts_tags_are_listed() {
    let client = Client::of_toml("");
    client.state.update(|world| {
        let tags = &mut world.accounts[1].tags;
        tags.insert("owner".into(), "team-shop".into());
        tags.insert("stage".into(), "prod".into());
    });
    let (status, answer) =
        client.organizations("ListTagsForResource", &json!({ "ResourceId": MEMBER }));
    let tags = json!([
        { "Key": "owner", "Value": "team-shop" },
        { "Key": "stage", "Value": "prod" }
    ]);
    assert_eq!((status, &answer["Tags"]), (200, &tags));
}
