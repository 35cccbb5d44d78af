//! Paging, in IAM and in Organizations.

use serde_json::{Value, json};

use super::{Client, element, elements, error_of};
use crate::world::{Account, User, World};

fn with_users(count: usize) -> Client {
    let client = Client::in_member("");
    let user = |number| User {
        name: format!("user-{number}"),
        ..User::default()
    };
    client
        .state
        .update(|world| world.accounts[1].users = (0..count).map(user).collect());
    client
}

#[test]
fn users_come_in_pages_of_a_hundred() {
    let client = with_users(250);
    let (mut seen, mut more) = (Vec::new(), String::new());
    for expected in [100, 100, 50] {
        let page = client.iam("ListUsers", &more).body;
        assert_eq!(elements(&page, "UserName").len(), expected);
        seen.extend(elements(&page, "UserName"));
        match element(&page, "Marker") {
            Some(marker) => more = format!("Marker={}", marker.replace('=', "%3D")),
            None => assert_eq!(element(&page, "IsTruncated").unwrap(), "false"),
        }
    }
    seen.dedup();
    assert_eq!(seen.len(), 250);
    assert_eq!(
        elements(&client.iam("ListUsers", "MaxItems=1000").body, "UserName").len(),
        250
    );
}

#[test]
fn a_page_may_be_smaller_than_asked_for() {
    let client = with_users(5);
    client.state.update(|world| world.iam_page_size = Some(2));
    let page = client.iam("ListUsers", "MaxItems=4").body;
    assert_eq!(elements(&page, "UserName").len(), 2);
    assert_eq!(element(&page, "IsTruncated").unwrap(), "true");
}

#[test]
fn impossible_page_sizes_and_markers_are_refused() {
    let client = with_users(1);
    for more in [
        "MaxItems=0",
        "MaxItems=1001",
        "MaxItems=-1",
        "Marker=",
        "Marker=abc",
        "Marker=%F0%9F%98%80",
    ] {
        let (status, code, _) = error_of(&client.iam("ListUsers", more));
        assert_eq!((status, code.as_str()), (400, "ValidationError"), "{more}");
    }
    client.state.update(|world| world.iam_page_size = Some(1));
    client.state.update(|world| {
        world.accounts[1].users.push(User {
            name: "x".into(),
            ..User::default()
        });
    });
    let marker = element(&client.iam("ListUsers", "").body, "Marker")
        .unwrap()
        .replace('=', "%3D");
    assert_eq!(
        client
            .iam("ListVirtualMFADevices", &format!("Marker={marker}"))
            .status,
        400
    );
}

fn with_accounts(count: usize) -> Client {
    let mut world = World::from_toml(super::ORGANIZATION).unwrap();
    let account = |number| Account {
        id: format!("{:012}", 300_000_000_000_u64 + number),
        ..Account::default()
    };
    world
        .accounts
        .extend((2..count).map(|it| account(it as u64)));
    Client::of(world)
}

/// Returns the sizes of all pages, and all ids.
fn walk(client: &Client, action: &str, member: &str, input: Value) -> (Vec<usize>, Vec<String>) {
    let (mut sizes, mut ids, mut input) = (Vec::new(), Vec::new(), input);
    loop {
        let (status, page) = client.organizations(action, &input);
        assert_eq!(status, 200, "{page}");
        let items = page[member].as_array().unwrap();
        sizes.push(items.len());
        ids.extend(items.iter().map(|it| it["Id"].as_str().unwrap().to_owned()));
        match page.get("NextToken") {
            Some(token) => input["NextToken"] = token.clone(),
            None => return (sizes, ids),
        }
    }
}

#[test]
fn accounts_come_in_pages_of_twenty() {
    let client = with_accounts(45);
    let (sizes, mut ids) = walk(&client, "ListAccounts", "Accounts", json!({}));
    assert_eq!(sizes, [20, 20, 5]);
    ids.dedup();
    assert_eq!(ids.len(), 45);
    let (sizes, _) = walk(
        &client,
        "ListAccountsForParent",
        "Accounts",
        json!({ "ParentId": "r-a1b2", "MaxResults": 15 }),
    );
    assert_eq!(sizes, [15, 15, 15]);
}

#[test]
fn pages_may_be_empty_with_a_token() {
    let client = with_accounts(25);
    client
        .state
        .update(|world| world.organization.as_mut().unwrap().empty_pages = true);
    let (sizes, ids) = walk(&client, "ListAccounts", "Accounts", json!({}));
    assert_eq!(sizes, [0, 20, 0, 5]);
    assert_eq!(ids.len(), 25);
}

#[test]
fn impossible_sizes_and_tokens_are_invalid_input() {
    let client = with_accounts(3);
    for (input, reason) in [
        (json!({ "MaxResults": 0 }), "MIN_VALUE_EXCEEDED"),
        (json!({ "MaxResults": 21 }), "MAX_VALUE_EXCEEDED"),
        (json!({ "NextToken": "" }), "INVALID_NEXT_TOKEN"),
        (json!({ "NextToken": "abc" }), "INVALID_NEXT_TOKEN"),
    ] {
        let (status, error) = client.organizations("ListAccounts", &input);
        assert_eq!(status, 400);
        assert_eq!(
            (error["__type"].as_str(), error["Reason"].as_str()),
            (Some("InvalidInputException"), Some(reason))
        );
    }
}
