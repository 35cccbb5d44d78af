//! A run that was stopped goes on with `--resume`, and only where it is the same run.

use std::{fs, process::Child};

use simulator::{Fault, FaultKind, World};

use crate::harness::{Run, Stage, until};

const JOURNAL: &str = "run.mfaudit.journal";
const COLLECT: [&str; 3] = ["collect", "-o", "run.mfaudit"];

fn stuck_once() -> Stage {
    Stage::new(stuck_world())
}

/// An organization in which the first audit never comes to its end, and the next one does.
fn stuck_world() -> World {
    let mut world = World::generate(12, 2, 6);
    let last = world.accounts.last().unwrap();
    world.faults = vec![Fault {
        account: Some(last.id.clone()),
        action: "iam:GetAccountSummary".to_owned(),
        after: None,
        times: Some(1),
        kind: FaultKind::Hang { seconds: 600 },
    }];
    world
}

/// Starts a run, and returns when it has done all it can.
fn start_and_wait(stage: &Stage, args: &[&str]) -> Child {
    let child = stage.start(args);
    until("all accounts but one are recorded", || {
        let journal = fs::read_to_string(stage.file(JOURNAL)).unwrap_or_default();
        journal.matches("{\"record\":").count() == 11
    });
    child
}

fn send(signal: &str, child: &Child) {
    let mut kill = std::process::Command::new("kill");
    kill.args([signal, &child.id().to_string()]);
    assert!(kill.status().unwrap().success());
}

/// Leaves the journal of a run that was stopped.
fn stopped(stage: &Stage) {
    let mut child = start_and_wait(stage, &COLLECT);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Goes on, and checks that the end is that of a run that nobody disturbed.
fn resume_and_compare(stage: &Stage) {
    let resumed = stage.run(&[&COLLECT[..], &["--resume"]].concat());
    assert_eq!(resumed.status, 0, "{}", resumed.stderr);
    assert!(!stage.file(JOURNAL).exists(), "the journal is left");
    let undisturbed = stage.run(&["collect", "-o", "whole.mfaudit"]);
    assert_eq!(undisturbed.status, 0, "{}", undisturbed.stderr);
    let bytes = |name: &str| fs::read(stage.file(name)).unwrap();
    assert!(
        bytes("run.mfaudit") == bytes("whole.mfaudit"),
        "the snapshots differ"
    );
}

#[test]
fn a_run_that_a_signal_ends_says_what_it_keeps_and_goes_on() {
    for signal in ["-INT", "-TERM"] {
        let stage = stuck_once();
        let child = start_and_wait(&stage, &COLLECT);
        send(signal, &child);
        let run = Run::of(child.wait_with_output().unwrap());
        assert_eq!(run.status, 1, "{signal}: {}", run.stderr);
        for text in ["interrupted", "11 of 12 accounts are kept", "--resume"] {
            assert!(run.stderr.contains(text), "{signal}: {}", run.stderr);
        }
        assert!(run.stdout.is_empty(), "{signal}: {}", run.stdout);
        assert!(!stage.file("run.mfaudit").exists(), "{signal}");
        let asked = stage.simulator().journal().len();
        resume_and_compare(&stage);
        let entered = stage.asked_after(asked).into_iter();
        let entered = entered.filter(|it| it.action == "AssumeRole").count();
        // One to go on, and what the whole run that it is compared with enters.
        let reachable = stage.asked_after(0).into_iter().take(asked);
        let reachable = reachable.filter(|it| it.action == "AssumeRole").count();
        assert_eq!(entered, 1 + reachable, "{signal}");
    }
}

#[test]
fn a_run_that_goes_on_reads_the_service_control_policies_again() {
    const ALSO: [&str; 4] = [
        "--also",
        "user-policies",
        "--also",
        "service-control-policies",
    ];
    let mut world = stuck_world();
    world.scps.push(simulator::ServiceControlPolicy {
        id: "p-resume0001".to_owned(),
        name: "DenyRegions".to_owned(),
        deny: vec!["ec2:*".to_owned()],
        ..simulator::ServiceControlPolicy::default()
    });
    let stage = Stage::new(world);
    let mut child = start_and_wait(&stage, &[&COLLECT[..], &ALSO].concat());
    child.kill().unwrap();
    child.wait().unwrap();
    let resumed = stage.run(&[&COLLECT[..], &ALSO, &["--resume"]].concat());
    assert_eq!(resumed.status, 0, "{}", resumed.stderr);
    let whole = ["collect", "-o", "whole.mfaudit"];
    let undisturbed = stage.run(&[&whole[..], &ALSO].concat());
    assert_eq!(undisturbed.status, 0, "{}", undisturbed.stderr);
    let bytes = |name: &str| fs::read(stage.file(name)).unwrap();
    assert!(
        bytes("run.mfaudit") == bytes("whole.mfaudit"),
        "the snapshots differ"
    );
    let lists = stage.simulator().journal().into_iter();
    assert_eq!(
        lists.filter(|it| it.action == "ListPolicies").count(),
        3,
        "once a run"
    );
}

#[test]
fn an_audit_with_a_snapshot_is_stopped_and_goes_on_to_the_same_report() {
    let stage = stuck_once();
    let args = ["audit", "--snapshot", "run.mfaudit", "--format", "csv"];
    let child = start_and_wait(&stage, &args);
    send("-TERM", &child);
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stdout.is_empty(), "{}", run.stdout);
    let resumed = stage.run(&[&args[..], &["--resume"]].concat());
    assert!(matches!(resumed.status, 3 | 4), "{}", resumed.stderr);
    let undisturbed = stage.run(&["audit", "--format", "csv"]);
    assert_eq!(resumed.stdout, undisturbed.stdout);
    assert_eq!(resumed.status, undisturbed.status);
}

