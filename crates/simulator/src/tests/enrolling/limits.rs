//! Limits: devices of a user, attempts, and the time until a device is known.

use super::{Desk, error_of, refusal, wrong_pair};

fn unavailable() -> super::Refusal {
    let message = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial \
                   number is valid and associated with this user.";
    refusal(403, "AccessDenied", message)
}

#[test]
fn a_user_has_eight_devices() {
    let desk = Desk::of("");
    for number in 1..=8 {
        desk.enrol("alice", &format!("d{number}"));
    }
    let ninth = desk.create("d9");
    let message = "Cannot exceed quota for MFADevicesPerUser: 8";
    assert_eq!(
        desk.enable("alice", &ninth, 0),
        refusal(409, "LimitExceeded", message)
    );
    assert_eq!(desk.devices("alice").len(), 8);
    let first = desk.devices("alice").remove(0);
    let both = format!("UserName=alice&SerialNumber={first}");
    assert_eq!(desk.status("DeactivateMFADevice", &both), 200);
    assert_eq!(desk.enable("alice", &ninth, 0).0, 200);
}

#[test]
fn after_nine_codes_a_device_opens_no_session_for_a_while() {
    let mut desk = Desk::of("");
    let serial = desk.enrol("bob", "phone");
    for attempt in 1..=9 {
        let answer = error_of(&desk.session(&serial, 100));
        assert!(answer.2.contains("invalid MFA one time pass"), "{attempt}");
    }
    assert_eq!(error_of(&desk.session(&serial, 0)), unavailable());
    desk.wait(150);
    assert_eq!(error_of(&desk.session(&serial, 0)), unavailable());
    desk.wait(30);
    assert_eq!(desk.session(&serial, 0).status, 200);
}

#[test]
fn right_codes_are_attempts_too_and_each_device_has_its_own() {
    let mut desk = Desk::of("");
    desk.sign_in("ALICE");
    let [first, second] = ["first", "second"].map(|it| desk.enrol("bob", it));
    desk.sign_in("BOB");
    for offset in [-2, -1, 0, 1] {
        assert_eq!(desk.session(&first, offset).status, 200, "{offset}");
        assert_eq!(desk.session(&first, offset).status, 403, "{offset} again");
    }
    assert_eq!(desk.session(&first, 100).status, 403);
    assert_eq!(error_of(&desk.session(&first, 2)), unavailable());
    assert_eq!(desk.session(&second, 0).status, 200);
}

#[test]
fn after_nine_wrong_pairs_a_right_one_has_to_wait() {
    let mut desk = Desk::of("");
    let serial = desk.create("phone");
    for attempt in 1..=9 {
        let answer = desk.pair("EnableMFADevice", "bob", &serial, (0, -1));
        assert_eq!(answer, wrong_pair(), "{attempt}");
    }
    assert_eq!(desk.enable("bob", &serial, 0), wrong_pair());
    desk.wait(180);
    assert_eq!(desk.enable("bob", &serial, 0).0, 200);
}

#[test]
fn a_new_device_is_listed_at_once_and_known_to_sts_later() {
    let mut desk = Desk::of("");
    desk.client
        .state
        .update(|it| it.propagation_delay_seconds = 10);
    let serial = desk.enrol("bob", "phone");
    assert_eq!(desk.devices("bob"), [serial.as_str()]);
    assert_eq!(error_of(&desk.session(&serial, 0)), unavailable());
    desk.wait(12);
    assert_eq!(desk.session(&serial, 0).status, 200);
}

#[test]
fn a_device_that_the_world_begins_with_is_known_at_once() {
    let device = format!("mfa = [{{ name = \"old\", seed = \"{}\" }}]", super::SEED);
    let desk = Desk::of(&device);
    desk.client
        .state
        .update(|it| it.propagation_delay_seconds = 3600);
    let serial = super::virtual_serial("old");
    assert_eq!(desk.session(&serial, 0).status, 200);
}
