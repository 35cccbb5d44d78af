//! Accounts that come, go, or are listed twice while `ListAccounts` goes on; and listings without an end.

use std::collections::HashSet;

use serde_json::json;

use super::Client;
use crate::faults::{Fault, FaultKind};
use crate::world::{Account, World};

fn client(change: impl FnOnce(&mut World)) -> Client {
    let mut world = World::generate(45, 0, 1);
    change(&mut world);
    Client::of(world)
}

fn id(place: usize) -> String {
    World::generate(45, 0, 1).accounts[place].id.clone()
}

fn ids(page: &serde_json::Value) -> Vec<String> {
    let accounts = page["Accounts"].as_array().unwrap();
    accounts
        .iter()
        .map(|it| it["Id"].as_str().unwrap().to_owned())
        .collect()
}

/// Returns the pages of a listing, up to so many, and the tokens that led on.
fn pages(client: &Client, most: usize) -> (Vec<Vec<String>>, Vec<String>) {
    let (mut pages, mut tokens) = (Vec::new(), Vec::new());
    let mut input = json!({});
    while pages.len() < most {
        let (status, page) = client.organizations("ListAccounts", &input);
        assert_eq!(status, 200, "{page}");
        pages.push(ids(&page));
        let Some(token) = page["NextToken"].as_str() else {
            break;
        };
        tokens.push(token.to_owned());
        input = json!({ "NextToken": token });
    }
    (pages, tokens)
}

fn fault(kind: FaultKind) -> Fault {
    Fault {
        account: None,
        action: "organizations:ListAccounts".into(),
        after: None,
        times: None,
        kind,
    }
}

#[test]
fn an_account_that_comes_or_goes_moves_no_other() {
    let client = client(|world| {
        world.accounts[5].vanishes_after_pages = Some(1);
        world.accounts[7].appears_after_pages = Some(1);
        world.accounts[30].vanishes_after_pages = Some(1);
        world.accounts[44].appears_after_pages = Some(2);
    });
    let (first, _) = pages(&client, 9);
    let seen: Vec<_> = first.concat();
    // The fifth was listed before it went; the seventh came when its page had been served.
    let expected: Vec<_> = (0..45).filter(|it| ![7, 30].contains(it)).map(id).collect();
    assert_eq!(seen, expected);
    let sizes: Vec<_> = first.iter().map(Vec::len).collect();
    assert_eq!(sizes, [19, 19, 5]);
    let (second, _) = pages(&client, 9);
    let expected: Vec<_> = (0..45).filter(|it| ![5, 30].contains(it)).map(id).collect();
    assert_eq!(second.concat(), expected);
}

#[test]
fn a_refused_page_is_not_counted() {
    let client = client(|world| world.accounts[3].appears_after_pages = Some(1));
    let bad = client.organizations("ListAccounts", &json!({ "NextToken": "x" }));
    assert_eq!(bad.0, 400);
    assert!(!pages(&client, 1).0.concat().contains(&id(3)));
    assert!(pages(&client, 1).0.concat().contains(&id(3)));
}

#[test]
fn the_members_of_a_unit_come_and_go_as_well() {
    let client = client(|world| {
        world.accounts.truncate(1);
        world.accounts.push(Account {
            id: "555555555555".into(),
            appears_after_pages: Some(1),
            ..Account::default()
        });
    });
    let root = client.organizations("ListRoots", &json!({})).1["Roots"][0]["Id"].clone();
    let count = || {
        let input = json!({ "ParentId": root });
        ids(&client.organizations("ListAccountsForParent", &input).1).len()
    };
    assert_eq!(count(), 1);
    pages(&client, 1);
    assert_eq!(count(), 2);
}

#[test]
fn an_account_can_be_listed_twice() {
    let client = client(|world| world.faults = vec![fault(FaultKind::RepeatAccount)]);
    let (listed, _) = pages(&client, 9);
    assert!(listed.iter().all(|it| it.len() <= 20));
    let all = listed.concat();
    let distinct: HashSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), 45);
    assert_eq!(all.len(), 45 + listed.len());
    assert_eq!(listed[1][0], listed[0][19]);
}

#[test]
fn pages_can_go_on_for_ever_with_new_tokens() {
    let client = client(|world| world.faults = vec![fault(FaultKind::EndlessPages)]);
    let (listed, tokens) = pages(&client, 50);
    assert_eq!((listed.len(), tokens.len()), (50, 50));
    let distinct: HashSet<_> = tokens.iter().collect();
    assert_eq!(distinct.len(), 50);
    assert_eq!(listed[0], listed[3]);

    let none = client.iam("ListUsers", "").body;
    assert_eq!(super::element(&none, "Marker"), None);
    let action = "iam:ListUsers".into();
    client.state.update(|world| {
        world.faults = vec![Fault {
            action,
            ..fault(FaultKind::EndlessPages)
        }];
    });
    let marker = |more: &str| {
        let body = client.iam("ListUsers", more).body;
        super::element(&body, "Marker").unwrap()
    };
    let first = marker("");
    assert_ne!(
        first,
        marker(&format!("Marker={}", first.replace('=', "%3D")))
    );
}
