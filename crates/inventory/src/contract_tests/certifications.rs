//! How passkeys and security keys are certified, where that is asked for.

use std::collections::BTreeMap;

use model::{Cell, Dataset, GapReason, IamUser, Record, Source};

use super::stage::{MEMBER, Stage, denial, fault, organization};

const USERS: &str = r#"
    [[account.user]]
    name = "alice"
    password = {}
    mfa = [{ kind = "fido", certifications = { FIDO = "L1", FIDO-FIPS-140-2 = "L2" } }, {}]
    [[account.user]]
    name = "bob"
    password = {}
    mfa = [{ kind = "fido" }]
    [[account.user]]
    name = "carol"
    password = {}
    mfa = [{}, { kind = "hardware" }]
"#;

async fn member(stage: &Stage) -> Record {
    let records = stage
        .audit(|it| {
            it.plan.datasets.insert(Dataset::FidoCertifications);
        })
        .await;
    let of_member = records
        .into_iter()
        .find(|it| it.account.id.as_str() == MEMBER);
    of_member.unwrap()
}

fn user<'a>(record: &'a Record, name: &str) -> &'a IamUser {
    record
        .iam_users
        .items
        .iter()
        .find(|it| &*it.name == name)
        .unwrap()
}

#[tokio::test]
async fn they_are_asked_for_each_such_device_and_for_no_other() {
    let stage = Stage::start(organization(USERS)).await;
    let record = member(&stage).await;
    let alice = user(&record, "alice").fido_certifications.as_ref().unwrap();
    let levels = [("FIDO", "L1"), ("FIDO-FIPS-140-2", "L2")];
    let levels: BTreeMap<_, _> = levels
        .into_iter()
        .map(|(scheme, level)| (scheme.to_owned(), level.to_owned()))
        .collect();
    let [device] = alice.known().unwrap().as_slice() else {
        panic!("alice has one passkey");
    };
    assert_eq!(device.certifications, levels);
    assert!(
        device.serial_number.contains(":u2f/user/alice/"),
        "{}",
        device.serial_number
    );
    let observation = record.observation(alice.observation().unwrap()).unwrap();
    assert_eq!(observation.source, Source::GetMfaDevice);
    let bob = user(&record, "bob").fido_certifications.as_ref().unwrap();
    assert!(
        bob.known().unwrap()[0].certifications.is_empty(),
        "seen, and none"
    );
    assert_eq!(user(&record, "carol").fido_certifications, None);
    assert_eq!(stage.asked(MEMBER, "GetMFADevice"), 2);
    assert_eq!(
        model::cell(&record, Dataset::FidoCertifications),
        Cell::Seen
    );
}

#[tokio::test]
async fn without_the_permission_they_are_a_gap() {
    let stage = Stage::with(
        organization(USERS),
        vec![fault("iam:GetMFADevice", denial())],
    )
    .await;
    let record = member(&stage).await;
    let alice = user(&record, "alice").fido_certifications.as_ref().unwrap();
    let gap = record.gap(alice.get().unwrap_err()).unwrap();
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::AccessDenied, "GetMFADevice")
    );
    assert_eq!(
        model::cell(&record, Dataset::FidoCertifications),
        Cell::Partly
    );
}

#[tokio::test]
async fn unless_they_are_asked_for_no_call_is_made() {
    let stage = Stage::start(organization(USERS)).await;
    let record = stage.member().await;
    assert_eq!(stage.asked(MEMBER, "GetMFADevice"), 0);
    assert!(
        record
            .iam_users
            .items
            .iter()
            .all(|it| it.fido_certifications.is_none())
    );
    assert_eq!(
        model::cell(&record, Dataset::FidoCertifications),
        Cell::NotSeen
    );
}
