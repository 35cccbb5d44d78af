//! What does not fit together is refused, and nothing of it is written.

use std::{fs, process::Command};

use simulator::World;

use super::Shared;
use crate::harness::{Run, Stage};

#[test]
fn a_shard_twice_is_once_and_another_number_of_shards_is_refused() {
    let shared = Shared::discovered(Stage::new(World::generate(6, 2, 5)), &[]);
    assert_eq!(shared.collect(0, 2, &[]).status, 0);
    let asked = shared.stage.simulator().journal().len();
    let again = shared.collect(0, 2, &[]);
    assert_eq!(again.status, 0);
    assert!(
        again.stderr.contains("is in") && again.stderr.contains("already"),
        "{}",
        again.stderr
    );
    assert!(shared.stage.asked_after(asked).is_empty());
    let other = shared.collect(0, 4, &[]);
    assert_eq!(other.status, 2);
    assert!(
        other.stderr.contains("in 2 shards, not 4"),
        "{}",
        other.stderr
    );
    // Other rules would make records that do not fit together.
    let other = shared.collect(1, 2, &["--rule", "root-user-mfa"]);
    assert_eq!(other.status, 2);
    assert!(other.stderr.contains("other rules"), "{}", other.stderr);
}

#[test]
fn a_list_is_written_once_and_shards_of_two_lists_are_not_mixed() {
    let shared = Shared::discovered(Stage::new(World::generate(6, 2, 5)), &[]);
    let list = shared.bytes("run/accounts.jsonl");
    let asked = shared.stage.simulator().journal().len();
    let again = shared.discover(&[]);
    assert_eq!(again.status, 0);
    assert!(
        again.stderr.contains("that list is kept"),
        "{}",
        again.stderr
    );
    assert!(shared.stage.asked_after(asked).is_empty());
    let other = shared.discover(&["--live"]);
    assert_eq!(other.status, 2, "{}", other.stderr);
    assert!(shared.bytes("run/accounts.jsonl") == list);

    // A shard that takes its accounts from elsewhere brings the list with it.
    let elsewhere = format!("file://{}", shared.stage.file("other").display());
    let with = |from: &str, to: &str| {
        shared.stage.run(&[
            "collect",
            "--shard",
            "0/1",
            "--accounts-from",
            from,
            "--to",
            to,
        ])
    };
    assert_eq!(with(&shared.url, &elsewhere).status, 0);
    assert!(shared.bytes("other/accounts.jsonl") == list);
    assert_eq!(
        shared
            .stage
            .run(&["merge", &elsewhere, "-o", "m.mfaudit"])
            .status,
        0
    );
    let third = format!("file://{}", shared.stage.file("third").display());
    let discovered = shared.stage.run(&[
        "discover",
        "--to",
        &third,
        "--exclude-account",
        &first_account(&list),
    ]);
    assert_eq!(discovered.status, 0, "{}", discovered.stderr);
    let mixed = with(&third, &elsewhere);
    assert_eq!(mixed.status, 2);
    assert!(
        mixed.stderr.contains("another list of accounts"),
        "{}",
        mixed.stderr
    );
}

