//! What must hold of saved evidence, whatever the files are.
#![expect(clippy::disallowed_methods, reason = "writes the files that are read")]

mod published;

use std::{fs, path::PathBuf};

use data_encoding::BASE64;
use model::{
    ConsolePassword, Fact, GapReason, IamUser, MfaStatus, Record, Timestamp,
    snapshot::{Mode, RecordSource},
};
use tempfile::TempDir;

use super::{Evidence, EvidenceError, EvidenceOptions};

const ACCOUNT: &str = "111122223333";
const OTHER: &str = "444455556666";
const REPORT: &str = "user,arn,password_enabled,mfa_active\n\
<root_account>,arn:aws:iam::111122223333:root,true,true\n\
alice,arn:aws:iam::111122223333:user/alice,true,false\n\
bob,arn:aws:iam::111122223333:user/bob,false,false";

/// Writes files into a new folder; names may hold folders.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn as_of(text: &str) -> EvidenceOptions {
    EvidenceOptions {
        as_of: text.parse().ok(),
        ..EvidenceOptions::default()
    }
}

fn given(account: &str) -> EvidenceOptions {
    EvidenceOptions {
        account: account.parse().ok(),
        ..EvidenceOptions::default()
    }
}

fn open(
    files: &[(&str, &[u8])],
    options: EvidenceOptions,
) -> Result<(Evidence, TempDir), EvidenceError> {
    let folder = folder(files);
    Ok((
        Evidence::open(&[folder.path().to_owned()], options)?,
        folder,
    ))
}

fn all(evidence: &mut Evidence) -> Vec<Record> {
    let mut records = Vec::new();
    while let Some(batch) = evidence.next_batch() {
        records.extend(batch.unwrap()().unwrap());
    }
    records
}

fn records(files: &[(&str, &[u8])], options: EvidenceOptions) -> Vec<Record> {
    let (mut evidence, _folder) = open(files, options).unwrap();
    let records = all(&mut evidence);
    assert!(records.iter().all(Record::is_consistent));
    records
}

fn one(files: &[(&str, &[u8])], options: EvidenceOptions) -> Record {
    let mut records = records(files, options);
    assert_eq!(records.len(), 1);
    records.remove(0)
}

/// Returns the error, with its folder left out.
fn refused(files: &[(&str, &[u8])], options: EvidenceOptions) -> (EvidenceError, String) {
    let folder = folder(files);
    let error = Evidence::open(&[folder.path().to_owned()], options)
        .err()
        .unwrap();
    let text = error
        .to_string()
        .replace(&format!("{}/", folder.path().display()), "");
    (error, text)
}

fn user<'a>(record: &'a Record, name: &str) -> &'a IamUser {
    record
        .iam_users
        .items
        .iter()
        .find(|it| &*it.name == name)
        .unwrap()
}

fn at<T>(record: &Record, fact: &Fact<T>) -> Option<Timestamp> {
    record.observation(fact.observation().unwrap()).unwrap().at
}

fn report_json(content: &str, more: &str) -> String {
    format!("{{\"Content\": {content:?}, \"ReportFormat\": \"text/csv\"{more}}}")
}

/// Breaks a text into lines as `base64` does.
fn wrapped(text: &str) -> String {
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(76)
        .map(|it| String::from_utf8_lossy(it).into_owned())
        .collect();
    lines.join("\n")
}

fn assert_is_the_report(record: &Record, how: &str) {
    assert_eq!(record.account.id.as_str(), ACCOUNT, "{how}");
    assert_eq!(
        record.root_user.mfa.known(),
        Some(&MfaStatus::Enabled),
        "{how}"
    );
    let names: Vec<_> = record.iam_users.items.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["alice", "bob"], "{how}");
    assert_eq!(
        user(record, "alice").password.known(),
        Some(&ConsolePassword::Set),
        "{how}"
    );
    assert_eq!(
        user(record, "bob").password.known(),
        Some(&ConsolePassword::NotSet),
        "{how}"
    );
}

