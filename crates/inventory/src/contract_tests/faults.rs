//! What each call's failure leaves of a record.

use futures_util::future::join_all;
use model::{Cell, Dataset, GapReason, Record, Source, cell, snapshot::ScopeFilter};
use rules::Status;
use simulator::{Fault, FaultKind};

use super::{
    relay::Relay,
    stage::{
        MANAGEMENT, MEMBER, ORDINARY, Stage, collect, collector, connect, denial, fault,
        organization, statuses,
    },
};
use crate::Freshness;

/// A user who passes, one who fails, one with a passkey, one with a key alone, and a root user that passes.
const USERS: &str = r#"
    [account.root]
    password = {}
    mfa = [{}]
    [[account.user]]
    name = "alice"
    password = {}
    mfa = [{}]
    [[account.user]]
    name = "bob"
    password = {}
    [[account.user]]
    name = "carol"
    password = {}
    mfa = [{ kind = "fido" }]
    [[account.user]]
    name = "robot"
    access-keys = [{}]
"#;

fn in_member(action: &str, kind: FaultKind) -> Fault {
    Fault {
        account: Some(MEMBER.to_owned()),
        ..fault(action, kind)
    }
}

async fn member_with(action: &str, kind: FaultKind) -> Record {
    let record = Stage::with(organization(USERS), vec![in_member(action, kind)])
        .await
        .member()
        .await;
    assert!(record.is_consistent());
    record
}

fn status(record: &Record, rule: &str, subject: &str) -> Option<Status> {
    let found = statuses(record);
    found
        .iter()
        .find(|((id, name), _)| *id == rule && name == subject)
        .map(|(_, status)| *status)
}

fn console(record: &Record, user: &str) -> Option<Status> {
    status(
        record,
        "iam-user-console-mfa",
        &format!("iam-user user/{user}"),
    )
}

fn sources(record: &Record) -> Vec<Source> {
    record.observations.iter().map(|it| it.source).collect()
}

/// What a call that is refused leaves unseen, and what nobody may miss.
#[tokio::test]
async fn a_refused_call_is_made_up_for_or_is_a_gap() {
    use Status::{Fail, Indeterminate, Pass};
    for (action, missing, expected) in [
        (
            "GetAccountSummary",
            vec![Dataset::IdentityProviders],
            [Pass, Pass, Fail, Pass],
        ),
        ("GenerateCredentialReport", vec![], [Pass, Pass, Fail, Pass]),
        ("GetCredentialReport", vec![], [Pass, Pass, Fail, Pass]),
        (
            "ListUsers",
            vec![Dataset::IamUsers],
            [Pass, Pass, Fail, Pass],
        ),
        ("ListVirtualMFADevices", vec![], [Pass, Pass, Fail, Pass]),
        (
            "GetLoginProfile",
            vec![Dataset::LoginProfiles],
            [Pass, Pass, Indeterminate, Pass],
        ),
        (
            "ListMFADevices",
            vec![Dataset::MfaStatus],
            [Pass, Pass, Indeterminate, Pass],
        ),
        (
            "ListAccessKeys",
            vec![Dataset::AccessKeys],
            [Pass, Pass, Fail, Pass],
        ),
    ] {
        let record = member_with(&format!("iam:{action}"), denial()).await;
        let found = [
            status(&record, "root-user-mfa", "root-user root"),
            console(&record, "alice"),
            console(&record, "bob"),
            console(&record, "carol"),
        ];
        assert_eq!(found, expected.map(Some), "without {action}");
        for dataset in missing {
            assert_ne!(
                cell(&record, dataset),
                Cell::Seen,
                "{dataset} without {action}"
            );
        }
        let whole = record.gaps.iter().filter(|it| it.operation == action);
        for gap in whole {
            assert_eq!(gap.reason, GapReason::AccessDenied, "{gap}");
            assert!(gap.detail.contains(&format!("iam:{action}")), "{gap}");
        }
    }
}

