//! The time that a whole run may take.

use std::cell::RefCell;

use tokio::time::timeout;

use super::*;
use crate::{Listed, Pace, Reach, RunDeadline, StartError, Survey};

#[tokio::test]
async fn what_is_open_at_the_runs_deadline_is_a_gap_and_what_was_not_begun_is_not_asked() {
    let faults = vec![of(2, "iam:*", hang()), of(3, "iam:*", hang())];
    let stage = Stage::with(members(5, ""), faults).await;
    let mut collector = stage.collector(MANAGEMENT);
    collector.concurrency = 2;
    let accounts = accounts(&stage).await;
    collector.deadline = Some(RunDeadline::after(Duration::from_secs(3)));
    let records = records(&collector, accounts).await;
    assert_eq!(records.len(), 6);
    for record in &records {
        let number = (0..6)
            .find(|it| record.account.id.as_str() == id(*it))
            .unwrap();
        if number < 2 {
            assert!(is_whole(record), "{number}");
            continue;
        }
        for gap in &record.gaps {
            let told = (gap.reason, gap.detail.as_str());
            assert_eq!(
                told,
                (GapReason::Deadline, "the run may take 3 s"),
                "{number}"
            );
        }
        let asked = stage.simulator.journal();
        let asked = asked
            .iter()
            .any(|it| it.account == record.account.id.as_str());
        assert_eq!(asked, number < 4, "{number}");
    }
}

#[tokio::test]
async fn an_accounts_own_deadline_counts_where_it_is_the_earlier_one() {
    let stage = Stage::with(members(1, ""), vec![of(1, "iam:*", hang())]).await;
    let mut collector = stage.collector(MANAGEMENT);
    collector.account_deadline = Duration::from_secs(1);
    collector.deadline = Some(RunDeadline::after(Duration::from_mins(10)));
    let records = records(&collector, accounts(&stage).await).await;
    let late = records
        .iter()
        .find(|it| it.account.id.as_str() == id(1))
        .unwrap();
    let own = |it: &model::Gap| it.detail == "the account may take 1 s";
    assert!(late.gaps.iter().all(own), "{:?}", late.gaps);
}

/// Lists the accounts within a time, and returns the ids of those that were found.
async fn list(
    world: World,
    faults: Vec<Fault>,
    within: Duration,
) -> Result<(Listed, usize), StartError> {
    let stage = Box::pin(Stage::with(world, faults)).await;
    let reach = Reach::Organization(ScopeFilter::default());
    let survey = Survey::begin(&stage.connection, &Pace::new(1), &reach).await?;
    let found = RefCell::new(Vec::new());
    let deadline = Some(RunDeadline::after(within));
    let listing = survey.accounts(deadline, async |it: Account| found.borrow_mut().push(it));
    let listed = timeout(within + Duration::from_secs(8), listing);
    let listed = listed
        .await
        .expect("the listing should end at the deadline")?;
    let found = found.into_inner();
    Ok((listed, found.len()))
}

#[tokio::test]
async fn a_list_of_accounts_that_is_not_read_to_its_end_in_time_is_cut() {
    let late = Fault {
        after: Some(1),
        ..fault("organizations:ListAccounts", hang())
    };
    let within = Duration::from_millis(1500);
    let (listed, found) = list(members(44, ""), vec![late], within).await.unwrap();
    let cut = listed.cut.unwrap();
    assert_eq!(
        (cut.reason, cut.operation.as_str(), cut.detail.as_str()),
        (GapReason::Deadline, "ListAccounts", "the run may take 1 s")
    );
    assert_eq!(found, 20, "the first page");
}

#[tokio::test]
async fn a_list_that_is_read_in_time_is_whole() {
    let within = Duration::from_mins(1);
    let (listed, found) = list(members(44, ""), Vec::new(), within).await.unwrap();
    assert!(
        listed.cut.is_none() && listed.notes.is_empty(),
        "{listed:?}"
    );
    assert_eq!((found, listed.identity_center), (45, Some(false)));
}

#[tokio::test]
async fn units_that_are_not_seen_in_time_hold_up_no_run() {
    let mut world = members(3, "");
    world.organization.as_mut().unwrap().omit_paths = true;
    for operation in [
        "ListRoots",
        "ListOrganizationalUnitsForParent",
        "ListAccountsForParent",
    ] {
        let late = fault(&format!("organizations:{operation}"), hang());
        let within = Duration::from_secs(1);
        let (listed, found) = list(world.clone(), vec![late], within).await.unwrap();
        assert_eq!(found, 4, "{operation}");
        let note = "not all organizational units were seen: the run may take 1 s";
        assert_eq!(listed.notes, [note], "{operation}");
        assert!(listed.cut.is_none(), "{operation}");
    }
}

#[tokio::test]
async fn services_that_are_not_seen_in_time_hold_up_no_run() {
    let late = fault("organizations:ListAWSServiceAccessForOrganization", hang());
    let within = Duration::from_secs(1);
    let (listed, found) = list(members(3, ""), vec![late], within).await.unwrap();
    assert_eq!((found, listed.identity_center), (4, None));
}

#[tokio::test]
async fn a_unit_that_is_not_found_in_time_is_not_called_unknown() {
    let stage = Stage::with(
        members(3, ""),
        vec![fault("organizations:ListRoots", hang())],
    )
    .await;
    let filter = ScopeFilter {
        organizational_units: vec!["Prod".to_owned()],
        ..ScopeFilter::default()
    };
    let reach = Reach::Organization(filter);
    let survey = Survey::begin(&stage.connection, &Pace::new(1), &reach)
        .await
        .unwrap();
    let deadline = Some(RunDeadline::after(Duration::from_secs(1)));
    let listing = survey.accounts(deadline, async |it| panic!("{it:?} may be in another unit"));
    let error = timeout(Duration::from_secs(9), listing)
        .await
        .unwrap()
        .unwrap_err();
    assert!(
        matches!(&error, StartError::Listing(it) if it.reason == GapReason::Deadline),
        "{error}"
    );
}