#[test]
fn a_report_is_the_same_in_every_dress() {
    let base64 = BASE64.encode(REPORT.as_bytes());
    let report = |content: &str| report_json(content, "").into_bytes();
    for (how, content) in [
        ("CSV", REPORT.as_bytes().to_vec()),
        ("CSV with CRLF", REPORT.replace('\n', "\r\n").into_bytes()),
        (
            "CSV with a mark",
            format!("\u{FEFF}{REPORT}\n").into_bytes(),
        ),
        (
            "CSV with CRLF and a mark",
            format!("\u{FEFF}{}\r\n", REPORT.replace('\n', "\r\n")).into_bytes(),
        ),
        ("base64", report(&base64)),
        ("wrapped base64", report(&wrapped(&base64))),
        ("base64 with a line end", report(&format!("{base64}\n"))),
        ("plain", report(REPORT)),
        (
            "JSON with a mark",
            [b"\xEF\xBB\xBF\n", &*report(&base64)].concat(),
        ),
    ] {
        assert_is_the_report(
            &one(&[("report", &content)], EvidenceOptions::default()),
            how,
        );
    }
}

#[test]
fn the_time_of_a_report_is_read_in_every_form() {
    let expected = "2026-11-24T06:00:00Z".parse().ok();
    for form in [
        "\"2026-11-24T06:00:00+00:00\"",
        "\"2026-11-24T06:00:00Z\"",
        "\"2026-11-24T07:00:00+01:00\"",
        "1795500000",
        "1795500000.0",
        "1.795500000e9",
        "1795500000.75",
    ] {
        let json = report_json(REPORT, &format!(", \"GeneratedTime\": {form}"));
        let files: [(&str, &[u8]); 1] = [("report.json", json.as_bytes())];
        let (mut evidence, _folder) = open(&files, EvidenceOptions::default()).unwrap();
        assert_eq!(evidence.header().collected_at, expected, "{form}");
        assert_eq!(evidence.header().mode, Mode::SavedEvidence);
        let record = all(&mut evidence).remove(0);
        assert_eq!(at(&record, &user(&record, "alice").mfa), expected, "{form}");
    }
}

#[test]
fn a_time_that_is_none_names_the_file() {
    let json = report_json(REPORT, ", \"GeneratedTime\": \"yesterday\"");
    let (_, text) = refused(
        &[("report.json", json.as_bytes())],
        EvidenceOptions::default(),
    );
    assert!(
        text.starts_with("report.json: ") && text.contains("yesterday"),
        "{text}"
    );
}

#[test]
fn a_file_that_tells_no_time_is_of_the_time_that_was_given() {
    let record = one(&[("report.csv", REPORT.as_bytes())], as_of("2026-11-20"));
    assert_eq!(
        at(&record, &user(&record, "alice").mfa),
        "2026-11-20".parse().ok()
    );
    let record = one(
        &[("report.csv", REPORT.as_bytes())],
        EvidenceOptions::default(),
    );
    assert_eq!(at(&record, &user(&record, "alice").mfa), None);
}

const SUMMARY: &[u8] = br#"{"SummaryMap": {"AccountMFAEnabled": 0, "AccountPasswordPresent": 1, "AccountAccessKeysPresent": 0, "AccountSigningCertificatesPresent": 0, "Providers": 1}}"#;

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

fn users(more: &str) -> String {
    format!(
        r#"{{"Users": [
            {{"Path": "/", "UserName": "alice", "UserId": "A", "Arn": "arn:aws:iam::111122223333:user/alice", "CreateDate": "2026-01-01T00:00:00+00:00", "PasswordLastUsed": 1795500000}},
            {{"Path": "/x/", "UserName": "carol", "UserId": "C", "Arn": "arn:aws:iam::111122223333:user/x/carol", "CreateDate": 1795500000.5}}
        ]{more}}}"#
    )
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

