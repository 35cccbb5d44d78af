//! What people get wrong, and what AWS refuses: each is explained, and nothing half-done is left.

use crate::harness::{
    ACCOUNT, Dialogue, FIRST, SECOND, STEP, Stage, allowing, assert_says, device, serial, user_of,
    world,
};

const HOUR: i64 = 3600;

/// Starts to enrol alice, up to the first question.
fn at_the_first_code(stage: &Stage) -> Dialogue {
    let dialogue = stage.talk("alice", &[]);
    dialogue.asked(FIRST);
    dialogue
}

#[test]
fn swapped_codes_are_told_before_anything_is_sent() {
    let stage = Stage::new(world());
    let mut dialogue = at_the_first_code(&stage);
    let [first, second] = stage.codes(&serial("alice"), 0);
    dialogue.give([second, first]);
    dialogue.until("The codes are swapped", 1);
    assert_eq!(stage.asked("EnableMFADevice"), 0);
    dialogue.give(stage.codes(&serial("alice"), 0));
    dialogue.end().told(0);
    assert_eq!(stage.devices("alice"), [serial("alice")]);
}

#[test]
fn the_same_code_twice_is_told_before_anything_is_sent() {
    let stage = Stage::new(world());
    let mut dialogue = at_the_first_code(&stage);
    let [first, second] = stage.codes(&serial("alice"), 0);
    dialogue.answer(FIRST, &first);
    dialogue.answer(SECOND, &first);
    // The first still counts: only another second is asked for.
    dialogue.answer(SECOND, &second);
    let run = dialogue.end();
    assert_says(run.told(0), &["the same code"]);
    assert_eq!(stage.asked("EnableMFADevice"), 1);
}

#[test]
fn codes_with_one_left_out_between_them_are_told_before_anything_is_sent() {
    let stage = Stage::new(world());
    let mut dialogue = at_the_first_code(&stage);
    let [_, first] = stage.codes(&serial("alice"), -2 * STEP);
    let [_, second] = stage.codes(&serial("alice"), 0);
    dialogue.give([first, second]);
    dialogue.until("another code between these two", 1);
    assert_eq!(stage.asked("EnableMFADevice"), 0);
}

#[test]
fn what_is_no_code_is_asked_again() {
    let stage = Stage::new(world());
    let mut dialogue = at_the_first_code(&stage);
    dialogue.answer(FIRST, "12345");
    dialogue.answer(FIRST, "12345x");
    dialogue.give(stage.codes(&serial("alice"), 0));
    let run = dialogue.end();
    assert_eq!(
        run.told(0).matches("That is no code").count(),
        2,
        "{run:#?}"
    );
}

#[test]
fn a_device_whose_clock_is_3_minutes_off_is_enrolled_and_its_owner_hears_of_it() {
    for (seconds, side) in [(180, "3 minutes ahead of"), (-180, "3 minutes behind")] {
        let stage = Stage::new(world());
        let mut dialogue = at_the_first_code(&stage);
        dialogue.give(stage.codes(&serial("alice"), seconds));
        let run = dialogue.end();
        run.told(0);
        assert_says(&run.stdout, &[side, "mfaudit-enroll resync"]);
    }
}

#[test]
fn a_device_whose_clock_is_9_hours_off_is_refused_and_the_reason_told() {
    for (hours, side) in [(9, "9 hours ahead of AWS's"), (-9, "9 hours behind AWS's")] {
        let stage = Stage::new(world());
        let mut dialogue = at_the_first_code(&stage);
        dialogue.give(stage.codes(&serial("alice"), hours * HOUR));
        dialogue.until("InvalidAuthenticationCode", 1);
        dialogue.until(side, 1);
        dialogue.until("automatic date and time", 1);
        // The clock is set right, and the same device goes on.
        dialogue.give(stage.codes(&serial("alice"), 0));
        dialogue.end().told(0);
        assert_eq!(stage.devices("alice"), [serial("alice")]);
        assert_eq!(stage.asked("CreateVirtualMFADevice"), 1);
    }
}

