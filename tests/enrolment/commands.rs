//! What the program does besides enrolling.

use simulator::{Device, DeviceKind};

use crate::conversation::{FIRST, SECOND};
use crate::harness::{Stage, assert_says, device, printed, serial, user_of, world};

#[test]
fn the_devices_of_a_user_are_listed_with_kind_age_and_certification() {
    let mut world = world();
    let alice = user_of(&mut world, "alice");
    alice.mfa = vec![
        Device {
            enabled: "2024-01-01T00:00:00Z".parse().unwrap(),
            ..device("alice")
        },
        Device {
            kind: DeviceKind::Fido,
            certifications: [("FIDO".to_owned(), "L1".to_owned())].into(),
            ..Device::default()
        },
        Device {
            kind: DeviceKind::Hardware,
            ..Device::default()
        },
    ];
    let stage = Stage::new(world);
    let mut command = stage.command("alice", &["devices"]);
    command.env("SOURCE_DATE_EPOCH", "1704240000");
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    let of = |end: &str| *lines.iter().find(|it| it.contains(end)).unwrap();
    assert_says(of(&serial("alice")), &["2024-01-01T00:00:00Z", "2 d"]);
    assert_says(of(":u2f/"), &["(FIDO L1)"]);
    assert_says(of("GAHT"), &["hardware"]);
}

#[test]
fn a_user_without_a_device_is_told_how_to_enrol_one() {
    let stage = Stage::new(world());
    let run = stage.run("alice", &["devices"]);
    run.told(0);
    assert_says(&run.stdout, &["alice has no MFA device", "mfaudit enroll"]);
}

#[test]
fn a_device_whose_clock_drifted_counts_again_after_a_resync() {
    let mut world = world();
    user_of(&mut world, "alice").mfa.push(device("alice"));
    let stage = Stage::new(world);
    let late = 20 * 60;
    let code = stage.code(&serial("alice"), late);
    let session = ["devices", "--mfa-serial", &serial("alice"), "--mfa-code"].map(str::to_owned);
    let with = |code: &str| {
        let mut arguments: Vec<_> = session.iter().map(String::as_str).collect();
        arguments.push(code);
        stage.run("alice", &arguments)
    };
    assert_says(with(&code).told(1), &["resync"]);
    let mut dialogue = stage.talk("alice", &["resync"]);
    dialogue.give(["111111".to_owned(), "222222".to_owned()]);
    dialogue.until("InvalidAuthenticationCode", 1);
    dialogue.give(stage.codes(&serial("alice"), late));
    let run = dialogue.end();
    run.told(0);
    assert_says(&run.stdout, &["AWS knows how far the clock"]);
    with(&stage.code(&serial("alice"), late)).told(0);
}

#[test]
fn which_device_is_resynchronized_must_be_clear() {
    let mut world = world();
    let fido = Device {
        kind: DeviceKind::Fido,
        ..Device::default()
    };
    user_of(&mut world, "alice").mfa = vec![device("alice"), device("alice-2"), fido];
    user_of(&mut world, "bob")
        .inline_policies
        .insert("mfa".to_owned(), printed(&["policy"]));
    let stage = Stage::new(world);
    let run = stage.run("alice", &["resync"]);
    assert_says(
        run.told(2),
        &["several devices", "--serial", &serial("alice-2")],
    );
    assert_says(
        stage.run("bob", &["resync"]).told(1),
        &["no device that shows codes"],
    );
    let key = stage
        .devices("alice")
        .into_iter()
        .find(|it| it.contains("u2f"))
        .unwrap();
    let run = stage.run("alice", &["resync", "--serial", &key]);
    assert_says(run.told(2), &["has no clock", "at the console"]);
}

#[test]
fn only_devices_that_nobody_has_enabled_are_removed() {
    let mut world = world();
    user_of(&mut world, "bob").mfa.push(device("bob"));
    world.accounts[0].unassigned_devices = ["alice", "alice-2", "spare"].map(Into::into).to_vec();
    let stage = Stage::new(world);
    let run = stage.run("alice", &["remove-orphans", "--user", "alice"]);
    assert_says(
        run.told(0),
        &["Nobody has enabled 2 virtual devices", "--yes"],
    );
    assert_eq!(stage.orphans().len(), 3);
    let run = stage.run("alice", &["remove-orphans", "--user", "alice", "--yes"]);
    run.told(0);
    assert_eq!(stage.orphans(), ["spare"]);
    stage.run("alice", &["remove-orphans", "--yes"]).told(0);
    assert_eq!(stage.orphans(), [""; 0]);
    assert_eq!(stage.devices("bob"), [serial("bob")]);
    let run = stage.run("alice", &["remove-orphans"]);
    assert_says(&run.stdout, &["No virtual device of account"]);
}

#[test]
fn the_tenth_try_within_a_while_is_not_sent_before_aws_takes_it() {
    let stage = Stage::new(world());
    let mut dialogue = stage.talk("alice", &[]);
    for _ in 0..9 {
        dialogue.answer(FIRST, "000001");
        dialogue.answer(SECOND, "000002");
    }
    dialogue.until("Waiting", 1);
    assert_eq!(stage.asked("EnableMFADevice"), 9);
    dialogue.signal("INT");
    dialogue.end().told(1);
    assert_eq!(stage.orphans(), [""; 0]);
}
