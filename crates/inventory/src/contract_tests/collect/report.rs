//! Credential reports that are late, stuck, refused or old.

use super::*;

#[tokio::test]
async fn a_report_that_is_not_there_is_waited_for() {
    let mut world = organization(USERS);
    world.accounts[1].report.age_seconds = None;
    let stage = Stage::start(world).await;
    let record = stage.member().await;
    let alice = &record.iam_users.items[0];
    assert_eq!(
        source(&record, &alice.password),
        Source::GetCredentialReport
    );
    assert_eq!(stage.asked(MEMBER, "GenerateCredentialReport"), 1);
    assert_eq!(stage.asked(MEMBER, "GetCredentialReport"), 1);
}

#[tokio::test]
async fn a_report_that_is_never_complete_is_done_without() {
    let mut world = organization(USERS);
    world.accounts[1].report = simulator::Report {
        age_seconds: None,
        stuck: true,
    };
    let stage = Stage::start(world).await;
    let records = stage
        .audit(|it| it.report_patience = Duration::from_millis(1))
        .await;
    let record = record(&records, MEMBER);
    for user in &record.iam_users.items {
        assert_eq!(
            source(record, &user.password),
            Source::GetLoginProfile,
            "{}",
            user.name
        );
    }
    assert_eq!(
        statuses(record)[&("iam-user-console-mfa", "iam-user user/bob".to_owned())],
        Status::Fail
    );
    let unread = record.iam_users.items[0]
        .password_last_used
        .get()
        .unwrap_err();
    let gap = record.gap(unread).unwrap();
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::Deadline, "GenerateCredentialReport")
    );
}

#[tokio::test]
async fn a_report_is_looked_for_when_patience_ends_however_long_reports_usually_take() {
    for patience in [Duration::from_millis(600), Duration::ZERO] {
        let mut world = organization(USERS);
        world.accounts[1].report.age_seconds = None;
        let stage = Stage::start(world).await;
        let records = stage.audit(|it| it.report_patience = patience).await;
        let record = record(&records, MEMBER);
        assert_eq!(
            source(record, &record.iam_users.items[0].password),
            Source::GetCredentialReport
        );
        assert_eq!(stage.asked(MEMBER, "GetCredentialReport"), 1);
    }
}

#[tokio::test]
async fn a_report_asked_for_too_often_is_waited_for() {
    let mut world = organization("");
    world.accounts[1].report.age_seconds = None;
    let kind = FaultKind::Throttle {
        code: "LimitExceeded".to_owned(),
    };
    let mut limit = fault("iam:GenerateCredentialReport", kind);
    (limit.times, limit.account) = (Some(1), Some(MEMBER.to_owned()));
    let stage = Stage::with(world, vec![limit]).await;
    let record = stage.member().await;
    assert!(record.observations.iter().all(|it| it.at.is_some()));
    assert_eq!(stage.asked(MEMBER, "GenerateCredentialReport"), 2);
}

#[tokio::test]
async fn a_report_that_exists_is_used_where_none_may_be_made() {
    let stage = Stage::with(
        organization(USERS),
        vec![fault("iam:GenerateCredentialReport", denial())],
    )
    .await;
    let record = stage.member().await;
    let alice = &record.iam_users.items[0];
    assert_eq!(
        source(&record, &alice.password),
        Source::GetCredentialReport
    );
}

#[tokio::test]
async fn a_stale_report_is_done_without() {
    let stage = Stage::start(organization(USERS)).await;
    let later = Timestamp::from_epoch_seconds(NOW + 6 * 3600).unwrap();
    let records = stage.audit(|it| it.clock = Clock::Fixed(later)).await;
    let record = record(&records, MEMBER);
    assert!(record.observations.iter().all(|it| it.source.is_live()));
    let gap = record
        .gap(
            record.iam_users.items[0]
                .password_last_used
                .get()
                .unwrap_err(),
        )
        .unwrap();
    assert_eq!(gap.reason, GapReason::Stale);
}

#[tokio::test]
async fn a_report_from_the_future_is_no_reason_to_panic() {
    let stage = Stage::start(organization(USERS)).await;
    let earlier = Timestamp::from_epoch_seconds(NOW - 86_400).unwrap();
    let records = stage.audit(|it| it.clock = Clock::Fixed(earlier)).await;
    assert!(record(&records, MEMBER).iam_users.gap.is_none());
}
