//! What must hold of every credential report, well-formed or not.

use model::{AccessKeyStatus, ConsolePassword, GapReason, LastUse, MfaStatus, Presence};
use proptest::prelude::*;

use super::{CredentialReport, ReportError, row::RootPassword};

const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";
const ROOT: &str = "<root_account>,arn:aws:iam::111122223333:root,2025-08-25T13:49:23Z,true,no_information,2026-09-12T01:41:52Z,not_supported,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A";

fn row(user: &str, password: &str, mfa: &str) -> String {
    format!(
        "{user},arn:aws:iam::111122223333:user/{user},2026-09-11T13:14:44Z,{password},no_information,2026-09-11T13:14:45Z,N/A,{mfa},false,2026-09-11T13:14:50Z,N/A,N/A,N/A,true,2026-09-11T13:14:49Z,2026-10-01T00:00:00Z,eu-west-1,s3,false,N/A,false,N/A"
    )
}

fn parse(lines: &[&str]) -> CredentialReport {
    CredentialReport::parse(lines.join("\n").as_bytes()).unwrap()
}

#[test]
fn a_live_report_is_read() {
    let report = parse(&[HEADER, ROOT, &row("alice", "true", "false")]);
    let root = report.root.unwrap();
    assert_eq!(root.password, Ok(RootPassword::Set));
    assert_eq!(root.mfa, Ok(MfaStatus::NotEnabled));
    assert_eq!(
        (root.access_key, root.signing_certificate),
        (Ok(Presence::Absent), Ok(Presence::Absent))
    );
    let alice = &report.users["alice"];
    assert_eq!(alice.password, Ok(ConsolePassword::Set));
    assert_eq!(alice.password_last_used, Ok(LastUse::NeverRecorded));
    assert_eq!(alice.mfa, Ok(MfaStatus::NotEnabled));
    let keys = alice.access_keys.as_ref().unwrap();
    let statuses: Vec<_> = keys.iter().map(|it| it.status).collect();
    assert_eq!(
        statuses,
        [AccessKeyStatus::Inactive, AccessKeyStatus::Active]
    );
}

#[test]
fn the_same_facts_in_another_dress_are_the_same() {
    let plain = parse(&[HEADER, &row("alice", "true", "true")]);
    let dressed = format!(
        "\u{FEFF}{}\r\n{}\r\n",
        HEADER.to_uppercase(),
        row("alice", "TRUE", "True")
    );
    let dressed = CredentialReport::parse(dressed.as_bytes()).unwrap();
    assert_eq!(format!("{:?}", plain.users), format!("{:?}", dressed.users));
}

#[test]
fn columns_are_found_by_name() {
    let report = parse(&[
        "arn,mfa_active,further,user",
        "arn:aws:iam::111122223333:user/bob,true,x,bob",
    ]);
    let bob = &report.users["bob"];
    assert_eq!(bob.mfa, Ok(MfaStatus::Enabled));
    assert_eq!(
        bob.password.clone().unwrap_err().reason,
        GapReason::NotInEvidence
    );
}

#[test]
fn tokens_that_say_nothing_are_gaps_and_never_false() {
    for (token, reason) in [
        ("", GapReason::NotInEvidence),
        ("N/A", GapReason::NotInEvidence),
        ("no_information", GapReason::NotInEvidence),
        ("not_supported", GapReason::NotInEvidence),
        ("yes", GapReason::Malformed),
        ("0", GapReason::Malformed),
    ] {
        let report = parse(&[HEADER, &row("alice", "true", token)]);
        assert_eq!(
            report.users["alice"].mfa.clone().unwrap_err().reason,
            reason,
            "{token}"
        );
    }
}

#[test]
fn a_quoted_name_keeps_its_comma() {
    let line = row("\"Doe, Jane\"", "true", "true").replacen(":user/\"Doe, Jane\"", ":user/x", 1);
    assert!(parse(&[HEADER, &line]).users.contains_key("Doe, Jane"));
}

#[test]
fn a_row_of_the_wrong_length_is_a_gap_of_that_user_alone() {
    let short = row("alice", "true", "false").replacen("2026-09-11T13:14:44Z,", "", 1);
    let report = parse(&[HEADER, ROOT, &short, &row("bob", "true", "true")]);
    let gap = report.users["alice"].password.clone().unwrap_err();
    assert_eq!(gap.reason, GapReason::Malformed);
    assert_eq!(
        gap.detail,
        "line 3: the row has 21 fields and the header 22"
    );
    assert_eq!(report.users["bob"].mfa, Ok(MfaStatus::Enabled));
    assert!(report.unreadable.is_empty());
}

#[test]
fn a_row_whose_user_cannot_be_told_is_not_forgotten() {
    let report = parse(&[
        HEADER,
        "2026-01-01,true,false",
        ",arn:aws:iam::111122223333:user/x",
    ]);
    assert_eq!(report.unreadable.len(), 2);
    assert!(report.users.is_empty());
}

#[test]
fn two_rows_of_one_user_agree_or_are_gaps() {
    let report = parse(&[
        HEADER,
        &row("alice", "true", "false"),
        &row("alice", "true", "true"),
    ]);
    let alice = &report.users["alice"];
    assert_eq!(alice.password, Ok(ConsolePassword::Set));
    assert_eq!(
        alice.mfa.clone().unwrap_err().reason,
        GapReason::Contradictory
    );
}

#[test]
fn the_root_user_is_told_by_row_or_arn_and_never_by_substring() {
    let by_arn = ROOT.replacen("<root_account>", "root", 1);
    assert!(parse(&[HEADER, &by_arn]).root.is_some());
    for name in ["root", "groot", "root_account", "root-account-mfa-device"] {
        let report = parse(&[HEADER, &row(name, "true", "true")]);
        assert!(
            report.root.is_none() && report.users.contains_key(name),
            "{name}"
        );
    }
}

#[test]
fn more_than_two_keys_are_not_two() {
    let header = format!("{HEADER},additional_credentials_info");
    let line = format!(
        "{},1 more access key: iam:ListAccessKeys",
        row("alice", "true", "true")
    );
    let report = parse(&[&header, &line]);
    assert_eq!(
        report.users["alice"]
            .access_keys
            .clone()
            .unwrap_err()
            .reason,
        GapReason::NotInEvidence
    );
}

#[test]
fn what_is_no_report_is_refused() {
    assert_eq!(
        CredentialReport::parse(b"").unwrap_err(),
        ReportError::Empty
    );
    assert_eq!(
        CredentialReport::parse(b"a,b\n1,2").unwrap_err(),
        ReportError::NoColumn("user")
    );
    let not_utf8 = [HEADER.as_bytes(), b"\n\xFF\xFE"].concat();
    assert!(matches!(
        CredentialReport::parse(&not_utf8),
        Err(ReportError::NotCsv { line: 2, .. })
    ));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(content in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = CredentialReport::parse(&content);
        let with_header = [HEADER.as_bytes(), b"\n", &content].concat();
        let _ = CredentialReport::parse(&with_header);
    }

    #[test]
    fn cutting_a_report_never_turns_a_fact_around(cut in 0_usize..2000) {
        let whole = [HEADER, ROOT, &row("alice", "true", "false"), &row("bob", "false", "true")].join("\n");
        let cut = cut.min(whole.len());
        if let Ok(report) = CredentialReport::parse(&whole.as_bytes()[..cut]) {
            for (name, user) in &report.users {
                let expected = if name == "alice" { ConsolePassword::Set } else { ConsolePassword::NotSet };
                prop_assert!(user.password.is_err() || user.password == Ok(expected));
            }
        }
    }
}