#[test]
fn a_run_with_other_arguments_does_not_go_on_and_says_which() {
    let stage = stuck_once();
    stopped(&stage);
    let before = fs::read(stage.file(JOURNAL)).unwrap();
    let some = stage.asked_after(0).remove(0).account;
    let elsewhere = stage
        .simulator()
        .endpoint()
        .replace("127.0.0.1", "localhost");
    for (more, difference) in [
        (vec!["--rule", "root-user-mfa"], "other rules"),
        (vec!["--live"], "another mode (with or without --live)"),
        (vec!["--account", &some], "another scope"),
        (vec!["--account", "self"], "another scope"),
        (vec!["--exclude-account", &some], "another scope"),
        (vec!["--ou", "Workloads"], "another scope"),
        (vec!["--role-name", "auditor"], "another role"),
        (vec!["--role-path", "/security/"], "another role"),
        (vec!["--assume-root", "always"], "another --assume-root"),
        (vec!["--assume-root", "auto"], "another --assume-root"),
        (vec!["--endpoint-url", &elsewhere], "another endpoint"),
    ] {
        let run = stage.run(&[&COLLECT[..], &["--resume"], &more].concat());
        assert_eq!(run.status, 2, "{more:?}: {}", run.stderr);
        let expected = format!("{JOURNAL} is of a run with {difference}");
        assert!(run.stderr.contains(&expected), "{more:?}: {}", run.stderr);
        assert!(run.stderr.contains("hint: "), "{more:?}: {}", run.stderr);
        let after = fs::read(stage.file(JOURNAL)).unwrap();
        assert!(after == before, "{more:?}: the journal was written to");
    }
    resume_and_compare(&stage);
}

#[test]
fn a_run_with_other_settings_of_a_rule_does_not_go_on() {
    let stage = stuck_once();
    let collect = |config: &'static str| [&COLLECT[..], &["--config", config]].concat();
    let write = |name: &str, days: u32, severity: &str| {
        let rule = "iam-user-unused-access-key";
        let text = format!(
            "[rules]\nadd = [\"{rule}\"]\n[rules.{rule}]\nmax-days = {days}\nseverity = \"{severity}\"\n"
        );
        fs::write(stage.file(name), text).unwrap();
    };
    write("own.toml", 30, "low");
    write("severe.toml", 30, "critical");
    write("other.toml", 60, "low");
    let mut child = start_and_wait(&stage, &collect("own.toml"));
    child.kill().unwrap();
    child.wait().unwrap();
    let resume = |config| stage.run(&[&collect(config)[..], &["--resume"]].concat());
    let other = resume("other.toml");
    assert_eq!(other.status, 2, "{}", other.stderr);
    assert!(other.stderr.contains("other settings"), "{}", other.stderr);
    // How bad a failure is decides nothing of what is collected.
    let journal = fs::read_to_string(stage.file(JOURNAL)).unwrap();
    let severe = resume("severe.toml");
    assert_eq!(severe.status, 0, "{}", severe.stderr);
    // The journal of an earlier version does not tell.
    let (before, digest) = journal.split_once(",\"collection_sha256\":\"").unwrap();
    let (_, after) = digest.split_once('"').unwrap();
    fs::write(stage.file(JOURNAL), format!("{before}{after}")).unwrap();
    let old = resume("other.toml");
    assert_eq!(old.status, 0, "{}", old.stderr);
}

