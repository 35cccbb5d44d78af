//! Which codes are right: for a pair, and for a session.

use super::{Desk, refusal, virtual_serial, wrong_pair};

#[test]
fn a_pair_is_two_codes_that_follow_one_another() {
    let desk = Desk::of("");
    let serial = desk.create("phone");
    let enable = |steps| desk.pair("EnableMFADevice", "bob", &serial, steps);
    for (what, steps) in [
        ("swapped", (0, -1)),
        ("the same twice", (0, 0)),
        ("one left out", (-2, 0)),
    ] {
        assert_eq!(enable(steps), wrong_pair(), "{what}");
        assert!(desk.devices("bob").is_empty(), "{what}");
        assert_eq!(desk.virtual_devices("Unassigned"), [serial.as_str()]);
    }
    assert_eq!(enable((-1, 0)).0, 200);
}

#[test]
fn a_clock_may_be_minutes_off_and_not_nine_hours() {
    for (second, right) in [(6, true), (-6, true), (1080, false), (-1080, false)] {
        let desk = Desk::of("");
        let serial = desk.create("phone");
        let answer = desk.enable("bob", &serial, second);
        assert_eq!(answer.0 == 200, right, "{second}: {answer:?}");
    }
}

#[test]
fn the_clock_that_counts_is_the_servers() {
    let mut desk = Desk::of("");
    let serial = desk.create("phone");
    let earlier = [-1, 0].map(|it| desk.code(&serial, it));
    desk.wait(9 * 3600);
    let more = super::pair_of("bob", &serial, &earlier);
    assert_eq!(desk.iam("EnableMFADevice", &more), wrong_pair());
    assert_eq!(desk.enable("bob", &serial, 0).0, 200);
}

#[test]
fn a_pair_is_taken_once() {
    let desk = Desk::of("");
    let serial = desk.enrol("alice", "phone");
    let both = format!("UserName=alice&SerialNumber={serial}");
    assert_eq!(desk.status("DeactivateMFADevice", &both), 200);
    assert_eq!(desk.enable("alice", &serial, 0), wrong_pair());
    assert_eq!(desk.enable("alice", &serial, 1), wrong_pair(), "one is old");
    assert_eq!(desk.enable("alice", &serial, 2).0, 200);
}

#[test]
fn a_device_is_set_to_its_clock_without_mfa() {
    let desk = Desk::of("");
    let serial = desk.enrol("bob", "phone");
    assert_eq!(desk.session(&serial, 40).status, 403);
    let resync = |user: &str, steps| desk.pair("ResyncMFADevice", user, &serial, steps);
    assert_eq!(resync("bob", (41, 40)), wrong_pair());
    assert_eq!(resync("bob", (39, 40)).0, 200);
    assert_eq!(desk.session(&serial, 40).status, 200);
    assert_eq!(desk.session(&serial, 2).status, 403);
    let invalid = refusal(404, "NoSuchEntity", "MFA Device invalid for user.");
    assert_eq!(resync("alice", (49, 50)), invalid);
    let spare = desk.create("spare");
    let answer = desk.pair("ResyncMFADevice", "bob", &spare, (-1, 0));
    assert_eq!(answer, invalid, "no one has it");
}

#[test]
fn a_session_takes_codes_of_a_minute_and_each_once() {
    let wrong = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
    let wrong = refusal(403, "AccessDenied", wrong);
    let answer = |desk: &Desk, serial: &str, offset| super::error_of(&desk.session(serial, offset));
    let desk = Desk::of("");
    let serial = desk.enrol("bob", "phone");
    for offset in [-3, 3] {
        assert_eq!(answer(&desk, &serial, offset), wrong, "{offset}");
    }
    let desk = Desk::of("");
    let serial = desk.enrol("bob", "phone");
    // The codes of the pair open sessions too, in any order.
    for offset in [0, -1, -2, 2] {
        assert_eq!(answer(&desk, &serial, offset).0, 200, "{offset}");
        assert_eq!(answer(&desk, &serial, offset), wrong, "{offset} again");
    }
}

#[test]
fn a_code_of_another_device_opens_no_session() {
    let mut desk = Desk::of("");
    let own = desk.enrol("bob", "own");
    let other = desk.enrol("alice", "other");
    let unavailable = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial \
                       number is valid and associated with this user.";
    let unavailable = refusal(403, "AccessDenied", unavailable);
    assert_eq!(super::error_of(&desk.session(&other, 0)), unavailable);
    let code = desk.code(&own, 0);
    let missing = virtual_serial("missing");
    for (serial, code) in [(&missing, &code), (&own, &desk.code(&other, 0))] {
        let more = format!("SerialNumber={serial}&TokenCode={code}");
        let answer = super::error_of(&desk.client.sts("GetSessionToken", &more));
        assert_eq!((answer.0, answer.1.as_str()), (403, "AccessDenied"));
        assert_eq!(answer == unavailable, serial == &missing);
    }
    desk.sign_in("ALICE");
    assert_eq!(desk.session(&other, 0).status, 200);
}

#[test]
fn passkeys_and_text_messages_show_no_codes() {
    let seed = super::SEED;
    let more = format!(
        "mfa = [{{ kind = \"fido\", name = \"key\", seed = \"{seed}\" }}, {{ kind = \"sms\", seed = \"{seed}\" }}]"
    );
    let desk = Desk::of(&more);
    for serial in desk.devices("bob") {
        assert_eq!(desk.session(&serial, 0).status, 403, "{serial}");
        let answer = desk.pair("ResyncMFADevice", "bob", &serial, (-1, 0));
        assert_eq!(answer, wrong_pair());
    }
}
