//! A run that is shared out among machines is the run of one machine, and what a shard did not deliver is never taken
//! for seen.

mod kept;
mod refused;
mod started_at_once;

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    process::{Child, Command},
};

use sha2::{Digest, Sha256};
use simulator::{Entry, Limits, World};

use crate::{
    enforcement,
    harness::{Run, Stage, until, without_root_credentials},
};

const SHARDS: usize = 8;

/// A folder of a shared run, and the commands that use it.
struct Shared {
    stage: Stage,
    url: String,
}

impl Shared {
    fn new(stage: Stage) -> Self {
        let url = format!("file://{}", stage.file("run").display());
        Self { stage, url }
    }

    fn discovered(stage: Stage, more: &[&str]) -> Self {
        let shared = Self::new(stage);
        let run = shared.discover(more);
        assert_eq!(run.status, 0, "{}", run.stderr);
        shared
    }

    fn discover(&self, more: &[&str]) -> Run {
        self.stage
            .run(&[&["discover", "--to", &self.url], more].concat())
    }

    fn shard(&self, index: usize, count: usize, more: &[&str]) -> Command {
        let shard = format!("{index}/{count}");
        let arguments = [
            "collect",
            "--shard",
            &shard,
            "--accounts-from",
            &self.url,
            "--to",
            &self.url,
        ];
        self.stage.command(&[&arguments[..], more].concat())
    }

    fn collect(&self, index: usize, count: usize, more: &[&str]) -> Run {
        Run::of(self.shard(index, count, more).output().unwrap())
    }

    fn merge(&self) -> Run {
        let _ = fs::remove_file(self.stage.file("merged.mfaudit"));
        self.stage
            .run(&["merge", &self.url, "-o", "merged.mfaudit"])
    }

    /// Returns the file in which a shard is kept until it is delivered.
    fn kept(&self, index: usize, count: usize) -> PathBuf {
        let list = Sha256::digest(self.bytes("run/accounts.jsonl"));
        let run = u32::from_be_bytes(list[..4].try_into().unwrap());
        let name = format!("mfaudit-shard-{index}-of-{count}-{run:08x}.mfaudit");
        self.stage.file(&name)
    }

    /// Returns the same of a shard's journal.
    fn journal(&self, index: usize, count: usize) -> PathBuf {
        let kept = self.kept(index, count);
        kept.with_extension("mfaudit.journal")
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.stage.file(name)).unwrap()
    }

    /// Collects on one machine and by shards, and expects the same bytes.
    fn is_the_run_of_one_machine(world: World, more: &[&str]) {
        let shared = Self::discovered(Stage::new(world), more);
        let one = shared
            .stage
            .run(&[&["collect", "-o", "one.mfaudit"], more].concat());
        assert_eq!(one.status, 0, "{}", one.stderr);
        for index in 0..3 {
            let run = shared.collect(index, 3, more);
            assert_eq!(run.status, 0, "{}", run.stderr);
        }
        let merged = shared.merge();
        assert_eq!(merged.status, 0, "{}", merged.stderr);
        assert!(shared.bytes("one.mfaudit") == shared.bytes("merged.mfaudit"));
    }
}

