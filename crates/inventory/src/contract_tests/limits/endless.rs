//! Lists that have no end.

use super::*;
use crate::{
    StartError,
    calls::{Page, Pages, pages},
    contract_tests::stage::{MEMBER, organization},
};

/// Reads a list of which every page has a new token, and so many items.
async fn endless(on_each_page: usize) -> Pages<usize> {
    let mut number = 0;
    let fetch = async |_| {
        number += 1;
        Ok(Page {
            items: vec![number; on_each_page],
            next: Some(number.to_string()),
        })
    };
    pages("ListThings", fetch).await
}

#[tokio::test]
async fn a_list_longer_than_any_can_be_is_malformed() {
    for (on_each_page, pages, items) in [(1, 20_001, 20_001), (1000, 101, 101_000), (0, 101, 0)] {
        let read = endless(on_each_page).await;
        assert_eq!(read.items.len(), items, "what was read stands");
        let trouble = read.trouble.unwrap();
        assert_eq!(trouble.reason, GapReason::Malformed);
        let words = format!("the list has no end: {pages} pages with {items} items");
        assert_eq!(trouble.detail, words);
    }
}

#[tokio::test]
async fn an_account_whose_list_has_no_end_keeps_what_else_was_seen() {
    let endless = Fault {
        account: Some(MEMBER.to_owned()),
        ..fault("iam:ListVirtualMFADevices", FaultKind::EndlessPages)
    };
    let user = "[account.root]\npassword = {}\nmfa = [{ kind = \"fido\" }]";
    let stage = Stage::with(organization(user), vec![endless]).await;
    let record = stage.member().await;
    assert_eq!(stage.asked(MEMBER, "ListVirtualMFADevices"), 101);
    let gap = record
        .gap(record.root_user.mfa_devices.gap.unwrap())
        .unwrap();
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::Malformed, "ListVirtualMFADevices")
    );
    assert_eq!(
        record.root_user.mfa.known(),
        Some(&model::MfaStatus::Enabled)
    );
}

#[tokio::test]
async fn a_list_of_accounts_that_begins_anew_is_given_up_soon() {
    let endless = fault("organizations:ListAccounts", FaultKind::EndlessPages);
    let stage = Stage::with(organization(""), vec![endless]).await;
    let Err(StartError::Listing(trouble)) = stage.discover(ScopeFilter::default()).await else {
        panic!("nobody knows which accounts there are");
    };
    assert_eq!(trouble.reason, GapReason::Malformed);
    assert!(
        trouble.detail.contains("after 2 of them"),
        "{}",
        trouble.detail
    );
}