#[test]
fn a_run_goes_on_with_another_pace_and_another_output() {
    let stage = stuck_once();
    stopped(&stage);
    let asked = stage.simulator().journal().len();
    let more = ["--resume", "--concurrency", "3", "--account-deadline", "1m"];
    let resumed = stage.run(&[&COLLECT[..], &more, &["--stats", "--quiet"]].concat());
    assert_eq!(resumed.status, 0, "{}", resumed.stderr);
    let after = stage.asked_after(asked).into_iter();
    let asked_again = after.filter(|it| it.action == "GetAccountSummary").count();
    assert_eq!(asked_again, 1);
}

#[test]
fn with_nothing_left_over_a_run_begins_anew() {
    let stage = Stage::new(World::demo());
    let args = ["audit", "--snapshot", "run.mfaudit", "--format", "csv"];
    let first = stage.run(&[&args[..], &["--resume"]].concat());
    assert_eq!(first.status, 3, "{}", first.stderr);
    assert!(stage.file("run.mfaudit").exists());
    // The older snapshot is no journal: what follows is a whole run, which may replace it.
    let asked = stage.simulator().journal().len();
    let again = stage.run(&[&args[..], &["--resume"]].concat());
    assert_eq!(again.status, 3, "{}", again.stderr);
    assert_eq!(again.stdout, first.stdout);
    let accounts = |entries: &[simulator::Entry]| {
        let summaries = entries.iter().filter(|it| it.action == "GetAccountSummary");
        summaries.count()
    };
    let all = stage.asked_after(0);
    let (one, other) = all.split_at(asked);
    assert_eq!(accounts(one), accounts(other));
}

#[test]
fn a_journal_that_was_cut_before_its_first_line_was_whole_begins_anew() {
    for left in ["", "{\"header\":{\"format\""] {
        let stage = Stage::new(World::demo());
        fs::write(stage.file(JOURNAL), left).unwrap();
        resume_and_compare(&stage);
    }
}

#[test]
fn what_is_no_journal_is_left_as_it_is() {
    let stage = Stage::new(World::demo());
    fs::write(stage.file(JOURNAL), "my notes\n").unwrap();
    let run = stage.run(&[&COLLECT[..], &["--resume"]].concat());
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(!run.stderr.is_empty());
    assert_eq!(stage.read(JOURNAL), "my notes\n");
}

#[test]
fn to_go_on_a_file_must_be_named() {
    let stage = Stage::new(World::demo());
    let run = stage.run(&["audit", "--resume"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    for text in ["--resume needs the file", "hint: say --snapshot FILE"] {
        assert!(run.stderr.contains(text), "{}", run.stderr);
    }
    let run = stage.run(&["collect", "--resume"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("--output <FILE|URL>"), "{}", run.stderr);
    let entered = stage.asked_after(0);
    let entered = entered.iter().filter(|it| it.action == "AssumeRole");
    assert_eq!(entered.count(), 0);
}

#[test]
fn of_two_runs_on_one_journal_the_second_is_refused() {
    let stage = stuck_once();
    let mut first = start_and_wait(&stage, &COLLECT);
    let before = fs::read(stage.file(JOURNAL)).unwrap();
    let asked = stage.simulator().journal().len();
    for more in [&["--resume"][..], &[]] {
        let second = stage.run(&[&COLLECT[..], more].concat());
        assert_eq!(second.status, 1, "{}", second.stderr);
        let expected = "another run is writing";
        assert!(second.stderr.contains(expected), "{}", second.stderr);
    }
    let entered = stage.asked_after(asked).into_iter();
    assert_eq!(entered.filter(|it| it.action == "AssumeRole").count(), 0);
    assert!(fs::read(stage.file(JOURNAL)).unwrap() == before);
    assert!(first.try_wait().unwrap().is_none(), "the first was ended");
    first.kill().unwrap();
    first.wait().unwrap();
    resume_and_compare(&stage);
}
