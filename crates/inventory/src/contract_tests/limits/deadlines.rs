//! The time that one account may take.

use rules::Status;

use super::*;
use crate::contract_tests::stage::{MEMBER, organization, statuses};

#[tokio::test]
async fn an_account_that_does_not_answer_ends_at_its_deadline_and_holds_up_no_other() {
    let stage = Stage::with(members(8, ""), vec![of(3, "iam:*", hang())]).await;
    let mut collector = stage.collector(MANAGEMENT);
    collector.concurrency = 2;
    collector.account_deadline = Duration::from_secs(3);
    let records = records(&collector, accounts(&stage).await).await;
    assert_eq!(records.len(), 9);
    let (last, others) = records.split_last().unwrap();
    assert_eq!(last.account.id.as_str(), id(3), "{:?}", ids(&records));
    for gap in &last.gaps {
        let told = (gap.reason, gap.detail.as_str());
        assert_eq!(told, (GapReason::Deadline, "the account may take 3 s"));
        assert!(!gap.operation.is_empty(), "{gap}");
    }
    assert!(last.observations.is_empty() && !last.gaps.is_empty());
    assert!(others.iter().all(is_whole));
}

#[tokio::test]
async fn an_account_that_cannot_be_entered_in_time_is_a_gap_of_its_entry() {
    let stage = Stage::with(members(2, ""), vec![of(1, "sts:AssumeRole", hang())]).await;
    let mut collector = stage.collector(MANAGEMENT);
    collector.account_deadline = Duration::from_millis(900);
    let records = records(&collector, accounts(&stage).await).await;
    let late = records.iter().find(|it| it.account.id.as_str() == id(1));
    for gap in &late.unwrap().gaps {
        let told = (gap.reason, gap.operation.as_str(), gap.detail.as_str());
        let expected = (
            GapReason::Deadline,
            "AssumeRole",
            "the account may take 900 ms",
        );
        assert_eq!(told, expected);
    }
    assert_eq!(stage.asked(&id(1), "GetAccountSummary"), 0);
}

#[tokio::test]
async fn what_was_answered_before_the_deadline_stands() {
    let user = "[[account.user]]\nname = \"bob\"\npassword = {}";
    let stage = Stage::with(members(1, user), vec![of(1, "iam:ListUsers", hang())]).await;
    let mut collector = stage.collector(MANAGEMENT);
    collector.account_deadline = Duration::from_millis(1500);
    let records = records(&collector, accounts(&stage).await).await;
    let late = records
        .iter()
        .find(|it| it.account.id.as_str() == id(1))
        .unwrap();
    assert!(late.root_user.password.known().is_some());
    assert_eq!(ids_of_users(late), ["bob"], "the report names the users");
    let gap = late.gap(late.iam_users.gap.unwrap()).unwrap();
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::Deadline, "ListUsers")
    );
}

fn ids_of_users(record: &Record) -> Vec<&str> {
    record.iam_users.items.iter().map(|it| &*it.name).collect()
}

#[tokio::test]
async fn a_root_session_that_does_not_come_takes_no_time_of_the_users() {
    let user = "[[account.user]]\nname = \"bob\"\npassword = {}";
    let stage = Stage::with(organization(user), vec![fault("sts:AssumeRoot", hang())]).await;
    let records = stage
        .audit(|it| {
            it.root_access = model::snapshot::RootAccess::Always;
            it.account_deadline = Duration::from_secs(2);
        })
        .await;
    let record = records
        .iter()
        .find(|it| it.account.id.as_str() == MEMBER)
        .unwrap();
    let bob = ("iam-user-console-mfa", "iam-user user/bob".to_owned());
    assert_eq!(statuses(record)[&bob], Status::Fail);
    let root = ("root-user-mfa", "root-user root".to_owned());
    assert_eq!(statuses(record)[&root], Status::NotApplicable);
}
