//! Of the machines of a job that start at once, one lists the accounts.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use simulator::World;

use super::Shared;
use crate::harness::{Run, Stage};

fn discover(shared: &Shared, index: &str, wait: &str) -> Command {
    let arguments = ["discover", "--to", &shared.url, "--wait", wait];
    let mut command = shared.stage.command(&arguments);
    command.env("JOB_COMPLETION_INDEX", index);
    command
}

/// Starts a machine, and returns once it says that it waits.
fn waiting(mut command: Command) -> (Child, BufReader<std::process::ChildStderr>) {
    command.stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    assert!(line.contains("waiting for the list of accounts"), "{line}");
    (child, told)
}

fn listed(shared: &Shared, before: usize) -> usize {
    let asked = shared.stage.asked_after(before);
    asked
        .iter()
        .filter(|it| it.action == "ListAccounts")
        .count()
}

#[test]
fn the_list_of_the_first_is_waited_for() {
    let shared = Shared::new(Stage::new(World::generate(40, 1, 5)));
    let others: Vec<_> = ["1", "2", "7"]
        .into_iter()
        .map(|it| waiting(discover(&shared, it, "2m")))
        .collect();
    let first = Run::of(discover(&shared, "0", "2m").output().unwrap());
    assert_eq!(first.status, 0, "{}", first.stderr);
    for (mut child, told) in others {
        assert!(child.wait().unwrap().success());
        let told: Vec<_> = told.lines().map(Result::unwrap).collect();
        assert!(told.iter().any(|it| it.contains("already")), "{told:?}");
    }
    let by_all = listed(&shared, 0);
    let alone = Shared::discovered(Stage::new(World::generate(40, 1, 5)), &[]);
    assert!(by_all > 0);
    assert_eq!(by_all, listed(&alone, 0));
}

#[test]
fn a_list_that_does_not_come_is_made() {
    let shared = Shared::new(Stage::new(World::generate(4, 1, 5)));
    let run = Run::of(discover(&shared, "3", "1s").output().unwrap());
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("none came in time"), "{}", run.stderr);
    assert!(listed(&shared, 0) > 0);
    let batch = |index: &str| {
        let shared = Shared::new(Stage::new(World::generate(4, 1, 5)));
        let mut command = discover(&shared, "0", "1s");
        command
            .env_remove("JOB_COMPLETION_INDEX")
            .env("AWS_BATCH_JOB_ARRAY_INDEX", index);
        Run::of(command.output().unwrap()).stderr
    };
    assert!(batch("1").contains("waiting"));
    assert!(!batch("0").contains("waiting"));
}
