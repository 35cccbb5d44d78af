//! Outcomes in words.

use super::*;
use crate::engine::Bypass;

#[test]
fn an_outcome_names_what_decides() {
    let told = |statements: &[&str]| enforcement(&set(statements)).to_string();
    assert_eq!(
        told(&[ADMIN, &good_deny()]),
        "nothing but enrolling can be done without MFA, by the statement Enforce of the policy own"
    );
    assert_eq!(told(&[]), "nothing but enrolling is allowed without MFA");
    assert_eq!(
        told(&[r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#]),
        "s3:* can be done with an access key, by the statement [0] of the policy own; no statement asks for MFA"
    );
    let ec2 = r#"{"Sid":"Buckets","Effect":"Allow","Action":"ec2:*","Resource":"*"}"#;
    assert_eq!(
        told(&[ec2, &bool_deny()]),
        "ec2:* can be done with an access key, by the statement Buckets of the policy own; the condition of the statement \
         Enforce of the policy own does not hold with an access key: ec2:*"
    );
    let office = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":
        {"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}"#;
    assert_eq!(
        told(&[office]),
        "whether s3:GetObject can be done with an access key hangs on the condition key `aws:SourceIp`, in the statement \
         [0] of the policy own"
    );
}

#[test]
fn a_leak_says_what_to_change() {
    let remedy = |statements: &[&str]| {
        let set = set(statements);
        let Bypass::Leaks(leaks) = set.bypass(&BOTH, &SelfService::default(), None) else {
            panic!();
        };
        leaks[0].remedy()
    };
    assert!(remedy(&[ADMIN, &bool_deny()]).contains("`BoolIfExists`"));
    let exempting = good_deny().replace("[\"iam:Create", "[\"iam:CreateAccessKey\",\"iam:Create");
    assert_eq!(
        remedy(&[ADMIN, &exempting]),
        "take iam:CreateAccessKey out of what the statement Enforce of the policy own exempts"
    );
    let limited = good_deny().replace(r#""Resource":"*""#, r#""Resource":"arn:aws:s3:::*""#);
    assert!(remedy(&[ADMIN, &limited]).contains("the resource `*`"));
}
