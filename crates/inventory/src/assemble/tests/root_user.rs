//! The root user's facts.

use super::*;

#[test]
fn the_summary_and_the_report_settle_the_root_user() {
    use MfaStatus::{Enabled, NotEnabled};
    use Order::{ByTime, LiveIsLater};
    let summary = Ok((Enabled, Source::GetAccountSummary));
    let report = Ok((NotEnabled, Source::GetCredentialReport));
    for (order, says, at, expected) in [
        (LiveIsLater, "true", LATER, summary),
        (LiveIsLater, "false", LATER, summary),
        (LiveIsLater, "false", EARLIER, summary),
        (LiveIsLater, "false", "", summary),
        (ByTime, "true", EARLIER, summary),
        (ByTime, "true", "", summary),
        (ByTime, "false", LATER, summary),
        (ByTime, "false", EARLIER, report),
        (ByTime, "false", REPORT, Err(GapReason::Contradictory)),
        (ByTime, "false", "", Err(GapReason::Contradictory)),
    ] {
        let mut answers = reported(order, &[(ROOT, "true", says, "false")]);
        answers.summary = timed(SUMMARY, at);
        let record = record(&answers);
        assert_eq!(
            told(&record, &record.root_user.mfa),
            expected,
            "{order:?}: report {says}, summary at {at:?}"
        );
    }
}

#[test]
fn sources_that_contradict_each_other_are_both_named() {
    let mut answers = reported(Order::ByTime, &[(ROOT, "false", "false", "true")]);
    answers.summary = timed(SUMMARY, "");
    let record = record(&answers);
    let root = &record.root_user;
    for (gap, dataset, old, new) in [
        (
            gap(&record, &root.mfa),
            Dataset::RootMfa,
            "MFA is not enabled",
            "MFA is enabled",
        ),
        (
            gap(&record, &root.password),
            Dataset::RootCredentials,
            "no password is set",
            "a password is set",
        ),
        (
            gap(&record, &root.access_key),
            Dataset::RootCredentials,
            "there is one",
            "there is none",
        ),
    ] {
        assert_eq!(
            (gap.dataset, gap.reason),
            (dataset, GapReason::Contradictory)
        );
        let expected = format!(
            "GetCredentialReport says {old}, GetAccountSummary says {new}, and nothing tells which is later"
        );
        assert_eq!(gap.detail, expected);
    }
}

#[test]
fn each_key_of_the_summary_decides_its_own_fact() {
    let mut answers = answers(Order::LiveIsLater);
    answers.summary = timed(
        AccountSummary {
            access_keys: Some(1),
            mfa: Some(0),
            ..SUMMARY
        },
        LATER,
    );
    let record = record(&answers);
    let root = &record.root_user;
    let source = Source::GetAccountSummary;
    assert_eq!(
        told(&record, &root.password),
        Ok((ConsolePassword::Set, source))
    );
    assert_eq!(
        told(&record, &root.access_key),
        Ok((Presence::Present, source))
    );
    assert_eq!(
        told(&record, &root.signing_certificate),
        Ok((Presence::Absent, source))
    );
    assert_eq!(
        told(&record, &root.mfa),
        Ok((MfaStatus::NotEnabled, source))
    );
    assert_eq!(told(&record, &record.identity_providers), Ok((2, source)));
}

#[test]
fn a_key_that_the_summary_lacks_is_the_reports_or_a_gap() {
    let lacking = AccountSummary {
        password: None,
        providers: None,
        ..SUMMARY
    };
    let mut answers = reported(Order::LiveIsLater, &[(ROOT, "false", "true", "false")]);
    answers.summary = timed(lacking, LATER);
    let of_report = record(&answers);
    let expected = Ok((ConsolePassword::NotSet, Source::GetCredentialReport));
    assert_eq!(told(&of_report, &of_report.root_user.password), expected);
    answers.report = Err(denied("GetCredentialReport"));
    let without = record(&answers);
    let gap = gap(&without, &without.root_user.password);
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::NotInEvidence, "GetAccountSummary")
    );
    assert_eq!(gap.detail, "the answer has no `AccountPasswordPresent`");
    assert_eq!(
        told(&without, &without.identity_providers),
        Err(GapReason::NotInEvidence)
    );
}

#[test]
fn a_negative_count_of_providers_is_no_count() {
    let mut answers = answers(Order::LiveIsLater);
    answers.summary = timed(
        AccountSummary {
            providers: Some(-1),
            ..SUMMARY
        },
        LATER,
    );
    let record = record(&answers);
    assert!(record.identity_providers.known().is_none());
}

