//! Runs the binary with a scrubbed environment, against an organization on this machine.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use simulator::{Entry, Options, Simulator, World};
use tokio::runtime::Runtime;

/// The moment at which the tests' organizations and reports stand still.
pub(crate) const NOW: i64 = World::DEMO_NOW;

/// The arguments that choose three rules, for what does not depend on which there are.
pub(crate) const THREE_RULES: [&str; 6] = [
    "--rule",
    "root-user-mfa",
    "--rule",
    "root-user-access-key",
    "--rule",
    "iam-user-console-mfa",
];

/// An organization in which root users have no credentials, and which manages those of its members centrally.
pub(crate) fn without_root_credentials(mut world: World) -> World {
    for account in &mut world.accounts {
        account.root = simulator::Root::default();
    }
    let organization = world.organization.as_mut().unwrap();
    organization.features = vec!["RootCredentialsManagement".to_owned()];
    world
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An organization that is served, and a folder for files.
pub(crate) struct Stage {
    runtime: Runtime,
    simulator: Simulator,
    folder: tempfile::TempDir,
}

impl Stage {
    /// Serves `world`.
    pub(crate) fn new(world: World) -> Self {
        Self::late(world, Duration::ZERO)
    }

    /// Serves `world`, with every answer late by `latency`.
    pub(crate) fn late(world: World, latency: Duration) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        // Short, since nobody waits for a real report here.
        let report_delay = Duration::from_millis(50);
        let options = Options {
            now: Some(NOW),
            report_delay,
            latency,
            ..Options::default()
        };
        let simulator = runtime.block_on(Simulator::start(world, options)).unwrap();
        Self {
            runtime,
            simulator,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Runs a future beside the served organization.
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Returns the path of a file in the stage's folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the text of a file in the stage's folder.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap()
    }

    /// Returns the served organization.
    pub(crate) fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// Returns a command of the binary, pointed at the organization.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = mfaudit(args);
        command
            .current_dir(self.folder.path())
            .envs(self.simulator.environment());
        command
    }

    /// Runs the binary.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        // The runtime serves on threads of its own while this one waits.
        let _entered = self.runtime.enter();
        Run::of(self.command(args).output().unwrap())
    }

    /// Starts the binary, and leaves it running.
    pub(crate) fn start(&self, args: &[&str]) -> Child {
        let mut command = self.command(args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// Returns what the organization was asked, but for the first `before` requests.
    pub(crate) fn asked_after(&self, before: usize) -> Vec<Entry> {
        self.simulator.journal().split_off(before)
    }

    /// Audits, and returns the findings.
    pub(crate) fn audit(&self, args: &[&str]) -> (Run, Findings) {
        let run = self.run(&[&["audit", "--format", "ndjson"], args].concat());
        let findings = Findings::of(&run.stdout);
        (run, findings)
    }
}

/// Returns a command of the binary with nothing of this machine's environment but what it needs to start.
pub(crate) fn mfaudit(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mfaudit"));
    command
        .args(args)
        .env_clear()
        .env("HOME", "/nonexistent")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("SOURCE_DATE_EPOCH", NOW.to_string());
    command
}

/// Waits until `condition` holds, and fails if that takes longer than anything here may.
pub(crate) fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < PATIENCE, "never happened: {what}");
        // Lets the one that is waited for have the processor.
        std::thread::park_timeout(Duration::from_millis(1));
    }
}

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_mins(2);

/// What a run of the binary left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    /// Returns what standard error says but for progress, which a slow machine has time to show.
    pub(crate) fn notes(&self) -> Vec<&str> {
        let lines = self.stderr.lines();
        lines
            .filter(|it| !it.is_empty() && !it.contains(" calls/s, "))
            .collect()
    }
}

/// Findings by rule and principal.
#[derive(Debug)]
pub(crate) struct Findings(BTreeMap<(String, String), Value>);

impl Findings {
    pub(crate) fn of(ndjson: &str) -> Self {
        let read = ndjson.lines().map(|line| {
            let finding: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            ((text("rule"), text("principal_arn")), finding)
        });
        Self(read.collect())
    }

    /// Returns the status of a rule for a principal.
    pub(crate) fn status(&self, rule: &str, principal_arn: &str) -> &str {
        self.finding(rule, principal_arn)["status"]
            .as_str()
            .unwrap()
    }

    /// Returns the finding of a rule for a principal.
    pub(crate) fn finding(&self, rule: &str, principal_arn: &str) -> &Value {
        let key = (rule.to_owned(), principal_arn.to_owned());
        self.0
            .get(&key)
            .unwrap_or_else(|| panic!("no finding of {rule} for {principal_arn}"))
    }

    /// Returns every finding.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Value> {
        self.0.values()
    }

    /// Returns the last part of the ARNs that a rule gives a status.
    pub(crate) fn names(&self, rule: &str, status: &str) -> BTreeSet<String> {
        let of_rule = self.0.iter().filter(|((it, _), _)| it == rule);
        let with_status = of_rule.filter(|(_, it)| it["status"] == status);
        let name = |((_, arn), _): (&(String, String), _)| {
            arn.rsplit(['/', ':']).next().unwrap().to_owned()
        };
        with_status.map(name).collect()
    }
}