#[test]
fn what_does_not_belong_to_a_run_is_not_merged_and_nothing_is_written() {
    let shared = Shared::discovered(Stage::new(World::generate(8, 2, 5)), &[]);
    let early = shared.merge();
    assert_eq!(early.status, 1);
    assert!(
        early.stderr.contains("no shard of a run has begun"),
        "{}",
        early.stderr
    );
    for index in 0..2 {
        assert_eq!(shared.collect(index, 2, &[]).status, 0);
    }
    let path = shared.stage.file("run/shards/1-of-2.mfaudit");
    let good = fs::read(&path).unwrap();
    fs::copy(shared.stage.file("run/shards/0-of-2.mfaudit"), &path).unwrap();
    for (bytes, part) in [
        (fs::read(&path).unwrap(), "it is shard 0 of 2"),
        (good[..good.len() / 2].to_vec(), "cut short or altered"),
        (b"nonsense".to_vec(), "not a snapshot"),
    ] {
        fs::write(&path, bytes).unwrap();
        let run = shared.merge();
        assert_eq!(run.status, 1, "{}", run.stderr);
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
        assert!(
            run.stderr.contains("collect the shard again"),
            "{}",
            run.stderr
        );
        assert!(!shared.stage.file("merged.mfaudit").exists());
    }
    fs::write(&path, good).unwrap();
    assert_eq!(shared.merge().status, 0);
    let list = shared.stage.file("run/accounts.jsonl");
    let text = fs::read_to_string(&list).unwrap();
    for (text, part) in [
        (
            text.replacen("\"version\":1", "\"version\":9", 1),
            "use a newer mfaudit",
        ),
        (text[..text.len() - 30].to_owned(), "malformed"),
        (
            text.replace("{\"footer\"", "{\"account-list\""),
            "malformed",
        ),
        (String::new(), "malformed"),
    ] {
        fs::write(&list, text).unwrap();
        let run = shared.merge();
        assert_eq!(run.status, 1, "{}", run.stderr);
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
}

#[test]
fn a_shard_that_is_told_other_settings_is_refused_and_other_waivers_are_not() {
    let shared = Shared::new(Stage::new(World::generate(6, 2, 5)));
    let write = |name: &str, text: &str| fs::write(shared.stage.file(name), text).unwrap();
    let days = |days: u32, more: &str| {
        format!(
            "[rules]\nadd = [\"iam-user-unused-access-key\"]\n[rules.iam-user-unused-access-key]\nmax-days = {days}\n{more}"
        )
    };
    write("own.toml", &days(30, ""));
    write("other.toml", &days(60, ""));
    write(
        "waived.toml",
        &days(30, "severity = \"info\"\n[gate]\nfail-on = \"critical\"\n"),
    );
    assert_eq!(shared.discover(&["--config", "own.toml"]).status, 0);
    let asked = shared.stage.simulator().journal().len();
    for run in [
        shared.collect(0, 2, &["--config", "other.toml"]),
        shared.discover(&["--config", "other.toml"]),
    ] {
        assert_eq!(run.status, 2, "{}", run.stderr);
        assert!(run.stderr.contains("other settings"), "{}", run.stderr);
    }
    let entered = shared.stage.asked_after(asked);
    assert!(entered.iter().all(|it| it.action == "GetCallerIdentity"));
    // Who is told what of it decides nothing of what is collected.
    let run = shared.collect(0, 2, &["--config", "waived.toml"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(shared.collect(1, 2, &["--config", "own.toml"]).status, 0);
    // That it has been delivered makes it no other run's.
    let late = shared.collect(1, 2, &["--config", "other.toml"]);
    assert_eq!(late.status, 2, "{}", late.stderr);
    assert_eq!(shared.merge().status, 0);
    // The snapshot tells no settings: it is judged by any.
    let one = ["collect", "-o", "one.mfaudit", "--config", "own.toml"];
    assert_eq!(shared.stage.run(&one).status, 0);
    assert!(shared.bytes("one.mfaudit") == shared.bytes("merged.mfaudit"));
}

#[test]
fn what_a_shared_run_cannot_heed_is_refused_before_anything_is_written() {
    let shared = Shared::discovered(Stage::new(World::generate(4, 2, 5)), &[]);
    let asked = shared.stage.simulator().journal().len();
    let elsewhere = format!("file://{}", shared.stage.file("mine.mfaudit").display());
    for (run, part) in [
        (shared.collect(0, 1, &["-o", &elsewhere]), "leave -o out"),
        (shared.collect(0, 1, &["-o", "s3://b/x"]), "leave -o out"),
        (
            shared.collect(0, 1, &["--overwrite"]),
            "leave --overwrite out",
        ),
        (shared.discover(&["--overwrite"]), "leave --overwrite out"),
    ] {
        assert_eq!(run.status, 2, "{}", run.stderr);
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert!(!shared.stage.file("run/shards.json").exists());
    assert!(shared.stage.asked_after(asked).is_empty());
}

#[test]
fn a_plan_of_no_shards_is_refused() {
    let shared = Shared::discovered(Stage::new(World::generate(4, 2, 5)), &[]);
    assert_eq!(shared.collect(0, 1, &[]).status, 0);
    let plan = shared.stage.file("run/shards.json");
    let text = fs::read_to_string(&plan).unwrap();
    fs::write(&plan, text.replace("\"shards\":1", "\"shards\":0")).unwrap();
    let run = shared.merge();
    assert_eq!(run.status, 1, "{}", run.stderr);
    for part in ["run/shards.json", "0 shards", "hint:"] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert!(!shared.stage.file("merged.mfaudit").exists());
}

#[test]
fn a_merge_that_may_not_open_enough_files_says_which_limit_to_raise() {
    const MANY: usize = 24;
    let shared = Shared::discovered(Stage::new(World::generate(2, 1, 5)), &[]);
    for index in 0..MANY {
        assert_eq!(shared.collect(index, MANY, &[]).status, 0);
    }
    let merge = shared
        .stage
        .command(&["merge", &shared.url, "-o", "merged.mfaudit"]);
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -n 24; exec \"$0\" \"$@\""]);
    limited.arg(merge.get_program()).args(merge.get_args());
    let kept = merge
        .get_envs()
        .filter_map(|(key, value)| Some((key, value?)));
    limited
        .env_clear()
        .envs(kept)
        .current_dir(shared.stage.file(""));
    let run = Run::of(limited.output().unwrap());
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("ulimit -n"), "{}", run.stderr);
    assert_eq!(shared.merge().status, 0);
}

fn first_account(list: &[u8]) -> String {
    let text = String::from_utf8_lossy(list);
    let line = text
        .lines()
        .find(|it| it.contains("\"kind\":\"member\""))
        .unwrap();
    let account: serde_json::Value = serde_json::from_str(line).unwrap();
    account["account"]["id"].as_str().unwrap().to_owned()
}
