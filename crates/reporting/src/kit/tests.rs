//! The pages, the table and the policy, made of reports.

mod hostile;
mod steps;
mod told;

use std::collections::BTreeMap;

use rules::CATALOG;
use serde_json::{Value, json};

use super::{Kit, ReportForm, read_kit};
use crate::Owners;

const MEMBER: &str = "222222222222";
const MANAGEMENT: &str = "111111111111";

fn finding(rule: &str, kind: &str, arn: &str, status: &str) -> Value {
    json!({
        "status": status, "severity": "high", "rule": rule, "account_id": arn.split(':').nth(4).unwrap(),
        "account_name": "Shops", "principal_arn": arn, "principal_kind": kind, "reason": "so it is",
        "gap_reason": if status == "indeterminate" { "access-denied" } else { "" }, "owner": "shops",
    })
}

fn user(name: &str) -> Value {
    let arn = format!("arn:aws:iam::{MEMBER}:user/{name}");
    finding("iam-user-console-mfa", "iam-user", &arn, "fail")
}

fn root(rule: &str, arn: &str) -> Value {
    finding(rule, "root-user", arn, "fail")
}

fn with(mut finding: Value, key: &str, value: Value) -> Value {
    finding[key] = value;
    finding
}

/// A report that saw everything, of an organization.
fn report(findings: &[Value]) -> Value {
    let count = |status: &str| findings.iter().filter(|it| it["status"] == status).count();
    json!({
        "schema": "mfaudit-report", "version": 1, "collected_at": "2026-11-24T09:00:00Z", "mode": "report-first",
        "organization": { "id": "o-exampleorg", "management_account": MANAGEMENT },
        "root_credentials_management": "enabled",
        "scope": { "accounts": [], "excluded_accounts": [], "organizational_units": [] },
        "summary": {
            "findings": {
                "pass": count("pass"), "fail": count("fail"), "not_applicable": 0,
                "indeterminate": count("indeterminate"),
            },
            "coverage": { "percent": 100.0, "accounts": 1, "accounts_short": 0 },
            "oldest_evidence_time": "2026-11-24T09:00:00Z",
        },
        "rules": [], "accounts": [], "findings": findings,
    })
}

fn kit(report: &Value) -> Kit {
    let text = report.to_string();
    read_kit(
        text.as_bytes(),
        ReportForm::Document,
        &Owners::default(),
        CATALOG,
    )
    .unwrap()
}

fn files(report: &Value) -> BTreeMap<String, String> {
    let kit = kit(report);
    let files = kit.files().map(|it| (it.path, it.text));
    files.collect()
}

fn page(findings: &[Value]) -> String {
    files(&report(findings)).remove("owners/shops.md").unwrap()
}

fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(csv.as_bytes())
        .deserialize()
        .map(Result::unwrap)
        .collect()
}
