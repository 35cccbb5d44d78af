//! The seed is handed to the person and to nobody else.

use std::{fs, path::Path};

use simulator::FaultKind;

use crate::conversation::{Dialogue, FIRST, SECOND};
use crate::harness::{Stage, allow_only, assert_says, fault, serial, user_of, world};

/// Returns the ways in which a seed could be written.
fn spellings(seed: &str) -> Vec<Vec<u8>> {
    let bytes = data_encoding::BASE32_NOPAD
        .decode(seed.trim_end_matches('=').as_bytes())
        .unwrap();
    let base64 = |it: &[u8]| data_encoding::BASE64_NOPAD.encode(it).into_bytes();
    vec![
        seed.as_bytes().to_vec(),
        seed.to_lowercase().into_bytes(),
        base64(seed.as_bytes()),
        base64(&bytes),
        data_encoding::HEXLOWER.encode(&bytes).into_bytes(),
        data_encoding::HEXUPPER.encode(&bytes).into_bytes(),
        bytes,
    ]
}

#[track_caller]
fn assert_without(seed: &str, place: &str, content: &[u8]) {
    for it in spellings(seed) {
        let found = content.windows(it.len()).any(|window| window == it);
        assert!(!found, "{place} holds the seed");
    }
}

/// Returns every file of a folder.
fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn no_log_file_or_list_of_processes_shows_the_seed() {
    for variable in ["RUST_LOG", "MFAUDIT_LOG"] {
        let stage = Stage::new(world());
        let mut command = stage.command("alice", &["--qr-png", "qr.png"]);
        command.env(
            variable,
            "trace,aws_smithy_runtime=trace,aws_smithy_runtime::client=trace",
        );
        let mut dialogue = Dialogue::of(command);
        dialogue.asked(FIRST);
        let seed = stage.simulator().device_seed(&serial("alice")).unwrap();
        if cfg!(target_os = "linux") {
            for it in ["cmdline", "environ"] {
                let told = fs::read(format!("/proc/{}/{it}", dialogue.id())).unwrap();
                assert!(!told.is_empty());
                assert_without(&seed, it, &told);
            }
        }
        let [first, second] = stage.codes(&serial("alice"), 0);
        dialogue.answer(FIRST, &first);
        dialogue.answer(SECOND, &first);
        dialogue.answer(SECOND, &second);
        let run = dialogue.end();
        assert_without(&seed, "the log", run.told(0).as_bytes());
        assert_says(&run.stderr, &["operation=\"EnableMFADevice\" status=200"]);
        assert_without(&seed, "standard output", run.stdout.as_bytes());
        let mut found = Vec::new();
        files(stage.folder(), &mut found);
        assert_eq!(found, [stage.file("qr.png")]);
        for entry in stage.simulator().journal() {
            assert_without(&seed, "the journal", entry.to_json().as_bytes());
        }
    }
}

#[test]
fn the_secret_is_printed_only_when_asked_for() {
    let stage = Stage::new(world());
    let dialogue = stage.talk("alice", &["--show-secret", "--qr", "none"]);
    dialogue.asked(FIRST);
    let seed = stage.simulator().device_seed(&serial("alice")).unwrap();
    dialogue.signal("INT");
    let run = dialogue.end();
    assert!(
        run.stdout.contains(&format!("secret: {seed}\n")),
        "{run:#?}"
    );
    assert_without(&seed, "standard error", run.stderr.as_bytes());
}

#[test]
fn an_answer_that_cannot_be_read_is_not_repeated() {
    for kind in [
        FaultKind::Malformed,
        FaultKind::Truncated,
        FaultKind::WrongContentType,
    ] {
        let mut world = world();
        world.faults = vec![fault("iam:CreateVirtualMFADevice", kind)];
        // Without the permission to delete, the device and its seed stay.
        allow_only(
            user_of(&mut world, "alice"),
            &["iam:CreateVirtualMFADevice"],
        );
        let stage = Stage::new(world);
        let mut command = stage.command("alice", &[]);
        command.env("RUST_LOG", "trace");
        let mut dialogue = Dialogue::of(command);
        dialogue.hang_up();
        let run = dialogue.end();
        let seed = stage.simulator().device_seed(&serial("alice")).unwrap();
        assert_without(&seed, "standard error", run.stderr.as_bytes());
        assert_without(&seed, "standard output", run.stdout.as_bytes());
    }
}