#[test]
fn this_machine_s_clock_is_compared_with_aws_s() {
    for (skew, told) in [
        (0, "this machine's is right"),
        (180, "3 minutes behind AWS's"),
        (9 * HOUR, "9 hours behind AWS's"),
        (-9 * HOUR, "9 hours ahead of AWS's"),
    ] {
        let mut world = world();
        world.clock_skew_seconds = skew;
        let stage = Stage::new(world);
        let mut dialogue = at_the_first_code(&stage);
        assert_says(&dialogue.stdout(), &[told]);
        dialogue.give(stage.codes(&serial("alice"), skew));
        let run = dialogue.end();
        run.told(0);
        assert!(
            !run.stdout.contains("resync"),
            "the app's clock is right: {run:#?}"
        );
    }
}

#[test]
fn codes_of_this_machine_are_explained_when_its_clock_is_9_hours_off() {
    let mut world = world();
    world.clock_skew_seconds = 9 * HOUR;
    let stage = Stage::new(world);
    let mut dialogue = at_the_first_code(&stage);
    dialogue.give(stage.codes(&serial("alice"), 0));
    dialogue.until("its clock is 9 hours behind AWS's", 1);
    dialogue.hang_up();
    dialogue.end().told(1);
    assert_eq!(stage.orphans(), [""; 0]);
}

#[test]
fn codes_of_another_device_are_told_as_such() {
    let mut world = world();
    user_of(&mut world, "bob").mfa.push(device("other"));
    let stage = Stage::new(world);
    let mut dialogue = at_the_first_code(&stage);
    dialogue.give(stage.codes(&serial("other"), 0));
    dialogue.until("not of the QR code above", 1);
    dialogue.give(stage.codes(&serial("alice"), 0));
    dialogue.end().told(0);
}

#[test]
fn a_denied_action_is_named_before_anything_is_made() {
    let mut world = world();
    let actions = [
        "iam:Get*",
        "iam:List*",
        "iam:Simulate*",
        "iam:CreateVirtualMFADevice",
    ];
    user_of(&mut world, "alice")
        .inline_policies
        .insert("mfa".to_owned(), allowing(&actions));
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
        let actions = [
            "iam:CreateVirtualMFADevice",
            "iam:EnableMFADevice",
            "iam:DeleteVirtualMFADevice",
        ];
        let actions: Vec<_> = actions.into_iter().filter(|it| *it != missing).collect();
        user_of(&mut world, "alice")
            .inline_policies
            .insert("mfa".to_owned(), allowing(&actions));
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
    let actions = [
        "iam:CreateVirtualMFADevice",
        "iam:EnableMFADevice",
        "iam:DeleteVirtualMFADevice",
    ];
    user_of(&mut world, "alice")
        .inline_policies
        .insert("mfa".to_owned(), allowing(&actions));
    let stage = Stage::new(world);
    let mut dialogue = stage.talk("alice", &["--user", "bob", "--name", "bob-9"]);
    dialogue.asked(FIRST);
    dialogue.give(stage.codes(&serial("bob-9"), 0));
    let run = dialogue.end();
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
    let mut dialogue = stage.talk("alice", &[]);
    dialogue.asked(FIRST);
    dialogue.give(stage.codes(&serial("alice-2"), 0));
    dialogue.end().told(0);
    assert_eq!(stage.devices("alice"), [serial("alice-2")]);
}

#[test]
fn a_name_that_is_taken_is_explained_where_devices_cannot_be_listed() {
    let mut world = world();
    user_of(&mut world, "bob").mfa.push(device("alice"));
    let actions = ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"];
    user_of(&mut world, "alice")
        .inline_policies
        .insert("mfa".to_owned(), allowing(&actions));
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
    let mut dialogue = stage.talk(
        "alice",
        &["--mfa-serial", &serial("alice"), "--mfa-code", &code],
    );
    dialogue.asked(FIRST);
    dialogue.give(stage.codes(&serial("alice-2"), 0));
    let run = dialogue.end();
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
    let actions = [
        "iam:CreateVirtualMFADevice",
        "iam:EnableMFADevice",
        "iam:DeleteVirtualMFADevice",
    ];
    alice
        .inline_policies
        .insert("mfa".to_owned(), allowing(&actions));
    let stage = Stage::new(world);
    let mut dialogue = stage.talk("alice", &["--name", "second"]);
    dialogue.asked(FIRST);
    dialogue.give(stage.codes(&serial("second"), 0));
    let run = dialogue.end();
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
    let policy = crate::harness::printed(&["policy", "--for", "administrator"]);
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
