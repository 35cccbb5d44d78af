//! How users' credentials are used, and which they have beside passwords and keys, where that is asked for.

mod account;

use std::{collections::BTreeMap, sync::Arc};

use model::{
    AccessKeyStatus, Dataset, Fact, GapReason, IamUser, LastUse, Presence, Record, Source,
    Timestamp,
};
use simulator::{Fault, World};

use super::stage::{MEMBER, NOW, Stage, confirm, denial, fault, member, organization, rules_of};
use crate::Collector;

/// When the report was made.
const REPORTED: i64 = NOW - 60;

/// A user whom the report knows, one who was created since, and two whose keys were not used for long.
const USERS: &str = r#"
    [[account.user]]
    name = "alice"
    created = "2025-01-01T00:00:00Z"
    password = { last-used = "2026-11-01T00:00:00Z", last-changed = "2026-02-01T00:00:00Z" }
    mfa = [{}]
    access-keys = [{ created = "2026-10-01T00:00:00Z", last-used = "2026-11-20T00:00:00Z" }]
    [[account.user]]
    name = "bob"
    created = "2026-11-24T08:59:30Z"
    in-report = false
    password = {}
    mfa = [{}]
    access-keys = [{ created = "2026-11-24T08:59:40Z" }]
    [[account.user]]
    name = "carol"
    created = "2025-01-01T00:00:00Z"
    password = {}
    mfa = [{}]
    access-keys = [
        { created = "2025-01-01T00:00:00Z", last-used = "2025-06-01T00:00:00Z" },
        { created = "2025-03-01T00:00:00Z", status = "Inactive" },
    ]
    [[account.user]]
    name = "dave"
    created = "2025-01-01T00:00:00Z"
    access-keys = [
        { created = "2025-01-01T00:00:00Z", last-used = "2025-06-01T00:00:00Z" },
        { created = "2025-02-01T00:00:00Z" },
    ]
"#;

/// Lets a collector ask for one dataset of users and confirm nothing.
fn only(dataset: Dataset) -> impl FnOnce(&mut Collector) {
    move |it| {
        it.plan.datasets = [Dataset::IamUsers, dataset].into();
        it.confirm = Arc::new(|_| Vec::new());
    }
}

/// Lets a collector ask what one rule needs, and confirm what it doubts.
fn for_rule(rule: &'static str) -> impl FnOnce(&mut Collector) {
    move |it| {
        let rules = rules_of(&[rule]).leak();
        it.plan.datasets = rules::datasets(rules);
        it.confirm = confirm(rules);
    }
}

async fn stage(world: World, denied: &[&str]) -> Stage {
    let faults = denied.iter().map(|it| Fault {
        account: Some(MEMBER.to_owned()),
        ..fault(it, denial())
    });
    Stage::with(world, faults.collect()).await
}

async fn collected(stage: &Stage, adapt: impl FnOnce(&mut Collector)) -> Record {
    let record = member(stage.audit(adapt).await);
    assert!(record.is_consistent());
    record
}

fn user<'a>(record: &'a Record, name: &str) -> &'a IamUser {
    let mut users = record.iam_users.items.iter();
    users.find(|it| &*it.name == name).unwrap()
}

/// Returns a fact with its source and time.
#[track_caller]
fn seen<T: Clone>(record: &Record, fact: &Fact<T>) -> (T, Source, i64) {
    let observation = record.observation(fact.observation().unwrap()).unwrap();
    let at = observation.at.unwrap().epoch_seconds();
    (fact.known().unwrap().clone(), observation.source, at)
}

/// Returns why a fact is missing, and the operation that would have told it.
#[track_caller]
fn missing<T>(record: &Record, fact: &Fact<T>) -> (GapReason, String) {
    let gap = record.gap(fact.get().err().unwrap()).unwrap();
    (gap.reason, gap.operation.clone())
}

fn denied(operation: &str) -> (GapReason, String) {
    (GapReason::AccessDenied, operation.to_owned())
}

fn at(text: &str) -> LastUse {
    LastUse::At(text.parse().unwrap())
}

/// Returns when each active key of a user was last used and the source that told it, in the order of time.
#[track_caller]
fn key_uses(record: &Record, name: &str) -> Vec<(LastUse, Source)> {
    let keys = user(record, name).access_keys.known().unwrap().iter();
    let active = keys.filter(|it| it.status == AccessKeyStatus::Active);
    let mut uses: Vec<_> = active
        .map(|it| seen(record, &it.last_used))
        .map(|(last_use, source, _)| (last_use, source))
        .collect();
    uses.sort_by_key(|(last_use, _)| match last_use {
        LastUse::At(at) => Some(*at),
        LastUse::NeverRecorded => None,
    });
    uses
}

