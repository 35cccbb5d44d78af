//! Codes that people get wrong, and clocks that are off: each is explained, most before anything is sent.

use crate::conversation::{Dialogue, FIRST, SECOND};
use crate::harness::{STEP, Stage, assert_says, device, serial, user_of, world};

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
    dialogue.until("not of the device that was just made", 1);
    dialogue.give(stage.codes(&serial("alice"), 0));
    dialogue.end().told(0);
}
