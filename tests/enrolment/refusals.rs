//! What AWS refuses is explained, seen beforehand or not, and nothing half-done is left.

use crate::conversation::FIRST;
use crate::harness::{
    ACCOUNT, ENROLLING, STEP, Stage, allow_only, assert_says, device, printed, serial, user_of,
    world,
};

#[test]
fn a_denied_action_is_named_before_anything_is_made() {
    let mut world = world();
    let actions = [
        "iam:Get*",
        "iam:List*",
        "iam:Simulate*",
        "iam:CreateVirtualMFADevice",
    ];
    allow_only(user_of(&mut world, "alice"), &actions);
    let stage = Stage::new(world);
    let run = stage.run("alice", &[]);
    assert_says(
        run.told(1),
        &[
            "do not allow iam:EnableMFADevice; nothing was made",
            "mfaudit-enroll policy",
        ],
    );
    assert_says(
        &run.stdout,
        &[
            "MISSING",
            "CHECK    permissions  iam:DeleteVirtualMFADevice",
        ],
    );
    assert_eq!(stage.asked("CreateVirtualMFADevice"), 0);
}

#[test]
fn a_denied_action_is_named_where_it_cannot_be_seen_beforehand() {
    for (missing, stays) in [
        ("iam:CreateVirtualMFADevice", false),
        ("iam:EnableMFADevice", false),
        ("iam:DeleteVirtualMFADevice", true),
    ] {
        let mut world = world();
        let actions: Vec<_> = ENROLLING.into_iter().filter(|it| *it != missing).collect();
        allow_only(user_of(&mut world, "alice"), &actions);
        let stage = Stage::new(world);
        let mut dialogue = stage.talk("alice", &[]);
        if missing == "iam:EnableMFADevice" {
            dialogue.asked(FIRST);
            dialogue.give(stage.codes(&serial("alice"), 0));
        } else if stays {
            dialogue.asked(FIRST);
            dialogue.hang_up();
        }
        let run = dialogue.end();
        assert_says(run.told(1), &[]);
        assert_says(&run.stdout, &["iam:SimulatePrincipalPolicy is not allowed"]);
        if stays {
            let command = format!(
                "aws iam delete-virtual-mfa-device --serial-number '{}'",
                serial("alice")
            );
            assert_says(
                &run.stderr,
                &["could not be deleted (AccessDenied)", &command],
            );
            assert_eq!(stage.orphans(), ["alice"]);
        } else {
            assert_says(
                &run.stderr,
                &[&format!("no identity-based policy allows {missing}")],
            );
            assert_eq!(stage.orphans(), [""; 0], "{missing}");
        }
    }
}