#[tokio::test]
async fn without_the_list_of_users_the_account_itself_is_indeterminate() {
    let record = member_with("iam:ListUsers", denial()).await;
    for rule in [
        "iam-user-console-mfa",
        "iam-user-mfa",
        "iam-user-access-key-mfa",
    ] {
        assert_eq!(
            status(&record, rule, "account root"),
            Some(Status::Indeterminate),
            "{rule}"
        );
    }
}

#[tokio::test]
async fn without_summary_and_report_the_root_user_is_indeterminate() {
    let faults = ["iam:GetAccountSummary", "iam:GetCredentialReport"];
    let faults = faults.map(|it| in_member(it, denial())).to_vec();
    let record = Stage::with(organization(USERS), faults)
        .await
        .member()
        .await;
    assert_eq!(
        status(&record, "root-user-mfa", "root-user root"),
        Some(Status::Indeterminate)
    );
    assert_eq!(
        status(&record, "root-user-access-key", "root-user root"),
        Some(Status::Indeterminate)
    );
    let gap = record
        .gap(record.root_user.password.get().unwrap_err())
        .unwrap();
    assert_eq!(gap.operation, "GetAccountSummary");
}

#[tokio::test]
async fn without_users_and_report_there_are_no_users_and_a_gap() {
    let faults = ["iam:ListUsers", "iam:GetCredentialReport"];
    let faults = faults.map(|it| in_member(it, denial())).to_vec();
    let record = Stage::with(organization(USERS), faults)
        .await
        .member()
        .await;
    assert!(record.iam_users.items.is_empty());
    let gap = record.gap(record.iam_users.gap.unwrap()).unwrap();
    assert_eq!(
        (gap.operation.as_str(), gap.reason),
        ("ListUsers", GapReason::AccessDenied)
    );
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_a_gap_and_says_why() {
    for (kind, reasons) in [
        (FaultKind::Malformed, vec![GapReason::Malformed]),
        (FaultKind::HtmlBody, vec![GapReason::Malformed]),
        (
            FaultKind::Truncated,
            vec![GapReason::Malformed, GapReason::Unreachable],
        ),
        (FaultKind::Disconnect, vec![GapReason::Unreachable]),
        (
            FaultKind::Status(503),
            vec![GapReason::Failed, GapReason::Throttled],
        ),
        (FaultKind::ExpiredToken, vec![GapReason::ExpiredCredentials]),
    ] {
        let record = member_with("iam:ListUsers", kind.clone()).await;
        let gap = record.gap(record.iam_users.gap.unwrap()).unwrap();
        assert!(reasons.contains(&gap.reason), "{kind:?}: {gap}");
        assert!(
            !gap.detail.is_empty() && !gap.detail.contains('\n'),
            "{kind:?}: {gap}"
        );
    }
}

/// Cuts the answers to one operation at the end of an element, where the SDK notices nothing.
fn cut_after_first_element(body: &str) -> String {
    let ends = [
        "</member>",
        "</entry>",
        "</Content>",
        "</State>",
        "</UserName>",
    ];
    let cut = ends.iter().find_map(|it| Some(body.find(it)? + it.len()));
    body[..cut.unwrap_or(body.len())].to_owned()
}

async fn with_cut_answers(operation: &'static str) {
    let stage = Stage::start(organization(USERS)).await;
    let truth = statuses(&stage.member().await);
    let relay = Relay::start(&stage.simulator.endpoint(), move |seen, body| {
        if seen.asks(operation) {
            cut_after_first_element(&body)
        } else {
            body
        }
    })
    .await;
    let connection = connect(&stage.simulator, &relay.endpoint).await;
    let found = stage.discover(ScopeFilter::default()).await.unwrap();
    let mut collector = collector(&connection, MANAGEMENT);
    if !operation.ends_with("Report") {
        collector.plan.freshness = Freshness::Live;
    }
    let records = collect(&collector, found.accounts).await;
    let member = records
        .iter()
        .find(|it| it.account.id.as_str() == MEMBER)
        .unwrap();
    let told = statuses(member);
    for (subject, status) in &truth {
        let told = told.get(subject).copied();
        let honest = told == Some(*status) || told == Some(Status::Indeterminate);
        let listed_in_part = told.is_none() && member.iam_users.gap.is_some();
        assert!(
            honest || listed_in_part,
            "{operation}: {subject:?} is {told:?}"
        );
    }
    for gap in member.gaps.iter().filter(|it| it.operation == operation) {
        assert_eq!(gap.reason, GapReason::Malformed, "{gap}");
        assert!(gap.detail.contains("ends in its middle"), "{gap}");
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_is_never_a_shorter_one() {
    let operations = [
        "GetAccountSummary",
        "GenerateCredentialReport",
        "GetCredentialReport",
        "ListUsers",
        "ListVirtualMFADevices",
        "GetLoginProfile",
        "ListMFADevices",
        "ListAccessKeys",
    ];
    join_all(operations.map(with_cut_answers)).await;
}

#[tokio::test]
async fn a_login_profile_that_cannot_be_read_is_never_no_password() {
    for kind in [
        FaultKind::Malformed,
        FaultKind::HtmlBody,
        FaultKind::Disconnect,
        FaultKind::Status(404),
        FaultKind::ExpiredToken,
    ] {
        let record = member_with("iam:GetLoginProfile", kind.clone()).await;
        assert_eq!(
            console(&record, "bob"),
            Some(Status::Indeterminate),
            "{kind:?}"
        );
    }
}

#[tokio::test]
async fn an_account_that_throttles_for_a_while_is_seen_whole() {
    let mut throttled = in_member("iam:*", super::stage::throttling());
    throttled.times = Some(8);
    let stage = Stage::with(organization(USERS), vec![throttled]).await;
    let record = stage.member().await;
    for dataset in rules::datasets(&ORDINARY) {
        assert_eq!(cell(&record, dataset), Cell::Seen, "{dataset}");
    }
}

#[tokio::test]
async fn a_call_that_is_throttled_for_ever_is_a_gap() {
    let record = member_with("iam:GetAccountSummary", super::stage::throttling()).await;
    let gap = record
        .gap(record.identity_providers.get().unwrap_err())
        .unwrap();
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::Throttled, "GetAccountSummary")
    );
    assert_eq!(
        status(&record, "root-user-mfa", "root-user root"),
        Some(Status::Pass)
    );
    assert!(sources(&record).contains(&Source::GetCredentialReport));
}

#[tokio::test]
async fn a_list_whose_token_repeats_keeps_what_was_read_and_a_gap() {
    let mut world = organization(USERS);
    world.iam_page_size = Some(1);
    let repeat = in_member("iam:ListUsers", FaultKind::RepeatToken);
    let stage = Stage::with(world, vec![repeat]).await;
    let record = stage.member().await;
    let gap = record.gap(record.iam_users.gap.unwrap()).unwrap();
    assert_eq!(gap.reason, GapReason::Malformed);
    assert!(stage.asked(MEMBER, "ListUsers") <= 3);
    assert_eq!(
        record.iam_users.items.len(),
        4,
        "the others are in the report"
    );
}

#[tokio::test]
async fn an_empty_page_is_not_the_end() {
    let empty = |action| Fault {
        times: Some(1),
        ..in_member(action, FaultKind::EmptyPage)
    };
    let lists = [
        "iam:ListUsers",
        "iam:ListVirtualMFADevices",
        "iam:ListMFADevices",
    ];
    let record = Stage::with(organization(USERS), lists.map(empty).to_vec())
        .await
        .member()
        .await;
    assert_eq!(
        (record.iam_users.items.len(), record.iam_users.gap),
        (4, None)
    );
    assert_eq!(console(&record, "bob"), Some(Status::Fail));
}

#[tokio::test]
async fn one_account_that_fails_is_no_other_accounts_trouble() {
    let stage = Stage::with(
        organization(USERS),
        vec![in_member("*:*", FaultKind::Disconnect)],
    )
    .await;
    let records = stage.audit(|it| it.concurrency = 1).await;
    assert_eq!(records.len(), 2);
    assert!(
        records[0]
            .gaps
            .iter()
            .all(|it| it.reason == GapReason::NotRequested || it.reason == GapReason::NotVisible)
    );
    assert!(
        records[1]
            .gaps
            .iter()
            .all(|it| it.reason == GapReason::Unreachable)
    );
}
