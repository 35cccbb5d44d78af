//! What saved authorization details say.

use model::{AdministratorAccess, Cell, Dataset, GapReason, PolicyText, Source, cell};
use rules::{Criteria, RunContext, Status};

use super::*;

const ALL: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;

fn details(user: &str, more: &str) -> String {
    format!(
        r#"{{"UserDetailList": [{{"Path": "/", "UserName": "alice", "UserId": "AIDAX",
            "Arn": "arn:aws:iam::{ACCOUNT}:user/alice", "CreateDate": "2025-01-01T00:00:00+00:00",
            "GroupList": [], "AttachedManagedPolicies": [], "Tags": [] {user}}}],
            "GroupDetailList": [], "RoleDetailList": [], "Policies": [] {more}}}"#
    )
}

fn access(record: &Record) -> Option<&AdministratorAccess> {
    user(record, "alice").administrator_access.known()
}

#[test]
fn documents_are_read_as_objects_and_as_text() {
    let encoded = ALL
        .replace('%', "%25")
        .replace('"', "%22")
        .replace('{', "%7B");
    for document in [ALL.to_owned(), format!("{ALL:?}"), format!("{encoded:?}")] {
        let inline = format!(
            r#", "UserPolicyList": [{{"PolicyName": "own", "PolicyDocument": {document}}}]"#
        );
        let json = details(&inline, "");
        let record = one(&[("d.json", json.as_bytes())], EvidenceOptions::default());
        let how = AdministratorAccess::Administrator("the inline policy own".into());
        assert_eq!(access(&record), Some(&how), "{document}");
        let own = user(&record, "alice").direct_policies.known().unwrap();
        let names: Vec<&str> = own.iter().map(|it| &**it).collect();
        assert_eq!(names, ["own"]);
    }
}

#[test]
fn details_alone_name_the_users_and_say_nothing_of_mfa() {
    let json = details("", "");
    let record = one(&[("d.json", json.as_bytes())], EvidenceOptions::default());
    assert_eq!(record.iam_users.gap, None);
    let listed = record.observation(record.iam_users.observation.unwrap());
    let source = Source::GetAccountAuthorizationDetails;
    assert_eq!(listed.unwrap().source, source);
    assert_eq!(user(&record, "alice").mfa.known(), None);
    assert_eq!(
        access(&record),
        Some(&AdministratorAccess::NotAdministrator)
    );
    assert!(
        record.iam_roles.gap.is_some(),
        "an empty list of roles may have been filtered"
    );
}

#[test]
fn a_list_that_goes_on_elsewhere_is_a_gap() {
    let group = r#", "GroupList": ["ops"]"#.to_owned();
    let json = details("", r#", "IsTruncated": true, "Marker": "x""#)
        .replace(r#""GroupList": []"#, group.trim_start_matches(", "));
    let record = one(&[("d.json", json.as_bytes())], EvidenceOptions::default());
    assert!(record.iam_users.gap.is_some());
    assert_eq!(access(&record), None);
    let gap = user(&record, "alice")
        .administrator_access
        .get()
        .unwrap_err();
    let gap = record.gap(gap).unwrap();
    assert_eq!(gap.reason, GapReason::NotInEvidence);
    assert!(gap.detail.contains("goes on"), "{gap}");
}

#[test]
fn an_administrator_of_a_report_and_details_fails() {
    let json = details("", "").replace(
        r#""AttachedManagedPolicies": []"#,
        r#""AttachedManagedPolicies": [{"PolicyName": "AdministratorAccess",
            "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}]"#,
    );
    let report = format!(
        "user,arn,password_enabled,mfa_active,access_key_1_active,access_key_2_active\n\
         alice,arn:aws:iam::{ACCOUNT}:user/alice,true,false,false,false"
    );
    let files: [(&str, &[u8]); 2] = [
        ("d.json", json.as_bytes()),
        ("report.csv", report.as_bytes()),
    ];
    let record = one(&files, EvidenceOptions::default());
    assert_eq!(status(&record, "iam-user-admin-mfa"), Status::Fail);
    assert_eq!(status(&record, "iam-user-direct-policy"), Status::Fail);
}

fn status(record: &Record, rule: &str) -> Status {
    let criteria = Criteria::of(rules::CATALOG);
    let findings = rules::evaluate_record(record, &criteria, &RunContext::default());
    findings
        .iter()
        .find(|it| it.rule.id == rule)
        .unwrap()
        .status
}

#[test]
fn a_role_that_every_user_may_assume_fails() {
    let json = details("", "").replace(
        r#""RoleDetailList": []"#,
        &format!(
            r#""RoleDetailList": [{{"RoleName": "r", "Arn": "arn:aws:iam::{ACCOUNT}:role/r",
                "AssumeRolePolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow",
                "Principal": {{"AWS": "arn:aws:iam::{ACCOUNT}:root"}}, "Action": "sts:AssumeRole"}}]}}}}]"#
        ),
    );
    let record = one(&[("d.json", json.as_bytes())], EvidenceOptions::default());
    assert_eq!(status(&record, "iam-role-trust-mfa"), Status::Fail);
}

#[test]
fn policies_of_users_are_told_and_service_control_policies_are_a_gap() {
    let inline =
        r#", "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": {"Statement": []}}]"#;
    let json = details(inline, "");
    let record = one(&[("d.json", json.as_bytes())], EvidenceOptions::default());
    let set = *user(&record, "alice").policies.known().unwrap();
    let set = record.policy_set(set).unwrap();
    let policy = record.policy(set.policies[0].1).unwrap();
    let text = PolicyText::Document(r#"{"Statement":[]}"#.into());
    assert_eq!((&*policy.name, &policy.text), ("own", &text));
    assert_eq!(cell(&record, Dataset::UserPolicies), Cell::Seen);
    let gap = record.service_control_policies.get().unwrap_err();
    assert_eq!(record.gap(gap).unwrap().reason, GapReason::NotInEvidence);
}