fn spawn(mut command: Command) -> Child {
    use std::process::Stdio;
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// An organization that AWS's limits hold for, with accounts that are not audited, and root users to look at by sessions
/// of their own.
fn limited() -> World {
    let mut world = without_root_credentials(World::generate(40, 4, 31));
    for account in world.accounts.iter_mut().skip(5).step_by(9) {
        account.state = "SUSPENDED".into();
    }
    world.limits = Limits {
        documented: true,
        ..Limits::default()
    };
    world
}

#[test]
fn eight_shards_of_which_two_are_killed_make_the_snapshot_of_one_machine() {
    let late = std::time::Duration::from_millis(5);
    let asks = ["--assume-root", "auto", "--owner-tag", "owner"];
    let shared = Shared::discovered(Stage::late(limited(), late), &asks);
    let slowly = [&asks[..], &["--concurrency", "1"]].concat();
    let one = shared
        .stage
        .run(&[&["collect", "-o", "one.mfaudit"], &asks[..]].concat());
    assert_eq!(one.status, 0, "{}", one.stderr);
    // What is to be the same is there.
    let asked = shared.stage.simulator().journal();
    for action in ["AssumeRoot", "ListOrganizationsFeatures"] {
        assert!(asked.iter().any(|it| it.action == action), "{action}");
    }
    let told = ["evaluate", "one.mfaudit", "--format", "json", "--exit-zero"];
    let told = shared.stage.run(&told);
    assert!(told.stdout.contains("suspended"), "{}", told.stderr);
    let before = shared.stage.simulator().journal().len();

    let mut running: Vec<_> = (0..SHARDS)
        .map(|it| spawn(shared.shard(it, SHARDS, &slowly)))
        .collect();
    let mut kept = Vec::new();
    for index in [2, 5] {
        let journal = shared.journal(index, SHARDS);
        until("a shard has collected an account", || {
            fs::read_to_string(&journal)
                .is_ok_and(|it| it.lines().any(|it| it.starts_with("{\"record\"")))
        });
        running[index].kill().unwrap();
        running[index].wait().unwrap();
        let text = fs::read_to_string(&journal).unwrap();
        let whole = text
            .lines()
            .filter(|it| it.starts_with("{\"record\"") && it.ends_with('}'));
        kept.push(whole.count());
        let delivered = shared
            .stage
            .file(&format!("run/shards/{index}-of-{SHARDS}.mfaudit"));
        assert!(!delivered.exists(), "the shard was killed too late");
    }
    for index in [2, 5] {
        running[index] = spawn(shared.shard(index, SHARDS, &slowly));
    }
    for child in running {
        let run = Run::of(child.wait_with_output().unwrap());
        assert_eq!(run.status, 0, "{}", run.stderr);
    }
    let merged = shared.merge();
    assert_eq!(merged.status, 0, "{}", merged.stderr);
    assert!(
        merged.stderr.contains("40 accounts of 8 shards"),
        "{}",
        merged.stderr
    );
    assert!(shared.bytes("one.mfaudit") == shared.bytes("merged.mfaudit"));

    // What a killed shard had on disk was not asked again.
    let asked = entries(&shared.stage.asked_after(before));
    let twice = asked.values().filter(|it| **it > 1).count();
    let cut: usize = 2;
    assert!(
        twice <= cut,
        "{twice} accounts were entered twice, of two shards that kept {kept:?} records"
    );
    // Nothing is left where the shards ran.
    let left = fs::read_dir(shared.stage.file("")).unwrap();
    let left: Vec<_> = left
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        !left.iter().any(|it| it.contains("mfaudit-shard")),
        "{left:?}"
    );
}

/// Returns how often each account was entered.
fn entries(asked: &[Entry]) -> BTreeMap<String, usize> {
    let mut entered = BTreeMap::new();
    for entry in asked.iter().filter(|it| it.action == "AssumeRole") {
        *entered.entry(entry.account.clone()).or_default() += 1;
    }
    entered
}

#[test]
fn a_shard_that_delivered_nothing_is_gaps_in_its_accounts_and_exit_code_4() {
    let shared = Shared::discovered(Stage::new(World::generate(24, 2, 5)), &[]);
    for index in [0, 2] {
        assert_eq!(shared.collect(index, 3, &[]).status, 0);
    }
    let merged = shared.merge();
    assert_eq!(merged.status, 4, "{}", merged.stderr);
    assert!(
        merged.stderr.contains("shard 1 of 3 delivered nothing"),
        "{}",
        merged.stderr
    );
    let named = merged
        .stderr
        .lines()
        .find(|it| it.contains("delivered nothing"))
        .unwrap();
    let named: Vec<_> = named.rsplit(": ").next().unwrap().split(", ").collect();
    let judged = shared.stage.run(&[
        "evaluate",
        "merged.mfaudit",
        "--format",
        "json",
        "--fail-on",
        "critical",
        "--skip-rule",
        "root-user-mfa",
    ]);
    let report: serde_json::Value = serde_json::from_str(&judged.stdout).unwrap();
    let accounts = report["accounts"].as_array().unwrap();
    let missing = accounts
        .iter()
        .filter(|it| it.to_string().contains("shard-missing"));
    let missing: Vec<_> = missing
        .map(|it| it["account_id"].as_str().unwrap())
        .collect();
    assert_eq!(missing, named);
    let gated = shared.stage.run(&[
        "evaluate",
        "merged.mfaudit",
        "--rule",
        "root-user-credentials-removed",
        "--fail-on",
        "critical",
    ]);
    assert_eq!(gated.status, 4, "{}", gated.stdout);
    assert!(
        gated.stdout.contains("run that shard again"),
        "{}",
        gated.stdout
    );
    // The shard comes late, and all is well.
    assert_eq!(shared.collect(1, 3, &[]).status, 0);
    assert_eq!(shared.merge().status, 0);
}

