//! What is left to see where a session of a root user, or a call in it, is refused.

use model::{Dataset, GapReason, PolicyKind};
use simulator::ServiceControlPolicy;

use super::*;

/// Returns the root user's facts with their sources, its devices aside.
fn facts(record: &Record) -> [(String, Option<Source>); 4] {
    let root = &record.root_user;
    [
        (
            format!("{:?}", root.password.known()),
            source(record, &root.password),
        ),
        (
            format!("{:?}", root.access_key.known()),
            source(record, &root.access_key),
        ),
        (
            format!("{:?}", root.signing_certificate.known()),
            source(record, &root.signing_certificate),
        ),
        (format!("{:?}", root.mfa.known()), source(record, &root.mfa)),
    ]
}

/// Returns the gap in the list of the root user's devices.
fn device_gap(record: &Record) -> model::Gap {
    let gap = record.root_user.mfa_devices.gap.unwrap();
    record.gap(gap).unwrap().clone()
}

fn no_root(condition: &str) -> ServiceControlPolicy {
    let policy = format!(
        r#"{{"Statement": {{"Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": {{"ArnLike": {{"aws:PrincipalArn": "arn:aws:iam::*:root"}}{condition}}}}}}}"#
    );
    ServiceControlPolicy {
        id: "p-noroot".to_owned(),
        policy: Some(policy),
        ..ServiceControlPolicy::default()
    }
}

#[tokio::test]
async fn without_root_sessions_a_root_user_is_what_the_audit_role_sees() {
    let stage = Stage::start(central(FULL)).await;
    let record = member(&stage, RootAccess::Never).await;
    let summary = Some(Source::GetAccountSummary);
    assert!(
        facts(&record).iter().all(|it| it.1 == summary),
        "{:?}",
        facts(&record)
    );
    let gap = device_gap(&record);
    assert_eq!(
        (gap.dataset, gap.reason),
        (Dataset::RootMfaDevices, GapReason::NotVisible)
    );
    assert_eq!(stage.asked(MEMBER, "AssumeRoot"), 0);
}

#[tokio::test]
async fn without_the_feature_the_same_is_seen_and_the_gap_has_awss_words() {
    let mut world = central(FULL);
    world.organization.as_mut().unwrap().features.clear();
    let stage = Stage::start(world).await;
    let never = member(&stage, RootAccess::Never).await;
    let always = member(&stage, RootAccess::Always).await;
    assert_eq!(facts(&always), facts(&never));
    assert_eq!(statuses(&always), statuses(&never));
    let gap = device_gap(&always);
    assert_eq!(
        (gap.reason, gap.operation.as_str(), gap.detail.as_str()),
        (
            GapReason::AccessDenied,
            "AssumeRoot",
            "Root credentials management feature is not enabled for your AWS Organization."
        )
    );
    assert_eq!(gap.policy, None, "no policy is to blame");
    assert_eq!(stage.asked(MEMBER, "AssumeRoot"), 1);
    let in_session = IN_SESSION.iter().map(|it| stage.asked(MEMBER, it));
    assert_eq!(in_session.sum::<usize>(), 0);
}

#[tokio::test]
async fn a_virtual_device_is_seen_beside_the_gap() {
    let mut world = central("[account.root]\npassword = {}\nmfa = [{}, { kind = \"fido\" }]");
    world.organization.as_mut().unwrap().features.clear();
    let stage = Stage::start(world).await;
    let record = member(&stage, RootAccess::Always).await;
    let devices = &record.root_user.mfa_devices;
    assert_eq!(devices.items.len(), 1);
    let observation = record.observation(devices.observation.unwrap()).unwrap();
    assert_eq!(observation.source, Source::ListVirtualMfaDevices);
    assert_eq!(device_gap(&record).reason, GapReason::AccessDenied);
}

#[tokio::test]
async fn a_service_control_policy_that_denies_root_users_is_named() {
    let mut world = central(FULL);
    world.scps.push(no_root(""));
    let stage = Stage::start(world).await;
    let never = member(&stage, RootAccess::Never).await;
    let always = member(&stage, RootAccess::Always).await;
    assert_eq!(facts(&always), facts(&never));
    assert_eq!(statuses(&always), statuses(&never));
    let gap = device_gap(&always);
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::AccessDenied, "ListMFADevices")
    );
    let policy = gap.policy.unwrap();
    let arn =
        "arn:aws:organizations::111111111111:policy/o-exampleorg/service_control_policy/p-noroot";
    assert_eq!(
        (policy.kind, policy.arn.as_deref()),
        (PolicyKind::ServiceControl, Some(arn))
    );
}

