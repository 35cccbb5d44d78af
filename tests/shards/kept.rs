//! What was collected and asked for is kept until it is where it must be, and then no longer.

use std::fs;

use simulator::World;

use super::{Shared, spawn};
use crate::harness::{Run, Stage, until};

#[test]
fn a_shard_that_cannot_deliver_keeps_what_it_collected() {
    let shared = Shared::discovered(Stage::new(World::generate(4, 2, 5)), &[]);
    // The folder is one that is not there, as of a disk that was taken away.
    let folder = shared.stage.file("run/shards");
    std::os::unix::fs::symlink("/nonexistent/disk", &folder).unwrap();
    let run = shared.collect(0, 1, &[]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(
        run.stderr.contains("is kept in mfaudit-shard-0-of-1-"),
        "{}",
        run.stderr
    );
    assert!(shared.kept(0, 1).exists());
    let asked = shared.stage.simulator().journal().len();
    fs::remove_file(shared.stage.file("run/shards")).unwrap();
    assert_eq!(shared.collect(0, 1, &[]).status, 0);
    // Only who asks is asked for: nothing is collected again.
    let asked = shared.stage.asked_after(asked);
    assert!(
        asked.iter().all(|it| it.action == "GetCallerIdentity"),
        "{asked:?}"
    );
    assert_eq!(shared.merge().status, 0);
}

#[test]
fn what_one_run_left_is_not_in_the_way_of_the_next_and_goes_once_it_is_delivered() {
    let mut first = Shared::discovered(Stage::new(World::generate(6, 2, 5)), &[]);
    let folder = first.stage.file("run/shards");
    std::os::unix::fs::symlink("/nonexistent/disk", &folder).unwrap();
    assert_eq!(first.collect(0, 1, &[]).status, 1);
    let kept = first.kept(0, 1);
    // The next run, of other accounts, on the same machine.
    let url = first.url.clone();
    first.url = format!("file://{}", first.stage.file("next").display());
    let excluded = ["--exclude-account", "111111111111"];
    let discovered = first.discover(&excluded);
    assert_eq!(discovered.status, 0, "{}", discovered.stderr);
    let next = first.collect(0, 1, &[]);
    assert_eq!(next.status, 0, "{}", next.stderr);
    assert_eq!(first.merge().status, 0);
    // The first run's shard is whole, and is delivered as it was.
    first.url = url;
    fs::remove_file(&folder).unwrap();
    let bytes = fs::read(&kept).unwrap();
    assert_eq!(first.collect(0, 1, &[]).status, 0);
    assert!(first.bytes("run/shards/0-of-1.mfaudit") == bytes);
    assert!(!kept.exists());
    // A start that was killed behind the delivery left both.
    fs::write(&kept, &bytes).unwrap();
    fs::write(first.journal(0, 1), "{}").unwrap();
    let again = first.collect(0, 1, &[]);
    assert_eq!(again.status, 0, "{}", again.stderr);
    assert!(!kept.exists() && !first.journal(0, 1).exists());
    // What somebody asked to keep stays.
    fs::write(first.stage.file("mine.mfaudit"), &bytes).unwrap();
    assert_eq!(first.collect(0, 1, &["-o", "mine.mfaudit"]).status, 0);
    assert!(first.bytes("mine.mfaudit") == bytes);
}

#[test]
fn a_shard_is_let_go_only_when_it_was_seen_where_it_belongs() {
    let late = std::time::Duration::from_millis(20);
    let shared = Shared::discovered(Stage::late(World::generate(8, 2, 5), late), &[]);
    let running = spawn(shared.shard(0, 1, &["--concurrency", "1"]));
    until("an account is collected", || {
        fs::read_to_string(shared.journal(0, 1)).is_ok_and(|it| it.contains("{\"record\""))
    });
    // Something else comes into its place meanwhile.
    let place = shared.stage.file("run/shards/0-of-1.mfaudit");
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(&place, "something else").unwrap();
    let run = Run::of(running.wait_with_output().unwrap());
    assert_eq!(run.status, 1, "{}", run.stderr);
    for part in ["is not shard 0 of 1 of this run", "is kept in"] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert!(shared.kept(0, 1).exists());
    // A start that finds it there says the same, and asks nobody.
    let asked = shared.stage.simulator().journal().len();
    let again = shared.collect(0, 1, &[]);
    assert_eq!(again.status, 1, "{}", again.stderr);
    assert!(again.stderr.contains("remove it"), "{}", again.stderr);
    assert!(shared.stage.asked_after(asked).is_empty());
    fs::remove_file(&place).unwrap();
    assert_eq!(shared.collect(0, 1, &[]).status, 0);
    assert_eq!(shared.merge().status, 0);
    assert!(!shared.kept(0, 1).exists());
}

#[test]
fn a_list_of_accounts_that_cannot_go_where_it_must_is_kept() {
    let shared = Shared::new(Stage::new(World::generate(4, 2, 5)));
    // The folder is one that is not there, as of a disk that was taken away.
    std::os::unix::fs::symlink("/nonexistent/disk", shared.stage.file("run")).unwrap();
    let arguments = ["discover", "--to", &shared.url];
    let mut command = shared.stage.command(&arguments);
    command.env("TMPDIR", shared.stage.file(""));
    let run = Run::of(command.output().unwrap());
    assert_eq!(run.status, 1, "{}", run.stderr);
    let kept = run.stderr.split("the list is kept: ").nth(1).unwrap();
    let kept = kept.split(';').next().unwrap().to_owned();
    assert!(run.stderr.contains("run/accounts.jsonl"), "{}", run.stderr);
    // Put there by hand, it is a list like any other.
    fs::remove_file(shared.stage.file("run")).unwrap();
    fs::create_dir(shared.stage.file("run")).unwrap();
    fs::rename(kept, shared.stage.file("run/accounts.jsonl")).unwrap();
    assert_eq!(shared.collect(0, 1, &[]).status, 0);
    assert_eq!(shared.merge().status, 0);
}

#[test]
fn a_place_that_cannot_be_reached_is_told_before_anything_is_asked() {
    let mut shared = Shared::new(Stage::new(World::generate(4, 2, 5)));
    fs::write(shared.stage.file("file"), "no folder").unwrap();
    shared.url = format!("file://{}", shared.stage.file("file/run").display());
    let run = shared.discover(&[]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(
        run.stderr.contains("file/run/accounts.jsonl"),
        "{}",
        run.stderr
    );
    assert!(shared.stage.asked_after(0).is_empty());
}
