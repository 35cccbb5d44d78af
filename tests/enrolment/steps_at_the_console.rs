//! What no API can do is said at once, with the steps for this user, account and partition.

use simulator::{Partition, World};

use crate::harness::{Stage, allow_only, assert_says, user_of, world};

fn of(partition: Partition) -> World {
    let mut world = World {
        partition,
        ..world()
    };
    allow_only(user_of(&mut world, "alice"), &["iam:*"]);
    world
}

#[test]
fn root_users_enrol_at_the_console_of_their_partition() {
    for (partition, host) in [
        (Partition::Aws, "console.aws.amazon.com"),
        (Partition::AwsUsGov, "console.amazonaws-us-gov.com"),
        (Partition::AwsCn, "console.amazonaws.cn"),
    ] {
        let stage = Stage::new(of(partition));
        let steps =
            format!("1. sign in at https://{host}/ as the root user of account 111122223333");
        for arguments in [&["--root"] as &[&str], &["--user", "root"]] {
            let run = stage.run("alice", arguments);
            assert_says(
                run.told(2),
                &[
                    "the root user of account 111122223333 cannot be enrolled by API",
                    &steps,
                ],
            );
        }
        assert_eq!(stage.asked("CreateVirtualMFADevice"), 0);
    }
}

#[test]
fn passkeys_are_enrolled_at_the_console() {
    let stage = Stage::new(world());
    for arguments in [
        &["--passkey"] as &[&str],
        &["--fido"],
        &[
            "--hardware",
            "arn:aws:iam::111122223333:u2f/user/alice/key-ABC",
        ],
    ] {
        let run = stage.run("alice", arguments);
        assert_says(
            run.told(2),
            &[
                "cannot be enrolled by API",
                "user alice, account 111122223333",
                "Passkey or security key",
            ],
        );
    }
    assert_eq!(stage.asked("CreateVirtualMFADevice"), 0);
}
