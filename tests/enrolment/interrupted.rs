//! Whatever stops an enrolment between creating and enabling, the device goes with it, or is named.

use std::process::Stdio;

use simulator::FaultKind;

use crate::conversation::{Dialogue, FIRST, SECOND};
use crate::harness::{Stage, assert_says, fault, serial, world};

#[test]
fn signals_and_an_end_of_input_delete_the_device() {
    for (question, signal) in [
        (FIRST, Some("INT")),
        (SECOND, Some("INT")),
        (FIRST, Some("TERM")),
        (SECOND, Some("HUP")),
        (FIRST, None),
        (SECOND, None),
    ] {
        let stage = Stage::new(world());
        let mut dialogue = stage.talk("alice", &[]);
        if question == SECOND {
            dialogue.answer(FIRST, "123456");
        }
        dialogue.asked(question);
        match signal {
            Some(name) => dialogue.signal(name),
            None => dialogue.hang_up(),
        }
        let run = dialogue.end();
        assert_says(run.told(1), &[&format!("Deleted {}", serial("alice"))]);
        assert_eq!(stage.orphans(), [""; 0], "{question} {signal:?}");
        assert_eq!(stage.devices("alice"), [""; 0]);
    }
}

#[test]
fn a_device_that_cannot_be_deleted_is_named_with_the_command_that_deletes_it() {
    let mut world = world();
    world.faults = vec![fault("iam:DeleteVirtualMFADevice", FaultKind::Status(503))];
    let stage = Stage::new(world);
    let dialogue = stage.talk("alice", &[]);
    dialogue.asked(FIRST);
    dialogue.signal("INT");
    let run = dialogue.end();
    let command = format!(
        "aws iam delete-virtual-mfa-device --serial-number '{}'",
        serial("alice")
    );
    assert_says(run.told(1), &["could not be deleted", &command]);
    assert_eq!(stage.orphans(), ["alice"]);
}

#[test]
fn a_closed_pipe_in_the_place_of_the_qr_code_deletes_the_device() {
    let stage = Stage::new(world());
    let mut command = stage.command("alice", &[]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    assert_eq!(stage.orphans(), [""; 0]);
}

#[test]
fn a_png_that_cannot_be_written_stops_before_anything_is_made() {
    let stage = Stage::new(world());
    std::fs::write(stage.file("there.png"), "mine").unwrap();
    for path in ["there.png", "nowhere/qr.png"] {
        let run = stage.run("alice", &["--qr-png", path]);
        assert_says(run.told(1), &[path]);
    }
    assert_eq!(std::fs::read(stage.file("there.png")).unwrap(), b"mine");
    assert_eq!(stage.asked("CreateVirtualMFADevice"), 0);
}

#[test]
fn a_png_stays_only_if_its_device_does() {
    let stage = Stage::new(world());
    let enrol = |dialogue: &Dialogue| {
        dialogue.asked(FIRST);
        assert!(stage.file("qr.png").is_file());
    };
    let dialogue = stage.talk("alice", &["--qr-png", "qr.png"]);
    enrol(&dialogue);
    dialogue.signal("INT");
    dialogue.end().told(1);
    assert!(!stage.file("qr.png").exists());

    let mut dialogue = stage.talk("alice", &["--qr-png", "qr.png"]);
    enrol(&dialogue);
    dialogue.give(stage.codes(&serial("alice"), 0));
    let run = dialogue.end();
    run.told(0);
    assert_says(&run.stdout, &["Delete qr.png"]);
    let metadata = std::fs::metadata(stage.file("qr.png")).unwrap();
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777,
        0o600
    );
    assert!(metadata.len() > 100);
}

#[test]
fn a_device_whose_secret_nobody_would_see_is_not_made() {
    let stage = Stage::new(world());
    let run = stage.run("alice", &["--qr", "none"]);
    assert_says(run.told(2), &["--qr-png FILE", "--show-secret"]);
    assert_eq!(stage.asked("CreateVirtualMFADevice"), 0);
}