#[test]
fn not_supported_means_a_password_in_the_commercial_partition_alone() {
    for (partition, expected) in [
        (
            "aws",
            Ok((ConsolePassword::Set, Source::GetCredentialReport)),
        ),
        ("aws-us-gov", Err(GapReason::NotInEvidence)),
        ("aws-cn", Err(GapReason::NotInEvidence)),
    ] {
        let mut answers = reported(
            Order::LiveIsLater,
            &[(ROOT, "not_supported", "false", "false")],
        );
        answers.account.partition = Partition::new(partition);
        let record = record(&answers);
        assert_eq!(
            told(&record, &record.root_user.password),
            expected,
            "{partition}"
        );
    }
}

#[test]
fn without_summary_and_report_the_summarys_trouble_is_told() {
    let mut answers = answers(Order::LiveIsLater);
    answers.summary = Err(denied("GetAccountSummary"));
    answers.report = Err(Trouble::new(
        "GetCredentialReport",
        GapReason::Throttled,
        "",
    ));
    let nothing = record(&answers);
    assert_eq!(
        gap(&nothing, &nothing.root_user.mfa).operation,
        "GetAccountSummary"
    );
    // A report that has no row of the root user says more.
    answers.report = timed(report(&[("alice", "true", "true", "false")]), REPORT);
    let rowless = record(&answers);
    let gap = gap(&rowless, &rowless.root_user.mfa);
    assert_eq!(
        (gap.operation.as_str(), gap.reason),
        ("GetCredentialReport", GapReason::NotInEvidence)
    );
}

#[test]
fn a_device_is_the_root_users_by_its_owner_and_never_by_its_name() {
    for (owner, name, is_roots) in [
        ("root", "anything", true),
        ("root", "alice", true),
        ("user/root", "root-account-mfa-device", false),
        (
            "user/root-account-mfa-device",
            "root-account-mfa-device",
            false,
        ),
        ("user/groot", "root", false),
        ("user/path:root", "x", false),
    ] {
        let mut answers = answers(Order::LiveIsLater);
        assign(&mut answers, owner, name, LATER);
        let record = record(&answers);
        let expected = if is_roots {
            Ok((MfaStatus::Enabled, Source::ListVirtualMfaDevices))
        } else {
            Err(GapReason::NotRequested)
        };
        assert_eq!(
            told(&record, &record.root_user.mfa),
            expected,
            "{owner} {name}"
        );
        assert_eq!(
            record.root_user.mfa_devices.items.len(),
            usize::from(is_roots),
            "{owner} {name}"
        );
    }
    let mut elsewhere = answers(Order::LiveIsLater);
    assign(&mut elsewhere, "root", "anything", LATER);
    elsewhere.virtual_devices.items[0].owner = "arn:aws:iam::999999999999:root".parse().unwrap();
    assert!(
        record(&elsewhere).root_user.mfa.known().is_none(),
        "another account's root user"
    );
}

#[test]
fn that_the_root_user_has_no_virtual_device_says_nothing() {
    let mut answers = reported(Order::LiveIsLater, &[(ROOT, "true", "true", "false")]);
    assign(&mut answers, "user/alice", "alice", LATER);
    answers.summary = timed(SUMMARY, LATER);
    let record = record(&answers);
    assert_eq!(
        told(&record, &record.root_user.mfa),
        Ok((MfaStatus::Enabled, Source::GetAccountSummary))
    );
    let gap = record
        .gap(record.root_user.mfa_devices.gap.unwrap())
        .unwrap();
    assert_eq!(gap.reason, GapReason::NotVisible);
}

#[test]
fn a_device_of_a_root_user_without_mfa_is_later_or_contradicts() {
    use Order::{ByTime, LiveIsLater};
    let enabled = Ok((MfaStatus::Enabled, Source::ListVirtualMfaDevices));
    let contradictory = Err(GapReason::Contradictory);
    for (order, at, expected) in [
        (LiveIsLater, EARLIER, enabled),
        (ByTime, LATER, enabled),
        (ByTime, EARLIER, contradictory),
        (ByTime, "", contradictory),
    ] {
        let mut answers = reported(order, &[(ROOT, "true", "false", "false")]);
        assign(&mut answers, "root", "x", at);
        let record = record(&answers);
        assert_eq!(
            told(&record, &record.root_user.mfa),
            expected,
            "{order:?} at {at:?}"
        );
    }
    let mut live = answers(LiveIsLater);
    live.summary = timed(
        AccountSummary {
            mfa: Some(0),
            ..SUMMARY
        },
        LATER,
    );
    assign(&mut live, "root", "x", LATER);
    let record = record(&live);
    assert_eq!(told(&record, &record.root_user.mfa), contradictory);
    assert!(
        gap(&record, &record.root_user.mfa)
            .detail
            .contains("GetAccountSummary says the root user has no MFA")
    );
}

#[test]
fn a_root_user_without_mfa_has_no_devices() {
    let mut answers = answers(Order::LiveIsLater);
    answers.summary = timed(
        AccountSummary {
            mfa: Some(0),
            ..SUMMARY
        },
        LATER,
    );
    let record = record(&answers);
    let devices = &record.root_user.mfa_devices;
    assert!(devices.items.is_empty() && devices.gap.is_none());
}
