//! What is told of waivers, of what was not seen, and of the whole.

use rules::CATALOG;
use serde_json::{Value, json};

use super::{files, report, root, rows, user, with};
use crate::{
    Owners,
    kit::{ReportForm, read_kit},
};

#[test]
fn what_is_waived_is_told_apart_and_has_no_steps() {
    let by = json!({ "owner": "eve", "reason": "break | glass", "expires": "2026-12-24" });
    let waived = with(user("glass"), "waiver", by);
    let findings = [waived.clone(), user("ana")];
    let files_of = files(&report(&findings));
    let page = &files_of["owners/shops.md"];
    let (to_fix, told) = page.split_once("\n## Waived\n").unwrap();
    assert!(
        to_fix.contains("IAM user ana") && !to_fix.contains("glass"),
        "{page}"
    );
    assert!(
        told.contains("| 2026-12-24 | glass |") && told.contains(r"break \| glass"),
        "{page}"
    );
    let rows = rows(&files_of["mail-merge.csv"]);
    assert_eq!(rows.len(), 1, "no letter about what is waived");

    let index = &files(&report(&[waived]))["README.md"];
    assert!(
        index.contains("**Nothing fails that is not waived.**"),
        "{index}"
    );
}

#[test]
fn what_was_not_seen_is_told_and_is_nothing_to_fix() {
    let unseen = with(user("ben"), "status", json!("indeterminate"));
    let unseen = with(unseen, "gap_reason", json!("access-denied"));
    let files_of = files(&report(&[unseen.clone(), user("ana")]));
    let page = &files_of["owners/shops.md"];
    assert!(
        page.contains("1 finding without a verdict") && page.contains("- access-denied: 1"),
        "{page}"
    );
    assert!(!page.contains("ben"), "{page}");
    assert_eq!(rows(&files_of["mail-merge.csv"]).len(), 1);

    let files_of = files(&report(&[unseen]));
    let index = &files_of["README.md"];
    assert!(
        index.contains("That is no proof that there is nothing"),
        "{index}"
    );
    assert!(
        index.contains("| shops | 0 | 0 | 0 | 0 | 0 | 1 |"),
        "{index}"
    );
    assert!(!index.contains("Nothing fails"), "{index}");
    assert!(
        !files_of.contains_key("owners/shops.md"),
        "nothing to do, no page"
    );
}

#[test]
fn nothing_fails_only_where_everything_was_seen() {
    let says = |report: &Value| files(report).remove("README.md").unwrap();
    let all = report(&[]);
    assert!(says(&all).contains("**Nothing fails.**"));
    for (key, value) in [
        ("percent", json!(99.99)),
        ("percent", Value::Null),
        ("accounts_short", json!(1)),
        ("accounts", json!(0)),
        ("account_list_cut", json!("it took too long")),
    ] {
        let mut short = all.clone();
        short["summary"]["coverage"][key] = value;
        assert!(!says(&short).contains("Nothing fails"), "{key}");
    }
    let lines = read_kit(
        "".as_bytes(),
        ReportForm::Lines,
        &Owners::default(),
        CATALOG,
    )
    .unwrap();
    let index = lines.files().next().unwrap();
    assert!(index.text.contains("is not told"), "{}", index.text);
    assert!(!index.text.contains("Nothing fails"), "{}", index.text);
}

#[test]
fn a_report_that_lists_no_passes_counts_what_it_does_not_list_as_not_seen() {
    let mut report = report(&[user("ana")]);
    report["summary"]["findings"]["indeterminate"] = json!(4);
    let index = files(&report).remove("README.md").unwrap();
    assert!(
        index.contains("| not listed in the report | 4 |"),
        "{index}"
    );
    report["summary"]["findings"]["fail"] = json!(2);
    let text = report.to_string();
    let kit = read_kit(
        text.as_bytes(),
        ReportForm::Document,
        &Owners::default(),
        CATALOG,
    );
    assert!(kit.is_err(), "a failure is missing");
}

#[test]
fn every_principal_has_one_row_that_leads_to_its_page() {
    let of_nobody = with(user("cy"), "owner", Value::Null);
    let twice = with(user("ana"), "rule", json!("iam-user-backup-mfa"));
    let files = files(&report(&[user("ana"), twice, of_nobody]));
    let rows = rows(&files["mail-merge.csv"]);
    assert_eq!(rows.len(), 2);
    for row in &rows {
        let page = &files[&row["page"]];
        assert!(
            page.contains(&format!("IAM user {}", row["user_name"])),
            "{page}"
        );
    }
    assert_eq!(rows[0]["rules"], "iam-user-backup-mfa;iam-user-console-mfa");
    assert_eq!(rows[1]["page"], "owners/_unowned.md");
    assert!(files["README.md"].contains("(owners/shops.md)"));
}

#[test]
fn a_new_user_s_time_of_grace_is_told() {
    let grace = with(user("new"), "grace_until", json!("2026-12-01T00:00:00Z"));
    let files = files(&report(&[grace]));
    assert!(files["owners/shops.md"].contains("counts from 2026-12-01T00:00:00Z on"));
    assert_eq!(
        rows(&files["mail-merge.csv"])[0]["counts_from"],
        "2026-12-01T00:00:00Z"
    );
}

#[test]
fn the_same_report_makes_the_same_bytes_in_whatever_order_it_lists() {
    let mut findings = vec![
        user("ana"),
        user("ben"),
        root("root-user-mfa", "arn:aws:iam::222222222222:root"),
    ];
    let one = files(&report(&findings));
    assert_eq!(one, files(&report(&findings)));
    findings.reverse();
    assert_eq!(one, files(&report(&findings)));
}

#[test]
fn a_report_is_told_by_how_it_begins() {
    let document = report(&[]).to_string();
    let line = r#"{"status":"pass","severity":"high"}"#;
    for (text, form) in [
        (document.as_str(), Some(ReportForm::Document)),
        (line, Some(ReportForm::Lines)),
        (r#"{"finding_waiver":{}}"#, Some(ReportForm::Lines)),
        ("status,severity\n", None),
        (r#"{"accounts":[]}"#, Some(ReportForm::Document)),
        ("", None),
    ] {
        assert_eq!(ReportForm::of(text.as_bytes()), form, "{text}");
    }
}
