//! Whose a file is, and how the files of one account are joined.

use super::*;

#[test]
fn the_account_is_that_of_the_arns_else_of_the_folder_else_the_given_one() {
    let arnless = b"user,arn,password_enabled,mfa_active\nalice,,true,false";
    for (name, content, options, expected) in [
        (
            "444455556666/report.csv",
            REPORT.as_bytes(),
            given(OTHER),
            ACCOUNT,
        ),
        (
            "444455556666/report.csv",
            &arnless[..],
            given(ACCOUNT),
            OTHER,
        ),
        (
            "444455556666/iam/deep/report.csv",
            arnless,
            given(ACCOUNT),
            OTHER,
        ),
        (
            "999900001111/444455556666/report.csv",
            arnless,
            given(ACCOUNT),
            OTHER,
        ),
        ("12345/report.csv", arnless, given(ACCOUNT), ACCOUNT),
        ("report.csv", arnless, given(ACCOUNT), ACCOUNT),
        (
            "444455556666/summary.json",
            SUMMARY,
            EvidenceOptions::default(),
            OTHER,
        ),
    ] {
        assert_eq!(
            one(&[(name, content)], options).account.id.as_str(),
            expected,
            "{name}"
        );
    }
    let (error, text) = refused(&[("report.csv", arnless)], EvidenceOptions::default());
    assert!(
        matches!(error, EvidenceError::NoAccount(_)) && error.hint().unwrap().contains("--account"),
        "{text}"
    );
    assert_eq!(text, "report.csv: the file names no account");
}

#[test]
fn an_account_that_was_shortened_by_hand_is_better_than_none() {
    let short =
        b"user,arn,password_enabled,mfa_active\nalice,arn:aws:iam::12345:user/alice,true,false";
    let record = one(&[("report.csv", short)], EvidenceOptions::default());
    assert_eq!(record.account.id.as_str(), "12345");
    assert_eq!(
        one(&[("report.csv", short)], given(ACCOUNT))
            .account
            .id
            .as_str(),
        ACCOUNT
    );
}

#[test]
fn the_partition_is_that_of_the_arns() {
    let report = REPORT.replace("arn:aws:", "arn:aws-us-gov:");
    let record = one(
        &[("report.csv", report.as_bytes())],
        EvidenceOptions::default(),
    );
    assert_eq!(record.account.partition.as_str(), "aws-us-gov");
}

#[test]
fn a_report_of_several_accounts_is_split() {
    let joined = format!(
        "{REPORT}\n{}",
        REPORT.replace(ACCOUNT, OTHER).replace("alice", "dora")
    );
    let records = records(
        &[("joined.csv", joined.as_bytes())],
        EvidenceOptions::default(),
    );
    assert_eq!(records.len(), 2);
    assert_is_the_report(&records[0], "beside another");
    let names: Vec<_> = records[1]
        .iam_users
        .items
        .iter()
        .map(|it| &*it.name)
        .collect();
    assert_eq!(names, ["bob", "dora"]);
    for record in &records {
        assert!(
            record
                .iam_users
                .items
                .iter()
                .all(|it| it.arn.account() == record.account.id.as_str())
        );
        assert!(
            record
                .notes
                .iter()
                .any(|it| it.contains("rows of 2 accounts")),
            "{:?}",
            record.notes
        );
    }
}

#[test]
fn a_row_that_names_no_account_may_be_any_accounts() {
    let joined = format!(
        "{REPORT}\n{}\nerin,,true,false",
        REPORT.replace(ACCOUNT, OTHER)
    );
    for record in records(
        &[("joined.csv", joined.as_bytes())],
        EvidenceOptions::default(),
    ) {
        let gap = record.gap(record.iam_users.gap.unwrap()).unwrap();
        assert_eq!(gap.detail, "the row of erin names no account");
    }
}

#[test]
fn users_of_the_same_name_in_a_report_of_several_accounts_are_two() {
    let joined = format!(
        "{REPORT}\n{}",
        REPORT
            .replace(ACCOUNT, OTHER)
            .replace("true,false", "true,true")
    );
    let records = records(
        &[("joined.csv", joined.as_bytes())],
        EvidenceOptions::default(),
    );
    assert_eq!(records.len(), 2);
    assert_eq!(
        user(&records[0], "alice").mfa.known(),
        Some(&MfaStatus::NotEnabled)
    );
    assert_eq!(
        user(&records[1], "alice").mfa.known(),
        Some(&MfaStatus::Enabled)
    );
    assert!(records.iter().all(|it| it.root_user.mfa.known().is_some()));
}