#[tokio::test]
async fn a_service_control_policy_that_spares_root_sessions_is_no_obstacle() {
    let mut world = central(FULL);
    world
        .scps
        .push(no_root(r#", "Null": {"aws:AssumedRoot": "true"}"#));
    let stage = Stage::start(world).await;
    let record = member(&stage, RootAccess::Always).await;
    assert_eq!(serials(&record).len(), 1);
}

#[tokio::test]
async fn a_call_that_is_refused_in_the_session_leaves_the_others() {
    for (refused, place) in IN_SESSION.into_iter().zip([0, 1, 3, 2]) {
        let denied = simulator::Fault {
            account: Some(MEMBER.to_owned()),
            ..fault(&format!("iam:{refused}"), denial())
        };
        let stage = Stage::with(central(FULL), vec![denied]).await;
        let record = member(&stage, RootAccess::Always).await;
        for (number, (value, source)) in facts(&record).into_iter().enumerate() {
            let by_summary = source == Some(Source::GetAccountSummary);
            assert_eq!(
                by_summary,
                number == place,
                "{refused}: {value} by {source:?}"
            );
            assert_ne!(value, "None", "{refused}");
        }
        if refused == "ListMFADevices" {
            let gap = device_gap(&record);
            assert_eq!(gap.reason, GapReason::AccessDenied);
            assert!(gap.detail.contains("iam:ListMFADevices"), "{gap}");
        } else {
            assert_eq!(serials(&record).len(), 1, "{refused}");
        }
    }
}

#[tokio::test]
async fn a_root_user_is_seen_in_an_account_that_cannot_be_entered() {
    let mut world = central(FULL);
    world.accounts[1].roles.clear();
    let stage = Stage::start(world).await;
    let record = member(&stage, RootAccess::Always).await;
    assert_eq!(serials(&record).len(), 1);
    assert_eq!(root_rule(&record, "root-user-mfa"), Status::Pass);
    assert_eq!(root_rule(&record, "root-user-access-key"), Status::Fail);
    let gap = record.gap(record.iam_users.gap.unwrap()).unwrap();
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::EntryDenied, "AssumeRole")
    );
    let users = statuses(&record)[&("iam-user-console-mfa", "account root".to_owned())];
    assert_eq!(users, Status::Indeterminate);
    let mut expected = vec!["AssumeRole", "AssumeRoot"];
    expected.extend(IN_SESSION);
    assert_eq!(asked(&stage, MEMBER), expected);
}

#[tokio::test]
async fn an_account_that_shows_nothing_has_one_reason_for_all() {
    let mut world = central(FULL);
    world.accounts[1].roles.clear();
    world.organization.as_mut().unwrap().features.clear();
    let stage = Stage::start(world).await;
    let never = member(&stage, RootAccess::Never).await;
    let always = member(&stage, RootAccess::Always).await;
    assert_eq!(never, always);
    let denied = |it: &model::Gap| {
        (it.reason, it.operation.as_str()) == (GapReason::EntryDenied, "AssumeRole")
    };
    assert!(always.gaps.iter().all(denied), "{:?}", always.gaps);
}

#[tokio::test]
async fn a_root_session_that_fails_is_no_trouble_of_the_users() {
    for kind in [
        denial(),
        FaultKind::HtmlBody,
        FaultKind::Disconnect,
        FaultKind::Status(500),
    ] {
        let stage = Stage::with(
            central(&format!(
                "{FULL}\n[[account.user]]\nname = \"bob\"\npassword = {{}}"
            )),
            vec![fault("sts:AssumeRoot", kind.clone())],
        )
        .await;
        let record = member(&stage, RootAccess::Always).await;
        let bob = ("iam-user-console-mfa", "iam-user user/bob".to_owned());
        assert_eq!(statuses(&record)[&bob], Status::Fail, "{kind:?}");
        assert_eq!(
            root_rule(&record, "root-user-mfa"),
            Status::Pass,
            "{kind:?}"
        );
        assert_eq!(device_gap(&record).operation, "AssumeRoot", "{kind:?}");
    }
}
