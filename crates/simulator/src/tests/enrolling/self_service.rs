//! Users who have a device add and remove their own with MFA only, whatever policies say.

use super::{Desk, not_shown, pair_of, virtual_serial, wrong_pair};

fn deactivate(desk: &Desk, user: &str, serial: &str) -> super::Refusal {
    let both = format!("UserName={user}&SerialNumber={serial}");
    desk.iam("DeactivateMFADevice", &both)
}

#[test]
fn a_second_device_needs_an_mfa_session() {
    let mut desk = Desk::of("");
    let first = desk.enrol("bob", "first");
    let second = desk.create("second");
    assert_eq!(desk.enable("bob", &second, 0), not_shown());
    assert_eq!(desk.devices("bob"), [first.as_str()]);
    desk.show(&first, 0);
    assert_eq!(desk.enable("bob", &second, 0).0, 200);
    assert_eq!(desk.devices("bob"), [first, second]);
}

#[test]
fn a_device_is_removed_with_mfa_too() {
    let mut desk = Desk::of("");
    let serial = desk.enrol("bob", "phone");
    assert_eq!(deactivate(&desk, "bob", &serial), not_shown());
    desk.show(&serial, 0);
    assert_eq!(deactivate(&desk, "bob", &serial).0, 200);
    // Whoever has none left begins anew with the key.
    desk.sign_in("BOB");
    assert_eq!(desk.enable("bob", &serial, 2).0, 200);
}

#[test]
fn a_user_without_a_name_in_the_call_is_the_same_user() {
    let desk = Desk::of("");
    let serial = desk.enrol("bob", "phone");
    let only = format!("SerialNumber={serial}");
    assert_eq!(desk.iam("DeactivateMFADevice", &only), not_shown());
}

#[test]
fn others_devices_are_managed_with_a_key() {
    let mut desk = Desk::of("");
    desk.enrol("bob", "own");
    let first = desk.enrol("alice", "first");
    let second = desk.create("second");
    assert_eq!(desk.enable("alice", &second, 0).0, 200);
    assert_eq!(deactivate(&desk, "alice", &first).0, 200);
    desk.sign_in("ALICE");
    assert_eq!(deactivate(&desk, "alice", &second), not_shown());
    // A user who resynchronizes adds and removes nothing.
    let answer = desk.pair("ResyncMFADevice", "alice", &second, (1, 2));
    assert_eq!(answer.0, 200);
}

#[test]
fn the_rule_is_told_before_what_else_is_wrong() {
    let desk = Desk::of("");
    let first = desk.enrol("bob", "first");
    let codes = ["000000", "000000"];
    let missing = virtual_serial("missing");
    for serial in [&first, &missing] {
        let more = pair_of("bob", serial, &codes);
        assert_eq!(desk.iam("EnableMFADevice", &more), not_shown());
    }
    assert_eq!(deactivate(&desk, "bob", &missing), not_shown());
    let resync = pair_of("bob", &first, &codes);
    assert_eq!(desk.iam("ResyncMFADevice", &resync), wrong_pair());
}

#[test]
fn what_policies_refuse_is_refused_first() {
    let allow = r#"{"Statement":{"Effect":"Allow","Action":"iam:List*","Resource":"*"}}"#;
    let desk = Desk::with_policy(allow, "");
    let serial = virtual_serial("phone");
    let more = pair_of("bob", &serial, &["000000", "000000"]);
    let (status, _, message) = desk.iam("EnableMFADevice", &more);
    assert_eq!(status, 403);
    assert_eq!(
        message,
        "User: arn:aws:iam::222222222222:user/bob is not authorized to perform: iam:EnableMFADevice on resource: user \
         bob because no identity-based policy allows the iam:EnableMFADevice action"
    );
    let (_, _, message) = desk.iam("CreateVirtualMFADevice", "VirtualMFADeviceName=phone");
    assert!(
        message.contains(
            "iam:CreateVirtualMFADevice on resource: arn:aws:iam::222222222222:mfa/phone because"
        ),
        "{message}"
    );
}