#[tokio::test]
async fn the_use_of_passwords_is_told_by_the_list_of_users_or_the_report() {
    let stage = stage(organization(USERS), &[]).await;
    let record = collected(&stage, only(Dataset::PasswordUse)).await;
    let (alice, carol) = (user(&record, "alice"), user(&record, "carol"));
    let used = at("2026-11-01T00:00:00Z");
    assert_eq!(
        seen(&record, &alice.password_last_used),
        (used, Source::ListUsers, NOW)
    );
    assert_eq!(
        seen(&record, &carol.password_last_used),
        (
            LastUse::NeverRecorded,
            Source::GetCredentialReport,
            REPORTED
        )
    );
    let (changed, source, at) = seen(&record, &alice.password_last_changed);
    assert_eq!(changed, "2026-02-01T00:00:00Z".parse::<Timestamp>().ok());
    assert_eq!((source, at), (Source::GetCredentialReport, REPORTED));
    let bob = user(&record, "bob");
    let (reason, operation) = missing(&record, &bob.password_last_used);
    assert_eq!(
        (reason, operation.as_str()),
        (GapReason::NotInEvidence, "GetCredentialReport"),
        "that the list says nothing of a use says nothing"
    );
    for operation in ["GetLoginProfile", "ListAccessKeys", "ListMFADevices"] {
        assert_eq!(stage.asked(MEMBER, operation), 0, "{operation}");
    }
}

#[tokio::test]
async fn without_a_report_the_use_of_a_password_is_a_gap() {
    let stage = stage(organization(USERS), &["iam:GetCredentialReport"]).await;
    let record = collected(&stage, only(Dataset::PasswordUse)).await;
    let carol = user(&record, "carol");
    let gap = denied("GetCredentialReport");
    assert_eq!(missing(&record, &carol.password_last_used), gap);
    assert_eq!(missing(&record, &carol.password_last_changed), gap);
    let alice = user(&record, "alice");
    assert!(
        alice.password_last_used.known().is_some(),
        "the list of users tells it"
    );
}

const LONG_AGO: &str = "2025-06-01T00:00:00Z";

#[tokio::test]
async fn the_use_of_a_key_is_the_reports_word_and_asked_of_those_it_does_not_know() {
    let stage = stage(organization(USERS), &[]).await;
    let record = collected(&stage, only(Dataset::AccessKeyUse)).await;
    let report = Source::GetCredentialReport;
    let recently = (at("2026-11-20T00:00:00Z"), report);
    assert_eq!(key_uses(&record, "alice"), [recently]);
    assert_eq!(key_uses(&record, "carol"), [(at(LONG_AGO), report)]);
    let of_dave = [(LastUse::NeverRecorded, report), (at(LONG_AGO), report)];
    assert_eq!(key_uses(&record, "dave"), of_dave);
    let bob = user(&record, "bob").access_keys.known().unwrap();
    assert_eq!(
        seen(&record, &bob[0].last_used),
        (LastUse::NeverRecorded, Source::GetAccessKeyLastUsed, NOW)
    );
    assert_eq!(stage.asked(MEMBER, "ListAccessKeys"), 1, "bob's");
    assert_eq!(stage.asked(MEMBER, "GetAccessKeyLastUsed"), 1);
}

#[tokio::test]
async fn of_a_user_that_fails_each_active_key_is_asked_for_once() {
    let stage = stage(organization(USERS), &[]).await;
    let record = collected(&stage, for_rule("iam-user-unused-access-key")).await;
    let live = Source::GetAccessKeyLastUsed;
    assert_eq!(key_uses(&record, "carol"), [(at(LONG_AGO), live)]);
    let of_dave = [(LastUse::NeverRecorded, live), (at(LONG_AGO), live)];
    assert_eq!(key_uses(&record, "dave"), of_dave);
    let (_, of_alice) = key_uses(&record, "alice")[0];
    assert_eq!(of_alice, Source::GetCredentialReport, "she passes");
    let asked = stage.asked(MEMBER, "GetAccessKeyLastUsed");
    assert_eq!(asked, 4, "bob's, carol's active one and both of dave's");
}

#[tokio::test]
async fn the_use_of_a_key_that_may_not_be_asked_for_is_a_gap() {
    let stage = stage(organization(USERS), &["iam:GetAccessKeyLastUsed"]).await;
    let record = collected(&stage, only(Dataset::AccessKeyUse)).await;
    let bob = user(&record, "bob").access_keys.known().unwrap();
    let gap = missing(&record, &bob[0].last_used);
    assert_eq!(gap, denied("GetAccessKeyLastUsed"));
    assert_eq!(key_uses(&record, "alice").len(), 1, "the report tells it");
}

/// A user with a certificate, one without, and one created since with one.
const CERTIFIED: &str = r#"
    [[account.user]]
    name = "erin"
    signing-certificates = 1
    [[account.user]]
    name = "frank"
    [[account.user]]
    name = "grace"
    created = "2026-11-24T08:59:30Z"
    in-report = false
    signing-certificates = 1
