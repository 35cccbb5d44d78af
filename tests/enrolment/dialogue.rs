//! From nothing to a device that is enabled and proven.

use simulator::{Fault, FaultKind, HardwareToken};

use crate::conversation::FIRST;
use crate::harness::{Stage, assert_says, fault, printed, serial, user_of, world};

#[test]
fn two_codes_enrol_an_authenticator_app() {
    let stage = Stage::new(world());
    let run = stage.enrol("alice", &[], "alice");
    run.told(0);
    assert_eq!(stage.devices("alice"), [serial("alice")]);
    let next = format!(
        "aws sts get-session-token --serial-number {}",
        serial("alice")
    );
    assert_says(
        &run.stdout,
        &[
            "alice has the device",
            "as ListMFADevices tells",
            "Enrol a second device",
            &next,
        ],
    );
    assert_eq!(stage.asked("EnableMFADevice"), 1);
    assert_eq!(stage.asked("TagMFADevice"), 0);
}

#[test]
fn scripts_enrol_a_device_that_exists_by_codes_on_the_command_line() {
    let mut world = world();
    let unassigned = &mut world.accounts[0].unassigned_devices;
    unassigned.push(simulator::UnassignedDevice {
        seed: Some("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".into()),
        ..simulator::UnassignedDevice::from("prepared")
    });
    let stage = Stage::new(world);
    let [first, second] = stage.codes(&serial("prepared"), 0);
    let run = stage.run(
        "alice",
        &["--serial", &serial("prepared"), "--codes", &first, &second],
    );
    run.told(0);
    assert_eq!(stage.devices("alice"), [serial("prepared")]);
    assert_eq!(stage.asked("CreateVirtualMFADevice"), 0);
}

#[test]
fn a_hardware_token_is_enrolled_by_its_serial_number() {
    let mut world = world();
    world.accounts[0].hardware_tokens.push(HardwareToken {
        serial: "GAHT12345678".to_owned(),
        seed: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".into(),
    });
    let stage = Stage::new(world);
    let mut dialogue = stage.talk("alice", &["--hardware", "GAHT12345678"]);
    dialogue.give(stage.codes("GAHT12345678", 0));
    let run = dialogue.end();
    run.told(0);
    assert_eq!(stage.devices("alice"), ["GAHT12345678"]);
    assert_eq!(stage.asked("CreateVirtualMFADevice"), 0);
}

#[test]
fn an_administrator_enrols_somebody_else_by_the_policy_for_it() {
    let mut world = world();
    let policy = printed(&["policy", "--for", "administrator"]);
    user_of(&mut world, "bob")
        .inline_policies
        .insert("mfa".to_owned(), policy);
    let stage = Stage::new(world);
    let mut dialogue = stage.talk("bob", &["--user", "alice", "--name", "/phones/alice-phone"]);
    let serial = serial("phones/alice-phone");
    dialogue.asked(FIRST);
    dialogue.give(stage.codes(&serial, 0));
    let run = dialogue.end();
    run.told(0);
    assert_eq!(stage.devices("alice"), [serial]);
    assert_says(
        &run.stdout,
        &["somebody else's devices", "mfaudit enroll --user alice"],
    );
}

#[test]
fn an_answer_that_is_lost_on_its_way_is_no_failure() {
    let mut world = world();
    world.faults = vec![once("iam:EnableMFADevice", FaultKind::Disconnect)];
    let stage = Stage::new(world);
    stage.enrol("alice", &[], "alice").told(0);
    assert_eq!(stage.devices("alice"), [serial("alice")]);
}

#[test]
fn a_device_whose_making_was_not_answered_is_not_left() {
    for kind in [
        FaultKind::Malformed,
        FaultKind::Truncated,
        FaultKind::HtmlBody,
    ] {
        let mut world = world();
        world.faults = vec![once("iam:CreateVirtualMFADevice", kind.clone())];
        let stage = Stage::new(world);
        let run = stage.run("alice", &[]);
        run.told(1);
        assert_eq!(stage.orphans(), [""; 0], "{kind:?}: {run:#?}");
    }
}

/// Returns what goes wrong with the first request for an action.
fn once(action: &str, kind: FaultKind) -> Fault {
    Fault {
        times: Some(1),
        ..fault(action, kind)
    }
}
