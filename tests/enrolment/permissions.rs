//! The policy that is printed is enough for everything, and for nothing else.

use serde_json::Value;

use crate::harness::{Stage, assert_says, device, printed, serial, user_of, world};

#[test]
fn what_is_printed_suffices_for_every_command() {
    // The world's alice has nothing else.
    let stage = Stage::new(world());
    let run = stage.enrol("alice", &[], "alice");
    run.told(0);
    assert!(!run.stdout.contains("unseen"), "{}", run.stdout);
    stage.run("alice", &["devices"]).told(0);
    let [first, second] = stage.codes(&serial("alice"), 60);
    stage
        .run("alice", &["resync", "--codes", &first, &second])
        .told(0);
    stage.run("alice", &["remove-orphans", "--yes"]).told(0);
    let denied: Vec<_> = stage
        .simulator()
        .journal()
        .into_iter()
        .filter(|it| it.outcome != "200")
        .collect();
    assert_eq!(denied, []);
}

#[test]
fn what_is_printed_for_oneself_does_not_touch_others() {
    let mut world = world();
    user_of(&mut world, "bob").mfa.push(device("bob"));
    let stage = Stage::new(world);
    let run = stage.run("alice", &["devices", "--user", "bob"]);
    assert_says(run.told(1), &["iam:ListMFADevices"]);
    let run = stage.run(
        "alice",
        &["--user", "bob", "--name", "x", "--ignore-permissions"],
    );
    run.told(1);
    assert_eq!(stage.devices("bob"), [serial("bob")]);
}

#[test]
fn the_statements_hold_the_declared_actions_and_no_others() {
    for arguments in [
        &["policy"] as &[&str],
        &["policy", "--for", "administrator"],
    ] {
        let document: Value = serde_json::from_str(&printed(arguments)).unwrap();
        let mut actions: Vec<_> = document["Statement"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|it| it["Action"].as_array().unwrap())
            .map(|it| it.as_str().unwrap())
            .collect();
        actions.sort_unstable();
        // GetCallerIdentity and GetSessionToken need no permission.
        let expected = [
            "iam:CreateVirtualMFADevice",
            "iam:DeleteVirtualMFADevice",
            "iam:EnableMFADevice",
            "iam:GetMFADevice",
            "iam:GetUser",
            "iam:ListAccountAliases",
            "iam:ListMFADevices",
            "iam:ListVirtualMFADevices",
            "iam:ResyncMFADevice",
            "iam:SimulatePrincipalPolicy",
        ];
        assert_eq!(actions, expected);
    }
    let other = printed(&["policy", "--partition", "aws-us-gov"]);
    assert!(
        other.contains("arn:aws-us-gov:iam::") && !other.contains("arn:aws:"),
        "{other}"
    );
}