#[test]
fn a_merge_waits_for_shards_if_it_is_told_to() {
    let shared = Shared::discovered(Stage::new(World::generate(6, 2, 5)), &[]);
    assert_eq!(shared.collect(0, 2, &[]).status, 0);
    let arguments = ["merge", &shared.url, "-o", "merged.mfaudit", "--wait", "2m"];
    let waiting = shared.stage.start(&arguments);
    assert_eq!(shared.collect(1, 2, &[]).status, 0);
    let run = Run::of(waiting.wait_with_output().unwrap());
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("delivered nothing"), "{}", run.stderr);
    // Nobody waits for what is there, and a time that is over is over.
    fs::remove_file(shared.stage.file("run/shards/1-of-2.mfaudit")).unwrap();
    let late = shared
        .stage
        .run(&["merge", &shared.url, "-o", "again.mfaudit", "--wait", "1s"]);
    assert_eq!(late.status, 4, "{}", late.stderr);
    let zero = ["merge", &shared.url, "-o", "zero.mfaudit", "--exit-zero"];
    assert_eq!(shared.stage.run(&zero).status, 0);
}

#[test]
fn what_is_asked_once_a_run_is_the_same_in_every_shard() {
    Shared::is_the_run_of_one_machine(enforcement::world(), &["--rule", "iam-user-mfa-enforced"]);
    let alone = World::from_toml(
        r#"
        [[account]]
        id = "111111111111"
        [[account.user]]
        name = "ada"
        password = {}
        "#,
    );
    let rules = ["--rule", "iam-user-mfa-enforced"];
    Shared::is_the_run_of_one_machine(alone.unwrap(), &rules);
    let world = without_root_credentials(World::generate(9, 3, 3));
    Shared::is_the_run_of_one_machine(world, &["--assume-root", "auto"]);
    Shared::is_the_run_of_one_machine(World::demo(), &["--owner-tag", "owner", "--live"]);
}

#[test]
fn a_snapshot_of_one_shard_never_reads_as_whole() {
    let shared = Shared::discovered(Stage::new(World::generate(12, 2, 5)), &[]);
    assert_eq!(shared.collect(0, 2, &[]).status, 0);
    let file = format!("{}/shards/0-of-2.mfaudit", shared.url);
    let judged = shared.stage.run(&[
        "evaluate",
        &file,
        "--rule",
        "iam-user-hardware-mfa",
        "--fail-on",
        "critical",
    ]);
    assert_eq!(judged.status, 4, "{}", judged.stdout);
    let told = judged
        .stdout
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(told.contains("it is shard 0 of 2 of a run"), "{told}");
}

#[test]
fn the_index_is_taken_from_where_the_job_runs() {
    let shared = Shared::discovered(Stage::new(World::generate(4, 2, 5)), &[]);
    let start = |variable: Option<(&str, &str)>| {
        let arguments = [
            "collect",
            "--shards",
            "2",
            "--accounts-from",
            &shared.url,
            "--to",
            &shared.url,
        ];
        let mut command = shared.stage.command(&arguments);
        command.envs(variable);
        Run::of(command.output().unwrap())
    };
    assert_eq!(start(Some(("JOB_COMPLETION_INDEX", "0"))).status, 0);
    assert_eq!(start(Some(("AWS_BATCH_JOB_ARRAY_INDEX", "1"))).status, 0);
    assert_eq!(shared.merge().status, 0);
    let lost = start(None);
    assert_eq!(lost.status, 2);
    assert!(
        lost.stderr.contains("JOB_COMPLETION_INDEX"),
        "{}",
        lost.stderr
    );
    let beyond = start(Some(("JOB_COMPLETION_INDEX", "2")));
    assert_eq!(beyond.status, 2);
    assert!(beyond.stderr.contains("2/2"), "{}", beyond.stderr);
}
