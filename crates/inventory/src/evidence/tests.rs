//! What must hold of saved evidence, whatever the files are.
#![expect(clippy::disallowed_methods, reason = "writes the files that are read")]

mod accounts;
mod answers;
mod authorization;
mod files;
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

fn users(more: &str) -> String {
    format!(
        r#"{{"Users": [
            {{"Path": "/", "UserName": "alice", "UserId": "A", "Arn": "arn:aws:iam::111122223333:user/alice", "CreateDate": "2026-01-01T00:00:00+00:00", "PasswordLastUsed": 1795500000}},
            {{"Path": "/x/", "UserName": "carol", "UserId": "C", "Arn": "arn:aws:iam::111122223333:user/x/carol", "CreateDate": 1795500000.5}}
        ]{more}}}"#
    )
}