#[test]
fn what_is_no_evidence_is_named_with_what_was_expected() {
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(REPORT.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for (content, why) in [
        (&b""[..], "the file is empty"),
        (b" \n\t", "the file is empty"),
        (
            b"hello",
            "no credential report: the header has no column `user`",
        ),
        (b"a,b\n1,2\n", "the header has no column `user`"),
        (
            b"user,arn\nalice,x\n",
            "the header has no column `mfa_active`",
        ),
        (b"<ListUsersResponse/>", "no credential report"),
        (b"{}", "the JSON is another answer's"),
        (b"{\"Roles\": []}", "the JSON is another answer's"),
        (b"[]", "the JSON is another answer's"),
        (b"[7]", "the JSON is not as expected"),
        (b"{\"Users\": 7}", "the JSON is not as expected"),
        (b"{\n  \"Users\": [\n    {},\n  ]\n}", "line 4"),
        (b"{\"Content\": \"!!!\"}", "neither CSV nor base64"),
        (b"{\"Content\": \"aGVsbG8=\"}", "no credential report"),
        (
            b"{\"Users\": [{\"Arn\": \"arn:aws:iam::111122223333:user/x\"}]}",
            "has no name",
        ),
        (b"PK\x03\x04\x00\x00", "no credential report"),
        (&utf16, "no credential report"),
    ] {
        let (error, text) = refused(&[("dir/file.x", content)], given(ACCOUNT));
        assert!(matches!(error, EvidenceError::NotEvidence { .. }), "{text}");
        assert!(
            text.starts_with("dir/file.x: ") && text.contains(why),
            "{why}: {text}"
        );
        assert!(text.contains("expected a credential report (CSV"), "{text}");
    }
}

#[test]
fn one_file_that_is_no_evidence_refuses_the_folder() {
    let files: [(&str, &[u8]); 2] = [("a.csv", REPORT.as_bytes()), ("notes.txt", b"call Bob")];
    assert!(
        refused(&files, EvidenceOptions::default())
            .1
            .starts_with("notes.txt: ")
    );
}

#[test]
fn hidden_files_are_left_out() {
    let files: [(&str, &[u8]); 3] = [
        ("report.csv", REPORT.as_bytes()),
        (".DS_Store", b"\x00"),
        (".git/config", b"x"),
    ];
    assert_is_the_report(
        &one(&files, EvidenceOptions::default()),
        "beside hidden files",
    );
}

#[test]
fn a_folder_without_files_is_an_error() {
    let empty: [&[(&str, &[u8])]; 2] = [&[], &[(".hidden", b"x")]];
    for files in empty {
        let (error, text) = refused(files, EvidenceOptions::default());
        assert!(
            matches!(error, EvidenceError::NoFiles(_)) && text.starts_with("no file in "),
            "{text}"
        );
    }
}

#[test]
fn a_file_that_does_not_exist_is_an_error_that_names_it() {
    let error = Evidence::open(
        &[PathBuf::from("/nowhere/at/all.csv")],
        EvidenceOptions::default(),
    )
    .err()
    .unwrap();
    assert_eq!(error.to_string(), "cannot read /nowhere/at/all.csv");
}

#[test]
fn a_file_may_be_given_by_itself() {
    let folder = folder(&[("report.csv", REPORT.as_bytes()), ("other.txt", b"x")]);
    let mut evidence = Evidence::open(
        &[folder.path().join("report.csv")],
        EvidenceOptions::default(),
    )
    .unwrap();
    assert_is_the_report(&all(&mut evidence).remove(0), "by itself");
}

#[test]
fn reading_twice_gives_the_same_twice_in_account_order() {
    let files: Vec<(String, Vec<u8>)> = (0..20_u64)
        .map(|it| {
            let account = format!("{:012}", 900_000_000_000 - it);
            (
                format!("{it:02}.csv"),
                REPORT.replace(ACCOUNT, &account).into_bytes(),
            )
        })
        .collect();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, content)| (name.as_str(), content.as_slice()))
        .collect();
    let (mut evidence, _folder) = open(&files, EvidenceOptions::default()).unwrap();
    let first = all(&mut evidence);
    assert_eq!(first.len(), 20);
    assert!(first.is_sorted_by(|one, other| one.account.id < other.account.id));
    evidence.restart().unwrap();
    assert_eq!(all(&mut evidence), first);
}

#[cfg(unix)]
#[test]
fn a_link_back_to_the_folder_is_not_followed() {
    let folder = folder(&[("a/report.csv", REPORT.as_bytes())]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("a/again")).unwrap();
    let mut evidence =
        Evidence::open(&[folder.path().to_owned()], EvidenceOptions::default()).unwrap();
    assert_is_the_report(&all(&mut evidence).remove(0), "beside a link");
}
