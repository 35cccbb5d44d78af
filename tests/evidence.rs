//! Saved evidence, from the command line.

use crate::harness::{Findings, Run, mfaudit};

const REPORT: &str = "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_2_active\n\
<root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00Z,false,N/A,false,false,false\n\
alice,arn:aws:iam::111122223333:user/alice,2024-01-01T00:00:00Z,true,2026-01-01T00:00:00Z,false,false,false\n\
bob,arn:aws:iam::111122223333:user/bob,2024-01-01T00:00:00Z,true,no_information,true,true,false\n\
\"o'neil, pat\",\"arn:aws:iam::111122223333:user/o'neil, pat\",2024-01-01T00:00:00Z,false,N/A,false,true,false\n";

fn evaluate(files: &[(&str, &str)], args: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let path = folder.path().to_str().unwrap().to_owned();
    let args = [&["evaluate", &path, "--format", "ndjson"], args].concat();
    Run::of(mfaudit(&args).output().unwrap())
}

#[test]
fn a_report_alone_is_judged_by_what_it_says() {
    let run = evaluate(&[("report.csv", REPORT)], &["--as-of", "2026-11-24"]);
    assert_eq!(run.status, 3, "{}", run.stderr);
    let findings = Findings::of(&run.stdout);
    let user = |name: &str| {
        findings
            .status(
                "iam-user-console-mfa",
                &format!("arn:aws:iam::111122223333:user/{name}"),
            )
            .to_owned()
    };
    assert_eq!(
        [user("alice"), user("bob"), user("o'neil, pat")],
        ["fail", "pass", "not-applicable"]
    );
    let alice = findings.finding(
        "iam-user-console-mfa",
        "arn:aws:iam::111122223333:user/alice",
    );
    assert_eq!(alice["evidence_time"], "2026-11-24T00:00:00Z");
}

#[test]
fn without_certificates_in_the_report_an_absent_password_does_not_clear_the_root_user() {
    let run = evaluate(&[("report.csv", REPORT)], &[]);
    let findings = Findings::of(&run.stdout);
    // No certificate columns: whether there is none is not known.
    assert_eq!(
        findings.status("root-user-mfa", "arn:aws:iam::111122223333:root"),
        "indeterminate"
    );
    let summary = r#"{"SummaryMap":{"AccountMFAEnabled":0,"AccountPasswordPresent":0,"AccountAccessKeysPresent":0,"AccountSigningCertificatesPresent":0}}"#;
    let run = evaluate(
        &[
            ("111122223333/report.csv", REPORT),
            ("111122223333/summary.json", summary),
        ],
        &[],
    );
    let findings = Findings::of(&run.stdout);
    assert_eq!(
        findings.status("root-user-mfa", "arn:aws:iam::111122223333:root"),
        "not-applicable"
    );
}

#[test]
fn what_is_no_evidence_is_refused_by_name_with_what_was_expected() {
    for (text, why) in [
        ("hello\nworld\n", "no credential report"),
        ("{\"Roles\": []}", "another answer's"),
        ("{\"Users\": [}", "line 1"),
        ("", "empty"),
    ] {
        let run = evaluate(&[("thing.txt", text)], &[]);
        assert_eq!(run.status, 1, "{text}");
        assert!(
            run.stderr.contains("thing.txt") && run.stderr.contains(why),
            "{text}: {}",
            run.stderr
        );
        assert!(
            run.stderr.contains("expected a credential report"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn evidence_that_names_no_account_asks_for_it() {
    let text = "user,password_enabled,mfa_active\nalice,true,true\n";
    let run = evaluate(&[("report.csv", text)], &[]);
    assert_eq!(run.status, 1);
    assert!(
        run.stderr.contains("names no account") && run.stderr.contains("--account ID"),
        "{}",
        run.stderr
    );
    let run = evaluate(&[("report.csv", text)], &["--account", "111122223333"]);
    let findings = Findings::of(&run.stdout);
    assert_eq!(
        findings.status(
            "iam-user-console-mfa",
            "arn:aws:iam::111122223333:user/alice"
        ),
        "pass"
    );
}