#[test]
fn a_service_control_policy_is_named() {
    let mut world = world();
    world.organization = Some(simulator::Organization {
        id: "o-exampleorg".to_owned(),
        management_account: "999999999999".to_owned(),
        ..simulator::Organization::default()
    });
    world.accounts.push(simulator::Account {
        id: "999999999999".to_owned(),
        name: "management".to_owned(),
        ..simulator::Account::default()
    });
    world.scps.push(simulator::ServiceControlPolicy {
        id: "p-nomfa".to_owned(),
        target: ACCOUNT.to_owned(),
        policy: Some(r#"{"Statement": {"Effect": "Deny", "Action": "iam:CreateVirtualMFADevice", "Resource": "*"}}"#.to_owned()),
        ..simulator::ServiceControlPolicy::default()
    });
    let stage = Stage::new(world);
    let run = stage.run("alice", &["--ignore-permissions"]);
    assert_says(
        run.told(1),
        &[
            "iam:CreateVirtualMFADevice is denied by the service control policy",
            "organization",
        ],
    );
}

#[test]
fn a_user_with_eight_devices_can_have_no_other() {
    let mut world = world();
    user_of(&mut world, "alice").mfa = (1..=8).map(|it| device(&format!("alice-{it}"))).collect();
    let stage = Stage::new(world);
    let run = stage.run("alice", &[]);
    assert_says(
        run.told(1),
        &[
            "alice has 8 MFA devices",
            "LimitExceeded",
            "nothing was made",
            "deactivate",
        ],
    );
    assert_eq!(stage.asked("CreateVirtualMFADevice"), 0);
}

#[test]
fn a_limit_that_could_not_be_seen_beforehand_is_explained_too() {
    let mut world = world();
    user_of(&mut world, "bob").mfa = (1..=8).map(|it| device(&format!("bob-{it}"))).collect();
    allow_only(user_of(&mut world, "alice"), &ENROLLING);
    let stage = Stage::new(world);
    let run = stage.enrol("alice", &["--user", "bob", "--name", "bob-9"], "bob-9");
    assert_says(run.told(1), &["LimitExceeded", "eight", "deactivate"]);
    assert_eq!(stage.orphans(), [""; 0]);
}

#[test]
fn a_name_that_is_taken_is_told_with_one_that_is_free() {
    let mut world = world();
    user_of(&mut world, "bob").mfa.push(device("phone"));
    let stage = Stage::new(world.clone());
    let run = stage.run("alice", &["--name", "phone"]);
    assert_says(
        run.told(1),
        &[
            "`phone` exists already",
            "EntityAlreadyExists",
            "nothing was made",
            "--name alice",
        ],
    );
    // By default another name is taken.
    user_of(&mut world, "bob").mfa.push(device("alice"));
    let stage = Stage::new(world);
    stage.enrol("alice", &[], "alice-2").told(0);
    assert_eq!(stage.devices("alice"), [serial("alice-2")]);
}

#[test]
fn a_name_that_is_taken_is_explained_where_devices_cannot_be_listed() {
    let mut world = world();
    user_of(&mut world, "bob").mfa.push(device("alice"));
    let actions = ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"];
    allow_only(user_of(&mut world, "alice"), &actions);
    let stage = Stage::new(world);
    let run = stage.run("alice", &[]);
    assert_says(
        run.told(1),
        &["EntityAlreadyExists", "another name with --name"],
    );
    assert_eq!(stage.devices("bob"), [serial("alice")]);
}

#[test]
fn a_second_device_needs_a_session_with_mfa() {
    let mut world = world();
    user_of(&mut world, "alice").mfa.push(device("alice"));
    let stage = Stage::new(world);
    let run = stage.run("alice", &[]);
    let option = format!("--mfa-serial {} --mfa-code CODE", serial("alice"));
    assert_says(
        run.told(1),
        &["only in a session that was opened with MFA", &option],
    );
    assert_eq!(stage.asked("CreateVirtualMFADevice"), 0);

    let code = stage.code(&serial("alice"), 0);
    let run = stage.enrol(
        "alice",
        &["--mfa-serial", &serial("alice"), "--mfa-code", &code],
        "alice-2",
    );
    run.told(0);
    assert_eq!(stage.devices("alice"), [serial("alice"), serial("alice-2")]);
    assert!(
        !run.stdout.contains("Enrol a second device"),
        "{}",
        run.stdout
    );
}

#[test]
fn that_a_second_device_needs_mfa_is_explained_where_devices_cannot_be_listed() {
    let mut world = world();
    let alice = user_of(&mut world, "alice");
    alice.mfa.push(device("alice"));
    allow_only(alice, &ENROLLING);
    let stage = Stage::new(world);
    let run = stage.enrol("alice", &["--name", "second"], "second");
    assert_says(
        run.told(1),
        &[
            "only in a session that was opened with MFA",
            "--mfa-serial SERIAL --mfa-code CODE",
        ],
    );
    assert_eq!(stage.devices("alice"), [serial("alice")]);
}

#[test]
fn a_wrong_code_opens_no_session_and_the_reason_is_told() {
    let mut world = world();
    user_of(&mut world, "alice").mfa.push(device("alice"));
    let stage = Stage::new(world);
    let wrong = stage.code(&serial("alice"), 10 * STEP);
    let run = stage.run(
        "alice",
        &["--mfa-serial", &serial("alice"), "--mfa-code", &wrong],
    );
    assert_says(
        run.told(1),
        &[
            "GetSessionToken",
            "not the one that this device shows now",
            "resync",
        ],
    );
}

#[test]
fn a_user_that_is_not_there_is_told() {
    let mut world = world();
    let policy = printed(&["policy", "--for", "administrator"]);
    user_of(&mut world, "bob")
        .inline_policies
        .insert("mfa".to_owned(), policy);
    let stage = Stage::new(world);
    let run = stage.run("bob", &["--user", "nobody"]);
    assert_says(
        run.told(1),
        &[
            "NoSuchEntity",
            "no such user in this account",
            "IAM Identity Center",
        ],
    );
}
