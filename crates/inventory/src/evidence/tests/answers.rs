//! Each answer of the AWS command line.

use super::*;

#[test]
fn an_account_summary_is_read() {
    let record = one(&[("summary.json", SUMMARY)], given(ACCOUNT));
    assert_eq!(record.root_user.mfa.known(), Some(&MfaStatus::NotEnabled));
    assert_eq!(
        record.root_user.password.known(),
        Some(&ConsolePassword::Set)
    );
    assert_eq!(record.identity_providers.known(), Some(&1));
    assert_eq!(
        record.gap(record.iam_users.gap.unwrap()).unwrap().reason,
        GapReason::NotInEvidence
    );
}

#[test]
fn a_summary_of_odd_values_says_nothing_of_them() {
    let odd = br#"{"SummaryMap": {"AccountMFAEnabled": "1", "AccountPasswordPresent": null, "AccountAccessKeysPresent": 99999999999, "Providers": 1.5}}"#;
    let record = one(&[("summary.json", odd)], given(ACCOUNT));
    let root = &record.root_user;
    assert!(
        root.mfa.known().is_none()
            && root.password.known().is_none()
            && root.access_key.known().is_none()
    );
}

#[test]
fn a_list_of_users_is_read_and_its_users_passwords_are_unknown() {
    let record = one(
        &[("users.json", users("").as_bytes())],
        EvidenceOptions::default(),
    );
    assert_eq!(
        (record.account.id.as_str(), record.iam_users.gap),
        (ACCOUNT, None)
    );
    assert_eq!(user(&record, "carol").arn.resource(), "user/x/carol");
    assert!(user(&record, "alice").password_last_used.known().is_some());
    assert!(
        user(&record, "alice").password.known().is_none(),
        "that a password was used does not say there is one"
    );
}

#[test]
fn a_list_that_goes_on_elsewhere_is_not_whole() {
    for more in [
        ", \"IsTruncated\": true",
        ", \"Marker\": \"x\"",
        ", \"NextToken\": \"x\"",
        ", \"IsTruncated\": true, \"Marker\": \"x\"",
    ] {
        let record = one(
            &[("users.json", users(more).as_bytes())],
            EvidenceOptions::default(),
        );
        assert_eq!(record.iam_users.items.len(), 2, "{more}");
        assert_eq!(
            record.gap(record.iam_users.gap.unwrap()).unwrap().reason,
            GapReason::NotInEvidence,
            "{more}"
        );

        let devices = format!(
            "{{\"MFADevices\": [{{\"UserName\": \"alice\", \"SerialNumber\": \"arn:aws:iam::111122223333:mfa/alice\"}}]{more}}}"
        );
        let record = one(
            &[("devices.json", devices.as_bytes())],
            EvidenceOptions::default(),
        );
        assert!(user(&record, "alice").mfa.known().is_none(), "{more}");
    }
    let record = one(
        &[("users.json", users(", \"IsTruncated\": false").as_bytes())],
        EvidenceOptions::default(),
    );
    assert_eq!(record.iam_users.gap, None);
}

#[test]
fn a_users_devices_are_read() {
    let devices = br#"{"MFADevices": [{"UserName": "alice", "SerialNumber": "arn:aws:iam::111122223333:u2f/user/alice/key-1", "EnableDate": "2026-01-01T00:00:00+00:00"}]}"#;
    let record = one(&[("anything.json", devices)], EvidenceOptions::default());
    assert_eq!(
        user(&record, "alice").mfa.known(),
        Some(&MfaStatus::Enabled)
    );
    assert_eq!(user(&record, "alice").mfa_devices.items.len(), 1);
}

#[test]
fn virtual_devices_belong_to_their_owners() {
    let devices = br#"{"VirtualMFADevices": [
        {"SerialNumber": "arn:aws:iam::111122223333:mfa/x", "User": {"UserId": "111122223333", "Arn": "arn:aws:iam::111122223333:root", "CreateDate": "2026-01-01T00:00:00+00:00"}, "EnableDate": "2026-01-01T00:00:00+00:00"},
        {"SerialNumber": "arn:aws:iam::111122223333:mfa/root-account-mfa-device", "User": {"UserName": "alice", "Arn": "arn:aws:iam::111122223333:user/alice"}},
        {"SerialNumber": "arn:aws:iam::111122223333:mfa/unassigned"}
    ]}"#;
    let record = one(
        &[
            ("virtual.json", devices),
            ("users.json", users("").as_bytes()),
        ],
        EvidenceOptions::default(),
    );
    assert_eq!(record.root_user.mfa_devices.items.len(), 1);
    assert_eq!(record.root_user.mfa.known(), Some(&MfaStatus::Enabled));
    assert_eq!(
        user(&record, "alice").mfa.known(),
        Some(&MfaStatus::Enabled)
    );
    assert!(
        user(&record, "carol").mfa.known().is_none(),
        "she may have a passkey"
    );
}

#[test]
fn the_user_of_a_list_of_no_devices_is_named_by_the_file() {
    let none = b"{\"MFADevices\": []}";
    for name in [
        "list-mfa-devices.alice.json",
        "alice.json",
        "list-mfa-devices-alice.json",
        "alice-list-mfa-devices.json",
        "ListMFADevices_alice.json",
        "mfa-devices alice.json",
    ] {
        let record = one(&[(name, none)], given(ACCOUNT));
        assert_eq!(
            user(&record, "alice").mfa.known(),
            Some(&MfaStatus::NotEnabled),
            "{name}"
        );
    }
    for name in ["list-mfa-devices.json", "l\u{f6}wen.json", "a b.json"] {
        let (error, text) = refused(&[(name, none)], given(ACCOUNT));
        assert!(
            matches!(error, EvidenceError::NoUser(_)) && error.hint().is_some(),
            "{text}"
        );
        assert!(text.starts_with(name), "{text}");
    }
}

#[test]
fn devices_of_several_users_are_no_answer_of_one() {
    let devices = br#"{"MFADevices": [{"UserName": "alice", "SerialNumber": "A"}, {"UserName": "bob", "SerialNumber": "B"}]}"#;
    let (error, text) = refused(&[("devices.json", devices)], given(ACCOUNT));
    assert!(
        matches!(error, EvidenceError::NotEvidence { .. }) && text.contains("several users"),
        "{text}"
    );
}
