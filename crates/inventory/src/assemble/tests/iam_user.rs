//! An IAM user's facts.

use super::*;

/// Returns what the record says of alice, and whether she is said to have changed.
fn alice(answers: &Answers) -> (Record, bool) {
    let changed = assemble(answers).changed.contains("alice");
    (record(answers), changed)
}

#[test]
fn a_live_read_settles_the_password() {
    use ConsolePassword::{NotSet, Set};
    for (says, read, expected, changes) in [
        ("true", None, Ok((Set, Source::GetCredentialReport)), false),
        (
            "true",
            Some(timed(Set, LATER)),
            Ok((Set, Source::GetLoginProfile)),
            false,
        ),
        (
            "true",
            Some(timed(NotSet, LATER)),
            Ok((NotSet, Source::GetLoginProfile)),
            true,
        ),
        (
            "false",
            Some(timed(Set, LATER)),
            Ok((Set, Source::GetLoginProfile)),
            true,
        ),
        (
            "N/A",
            Some(timed(Set, LATER)),
            Ok((Set, Source::GetLoginProfile)),
            false,
        ),
        // The user may have been fixed since, or have got a password.
        (
            "true",
            Some(Err(denied("GetLoginProfile"))),
            Err(GapReason::AccessDenied),
            false,
        ),
        (
            "false",
            Some(Err(denied("GetLoginProfile"))),
            Err(GapReason::AccessDenied),
            false,
        ),
        (
            "N/A",
            Some(Err(denied("GetLoginProfile"))),
            Err(GapReason::AccessDenied),
            false,
        ),
        ("N/A", None, Err(GapReason::NotInEvidence), false),
        ("maybe", None, Err(GapReason::Malformed), false),
    ] {
        let mut answers = reported(Order::LiveIsLater, &[("alice", says, "true", "false")]);
        list(&mut answers, &["alice"], LATER);
        let named = format!("report {says}, read {read:?}");
        answers.reads.insert(
            "alice".to_owned(),
            UserReads {
                login_profile: read,
                ..UserReads::default()
            },
        );
        let (record, changed) = alice(&answers);
        assert_eq!(
            (told(&record, &user(&record, "alice").password), changed),
            (expected, changes),
            "{named}"
        );
    }
}

#[test]
fn a_live_read_or_a_virtual_device_settles_mfa() {
    use MfaStatus::{Enabled, NotEnabled};
    let one = || Some(timed(vec![device("alice")], LATER));
    let none = || Some(timed(Vec::new(), LATER));
    let failed = || Some(Err(denied("ListMFADevices")));
    let (report, read, listed) = (
        Source::GetCredentialReport,
        Source::ListMfaDevices,
        Source::ListVirtualMfaDevices,
    );
    for (says, asked, has_virtual, expected, changes) in [
        ("true", None, false, Ok((Enabled, report)), false),
        ("false", None, false, Ok((NotEnabled, report)), false),
        ("true", None, true, Ok((Enabled, listed)), false),
        ("false", None, true, Ok((Enabled, listed)), true),
        ("true", none(), false, Ok((NotEnabled, read)), true),
        ("true", none(), true, Ok((NotEnabled, read)), true),
        ("false", one(), false, Ok((Enabled, read)), true),
        ("false", none(), false, Ok((NotEnabled, read)), false),
        // That MFA was enabled outlives a read that failed; that it was not does not.
        ("true", failed(), false, Ok((Enabled, report)), false),
        (
            "false",
            failed(),
            false,
            Err(GapReason::AccessDenied),
            false,
        ),
        ("false", failed(), true, Ok((Enabled, listed)), true),
        ("N/A", failed(), false, Err(GapReason::AccessDenied), false),
        ("N/A", None, true, Ok((Enabled, listed)), false),
    ] {
        let mut answers = reported(Order::LiveIsLater, &[("alice", "true", says, "false")]);
        list(&mut answers, &["alice"], LATER);
        if has_virtual {
            assign(&mut answers, "user/alice", "anything", LATER);
        }
        let named = format!("report {says}, read {asked:?}, virtual {has_virtual}");
        answers.reads.insert(
            "alice".to_owned(),
            UserReads {
                mfa_devices: asked,
                ..UserReads::default()
            },
        );
        let (record, changed) = alice(&answers);
        assert_eq!(
            (told(&record, &user(&record, "alice").mfa), changed),
            (expected, changes),
            "{named}"
        );
    }
}

#[test]
fn a_virtual_device_is_a_users_by_its_owners_whole_arn() {
    let mut answers = reported(Order::LiveIsLater, &[("alice", "true", "false", "false")]);
    list(&mut answers, &["alice"], LATER);
    assign(&mut answers, "user/other/alice", "alice", LATER);
    assert_eq!(
        user(&record(&answers), "alice").mfa.known(),
        Some(&MfaStatus::NotEnabled)
    );
    answers.users.items[0].arn = arn("user/other/alice");
    assert_eq!(
        user(&record(&answers), "alice").mfa.known(),
        Some(&MfaStatus::Enabled)
    );
}

