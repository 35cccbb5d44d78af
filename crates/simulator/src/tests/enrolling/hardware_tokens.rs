//! Tokens with seeds of their vendor's.

use super::{Desk, USERS, error_of};

const TOKEN: &str = "GAHT12345678";

fn desk() -> Desk {
    let settings = format!(
        "hardware-tokens = [{{ serial = \"{TOKEN}\", seed = \"{}\" }}]",
        super::SEED
    );
    Desk::in_account(&settings, USERS)
}

#[test]
fn a_token_is_enabled_with_its_serial_number() {
    let desk = desk();
    assert!(desk.virtual_devices("Any").is_empty());
    assert_eq!(desk.enable("bob", TOKEN, 0).0, 200);
    assert_eq!(desk.devices("bob"), [TOKEN]);
    assert!(desk.virtual_devices("Any").is_empty());
    assert_eq!(desk.session(TOKEN, 0).status, 200);
    let answer = desk.enable("alice", TOKEN, 2);
    assert_eq!(answer.2, "MFA Device is already in use.");
}

#[test]
fn a_token_that_was_taken_away_can_be_enabled_again() {
    let desk = desk();
    assert_eq!(desk.enable("alice", TOKEN, 0).0, 200);
    let both = format!("UserName=alice&SerialNumber={TOKEN}");
    assert_eq!(desk.status("DeactivateMFADevice", &both), 200);
    assert!(desk.devices("alice").is_empty());
    assert_eq!(desk.enable("bob", TOKEN, 2).0, 200);
}

#[test]
fn a_token_is_no_virtual_device_to_be_deleted() {
    let desk = desk();
    let only = format!("SerialNumber={TOKEN}");
    let answer = desk.client.iam("DeleteVirtualMFADevice", &only);
    assert_eq!(error_of(&answer).1, "NoSuchEntity");
    assert_eq!(desk.enable("bob", TOKEN, 0).0, 200);
}
