//! Killed at any step, an enrolment leaves no device that is half enabled; what it leaves is found at the next start.

use simulator::{Fault, FaultKind};

use crate::conversation::{Dialogue, FIRST, SECOND};
use crate::harness::{Stage, assert_says, fault, serial, world};

/// The calls of an enrolment in their order, with how many of their kind come before.
const STEPS: [(&str, u32); 10] = [
    ("sts:GetCallerIdentity", 0),
    ("iam:GetUser", 0),
    ("iam:ListMFADevices", 0),
    ("iam:ListVirtualMFADevices", 0),
    ("iam:SimulatePrincipalPolicy", 0),
    ("iam:SimulatePrincipalPolicy", 1),
    ("iam:ListAccountAliases", 0),
    ("iam:CreateVirtualMFADevice", 0),
    ("iam:EnableMFADevice", 0),
    ("iam:ListMFADevices", 1),
];

/// Enrols alice until a call has reached AWS whose answer does not come, and kills the program then.
fn killed_in(action: &str, before: u32) -> Stage {
    let mut world = world();
    world.faults = vec![Fault {
        after: Some(before),
        ..fault(action, FaultKind::Hang { seconds: 600 })
    }];
    let stage = Stage::new(world);
    let mut dialogue = stage.talk("alice", &[]);
    if action == "iam:EnableMFADevice" || (action, before) == ("iam:ListMFADevices", 1) {
        dialogue.asked(FIRST);
        dialogue.give(stage.codes(&serial("alice"), 0));
    }
    let (_, operation) = action.split_once(':').unwrap();
    let calls = usize::try_from(before).unwrap() + 1;
    while stage.asked(operation) < calls {
        // Lets the one that is waited for have the processor.
        std::thread::park_timeout(std::time::Duration::from_millis(1));
        assert!(dialogue.runs(), "ended before {action}");
    }
    kill(dialogue);
    stage.simulator().update(|world| world.faults.clear());
    stage
}

fn kill(dialogue: Dialogue) {
    dialogue.signal("KILL");
    assert_eq!(dialogue.end().status, None);
}

/// Enrols alice after an enrolment that was killed, as somebody who cannot be asked anything but codes.
fn enrol_again(stage: &Stage, name: &str) -> String {
    let run = stage.enrol("alice", &[], name);
    run.told(0);
    assert_eq!(stage.devices("alice"), [serial(name)]);
    run.stderr
}

#[test]
fn a_kill_in_any_call_leaves_no_half_enabled_device() {
    for (action, before) in STEPS {
        let stage = killed_in(action, before);
        let (devices, orphans) = (stage.devices("alice"), stage.orphans());
        match action {
            "iam:CreateVirtualMFADevice" => {
                assert_eq!(
                    (devices.len(), orphans.as_slice()),
                    (0, ["alice".to_owned()].as_slice())
                );
                let told = enrol_again(&stage, "alice-2");
                assert_says(&told, &["An earlier enrolment left", &serial("alice")]);
            }
            // AWS had done it.
            "iam:EnableMFADevice" => assert_eq!((devices.len(), orphans.len()), (1, 0)),
            "iam:ListMFADevices" if before == 1 => {
                assert_eq!((devices.len(), orphans.len()), (1, 0));
            }
            _ => {
                assert_eq!((devices.len(), orphans.len()), (0, 0), "{action}");
                let told = enrol_again(&stage, "alice");
                assert!(!told.contains("earlier enrolment"), "{told}");
            }
        }
    }
}

#[test]
fn a_kill_at_either_question_leaves_an_orphan_that_is_found_and_can_be_deleted() {
    for question in [FIRST, SECOND] {
        let stage = Stage::new(world());
        let mut dialogue = stage.talk("alice", &[]);
        dialogue.asked(FIRST);
        if question == SECOND {
            dialogue.answer(FIRST, "123456");
            dialogue.asked(SECOND);
        }
        kill(dialogue);
        assert_eq!(stage.devices("alice"), [""; 0]);
        assert_eq!(stage.orphans(), ["alice"]);

        let told = enrol_again(&stage, "alice-2");
        assert_says(
            &told,
            &[
                "An earlier enrolment left",
                "aws iam delete-virtual-mfa-device",
            ],
        );
        let run = stage.run("alice", &["remove-orphans"]);
        run.told(0);
        assert_eq!(run.stdout, format!("{}\n", serial("alice")));
        assert_eq!(stage.orphans(), ["alice"], "not without being told to");
        stage.run("alice", &["remove-orphans", "--yes"]).told(0);
        assert_eq!(stage.orphans(), [""; 0]);
        assert_eq!(stage.devices("alice"), [serial("alice-2")]);
    }
}