"#;

#[tokio::test]
async fn certificates_are_the_reports_word_and_asked_of_those_it_does_not_know() {
    let stage = stage(organization(CERTIFIED), &[]).await;
    let record = collected(&stage, only(Dataset::SigningCertificates)).await;
    let (report, live) = (Source::GetCredentialReport, Source::ListSigningCertificates);
    for (name, expected) in [
        ("erin", (Presence::Present, report, REPORTED)),
        ("frank", (Presence::Absent, report, REPORTED)),
        ("grace", (Presence::Present, live, NOW)),
    ] {
        let fact = &user(&record, name).signing_certificate;
        assert_eq!(seen(&record, fact), expected, "{name}");
    }
    assert_eq!(stage.asked(MEMBER, "ListSigningCertificates"), 1);
    let record = collected(&stage, for_rule("iam-user-signing-certificate")).await;
    assert_eq!(
        seen(&record, &user(&record, "erin").signing_certificate),
        (Presence::Present, live, NOW),
        "a failure is confirmed"
    );
    assert_eq!(stage.asked(MEMBER, "ListSigningCertificates"), 1 + 2);
}

#[tokio::test]
async fn certificates_that_may_not_be_listed_are_a_gap() {
    let stage = stage(organization(CERTIFIED), &["iam:ListSigningCertificates"]).await;
    let record = collected(&stage, for_rule("iam-user-signing-certificate")).await;
    for name in ["erin", "grace"] {
        assert_eq!(
            missing(&record, &user(&record, name).signing_certificate),
            denied("ListSigningCertificates"),
            "{name}"
        );
    }
    let frank = &user(&record, "frank").signing_certificate;
    assert_eq!(frank.known(), Some(&Presence::Absent));
}

/// A user with two credentials, and one without.
const SERVICES: &str = r#"
    [[account.user]]
    name = "alice"
    [[account.user.service-credentials]]
    service = "codecommit.amazonaws.com"
    status = "Inactive"
    [[account.user.service-credentials]]
    service = "bedrock.amazonaws.com"
    created = "2026-01-01T00:00:00Z"
    expires = "2027-01-01T00:00:00Z"
    [[account.user]]
    name = "bob"
"#;

#[tokio::test]
async fn credentials_for_single_services_are_asked_of_each_user_to_the_last_page() {
    let mut world = organization(SERVICES);
    world.iam_page_size = Some(1);
    let stage = stage(world, &[]).await;
    let record = collected(&stage, only(Dataset::ServiceSpecificCredentials)).await;
    let (credentials, source, when) = seen(
        &record,
        &user(&record, "alice").service_specific_credentials,
    );
    assert_eq!(
        (source, when),
        (Source::ListServiceSpecificCredentials, NOW)
    );
    let told: BTreeMap<_, _> = credentials
        .iter()
        .map(|it| (&*it.service, (it.status, it.expires_at)))
        .collect();
    let expiry = "2027-01-01T00:00:00Z".parse().ok();
    let expected = [
        ("bedrock.amazonaws.com", (AccessKeyStatus::Active, expiry)),
        (
            "codecommit.amazonaws.com",
            (AccessKeyStatus::Inactive, None),
        ),
    ];
    assert_eq!(told, expected.into());
    let bob = user(&record, "bob").service_specific_credentials.known();
    assert!(bob.unwrap().is_empty(), "seen, and none");
    assert_eq!(stage.asked(MEMBER, "ListServiceSpecificCredentials"), 2 + 1);
}

#[tokio::test]
async fn credentials_for_single_services_that_may_not_be_listed_are_a_gap() {
    let denied_call = "iam:ListServiceSpecificCredentials";
    let stage = stage(organization(SERVICES), &[denied_call]).await;
    let record = collected(&stage, only(Dataset::ServiceSpecificCredentials)).await;
    for user in &record.iam_users.items {
        assert_eq!(
            missing(&record, &user.service_specific_credentials),
            denied("ListServiceSpecificCredentials")
        );
    }
}

#[tokio::test]
async fn an_ordinary_audit_asks_for_none_of_them() {
    let stage = stage(organization(&[USERS, CERTIFIED].concat()), &[]).await;
    let record = collected(&stage, |_| {}).await;
    for operation in [
        "GetAccessKeyLastUsed",
        "ListSigningCertificates",
        "ListServiceSpecificCredentials",
        "GetAccountPasswordPolicy",
        "GetAccountAuthorizationDetails",
    ] {
        assert_eq!(stage.asked(MEMBER, operation), 0, "{operation}");
    }
    let alice = user(&record, "alice");
    assert!(alice.service_specific_credentials.is_unasked());
}