#[test]
fn an_answer_that_is_of_one_account_may_not_name_several() {
    let mixed = users("").replacen(ACCOUNT, OTHER, 1);
    let (error, text) = refused(
        &[("users.json", mixed.as_bytes())],
        EvidenceOptions::default(),
    );
    assert!(matches!(error, EvidenceError::SeveralAccounts { .. }) && error.hint().is_some());
    assert_eq!(
        text,
        "users.json: the file names accounts 111122223333, 444455556666"
    );
}

#[test]
fn files_of_one_account_are_joined() {
    let devices = b"{\"MFADevices\": []}";
    let record = one(
        &[
            ("111122223333/report.csv", REPORT.as_bytes()),
            (
                "111122223333/summary.json",
                &[&SUMMARY[..1], b"\"x\":1,", &SUMMARY[1..]].concat(),
            ),
            ("111122223333/users.json", users("").as_bytes()),
            ("111122223333/list-mfa-devices.alice.json", devices),
        ],
        EvidenceOptions::default(),
    );
    assert_eq!(record.identity_providers.known(), Some(&1));
    let names: Vec<_> = record.iam_users.items.iter().map(|it| &*it.name).collect();
    assert_eq!(
        names,
        ["alice", "bob", "carol"],
        "nothing tells whether the list or the report is later"
    );
    assert_eq!(user(&record, "alice").mfa_devices.gap, None);
    let gap = record.gap(record.root_user.mfa.get().unwrap_err()).unwrap();
    assert_eq!(gap.reason, GapReason::Contradictory, "{gap}");
}

#[test]
fn of_two_answers_to_one_question_the_later_counts() {
    let report = |time: &str, mfa: &str| {
        report_json(
            &REPORT.replace("alice,true,false", &format!("alice,true,{mfa}")),
            &format!(", \"GeneratedTime\": \"{time}\""),
        )
        .into_bytes()
    };
    let alice = |files: &[(&str, &[u8])]| {
        user(&one(files, EvidenceOptions::default()), "alice")
            .mfa
            .known()
            .copied()
    };
    let (old, new) = (report("2026-11-01", "false"), report("2026-11-02", "true"));
    assert_eq!(
        alice(&[("a.json", &old), ("b.json", &new)]),
        Some(MfaStatus::Enabled)
    );
    assert_eq!(
        alice(&[("a.json", &new), ("b.json", &old)]),
        Some(MfaStatus::Enabled)
    );
    let same_time = report("2026-11-02", "false");
    let (error, text) = refused(
        &[("a.json", &new), ("b.json", &same_time)],
        EvidenceOptions::default(),
    );
    assert!(matches!(error, EvidenceError::Twice { .. }) && error.hint().is_some());
    assert_eq!(
        text,
        "a.json and b.json are both a credential report of the same account, and nothing tells which is later"
    );
    let (error, _) = refused(
        &[("a.csv", REPORT.as_bytes()), ("b.json", &new)],
        EvidenceOptions::default(),
    );
    assert!(matches!(error, EvidenceError::Twice { .. }));
}

#[test]
fn a_report_that_was_saved_twice_is_one_of_the_earlier_time() {
    let json = |time: &str| report_json(REPORT, &format!(", \"GeneratedTime\": \"{time}\""));
    let (old, new) = (json("2026-11-01"), json("2026-11-02"));
    let csv = REPORT.as_bytes();
    for (files, expected) in [
        (
            [("a.json", old.as_bytes()), ("b.json", new.as_bytes())],
            "2026-11-01",
        ),
        (
            [("a.json", new.as_bytes()), ("b.json", old.as_bytes())],
            "2026-11-01",
        ),
        ([("a.csv", csv), ("b.json", new.as_bytes())], "2026-11-02"),
        ([("a.json", new.as_bytes()), ("b.csv", csv)], "2026-11-02"),
        ([("a.csv", csv), ("b.csv", csv)], "no time"),
    ] {
        let record = one(&files, EvidenceOptions::default());
        assert_is_the_report(&record, expected);
        assert_eq!(
            at(&record, &user(&record, "alice").mfa),
            expected.parse().ok()
        );
    }
}

#[test]
fn two_lists_of_one_users_devices_are_two_answers() {
    let none = b"{\"MFADevices\": []}";
    let files: [(&str, &[u8]); 2] = [("alice.json", none), ("list-mfa-devices.alice.json", none)];
    let (error, text) = refused(&files, given(ACCOUNT));
    assert!(
        matches!(error, EvidenceError::Twice { .. }) && text.contains("of user alice"),
        "{text}"
    );
    let files: [(&str, &[u8]); 2] = [("alice.json", none), ("bob.json", none)];
    assert_eq!(one(&files, given(ACCOUNT)).iam_users.items.len(), 2);
}