#[test]
fn access_keys_are_compared_by_how_many_and_how_many_active() {
    use AccessKeyStatus::{Active, Inactive};
    for (says, read, expected, changes) in [
        ("true", None, Ok(1), false),
        ("true", Some(timed(vec![key(Active)], LATER)), Ok(1), false),
        ("true", Some(timed(vec![key(Inactive)], LATER)), Ok(0), true),
        (
            "true",
            Some(timed(vec![key(Active), key(Inactive)], LATER)),
            Ok(1),
            true,
        ),
        ("false", Some(timed(vec![key(Active)], LATER)), Ok(1), true),
        (
            "true",
            Some(Err(denied("ListAccessKeys"))),
            Err(GapReason::AccessDenied),
            false,
        ),
        ("false", Some(Err(denied("ListAccessKeys"))), Ok(0), false),
    ] {
        let mut answers = reported(Order::LiveIsLater, &[("alice", "false", "true", says)]);
        list(&mut answers, &["alice"], LATER);
        let named = format!("report {says}, read {read:?}");
        answers.reads.insert(
            "alice".to_owned(),
            UserReads {
                access_keys: read,
                ..UserReads::default()
            },
        );
        let (record, changed) = alice(&answers);
        let active = user(&record, "alice")
            .access_keys
            .map(|it| it.iter().filter(|it| it.status == Active).count());
        assert_eq!(
            (told(&record, &active).map(|it| it.0), changed),
            (expected, changes),
            "{named}"
        );
    }
}

#[test]
fn saved_device_lists_are_put_in_order_by_time() {
    for (at, expected) in [
        (LATER, Ok((MfaStatus::Enabled, Source::ListMfaDevices))),
        (
            EARLIER,
            Ok((MfaStatus::NotEnabled, Source::GetCredentialReport)),
        ),
        ("", Err(GapReason::Contradictory)),
    ] {
        let mut answers = reported(Order::ByTime, &[("alice", "true", "false", "false")]);
        let reads = UserReads {
            mfa_devices: Some(timed(vec![device("alice")], at)),
            ..UserReads::default()
        };
        answers.reads.insert("alice".to_owned(), reads);
        let record = record(&answers);
        assert_eq!(
            told(&record, &user(&record, "alice").mfa),
            expected,
            "{at:?}"
        );
    }
}

#[test]
fn devices_are_whole_where_the_user_was_asked_and_else_what_lists_show() {
    let mut answers = reported(Order::LiveIsLater, &[("alice", "true", "true", "false")]);
    list(&mut answers, &["alice"], LATER);
    assign(&mut answers, "user/alice", "app", LATER);
    let listed = record(&answers);
    let devices = &user(&listed, "alice").mfa_devices;
    assert_eq!(devices.items, [device("app")]);
    assert_eq!(
        listed.gap(devices.gap.unwrap()).unwrap().reason,
        GapReason::NotRequested
    );

    let both = timed(vec![device("app"), device("second")], LATER);
    answers.reads.insert(
        "alice".to_owned(),
        UserReads {
            mfa_devices: Some(both),
            ..UserReads::default()
        },
    );
    let read = record(&answers);
    let devices = &user(&read, "alice").mfa_devices;
    assert_eq!((devices.items.len(), devices.gap), (2, None));

    let failed = UserReads {
        mfa_devices: Some(Err(denied("ListMFADevices"))),
        ..UserReads::default()
    };
    answers.reads.insert("alice".to_owned(), failed);
    let failed = record(&answers);
    let devices = &user(&failed, "alice").mfa_devices;
    assert_eq!(
        failed.gap(devices.gap.unwrap()).unwrap().reason,
        GapReason::AccessDenied
    );
}

#[test]
fn the_list_tells_of_password_use_only_where_it_has_a_time() {
    let mut answers = reported(Order::LiveIsLater, &[("alice", "true", "true", "false")]);
    list(&mut answers, &["alice"], LATER);
    let of_report = record(&answers);
    let expected = Ok((LastUse::NeverRecorded, Source::GetCredentialReport));
    assert_eq!(
        told(&of_report, &user(&of_report, "alice").password_last_used),
        expected
    );
    answers.users.items[0].password_last_used = time(LATER);
    let of_list = record(&answers);
    let expected = Ok((LastUse::At(time(LATER).unwrap()), Source::ListUsers));
    assert_eq!(
        told(&of_list, &user(&of_list, "alice").password_last_used),
        expected
    );
}
