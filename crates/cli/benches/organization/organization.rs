//! An organization in a process of its own, and audits of it.
#![expect(clippy::disallowed_methods, reason = "reads what a process wrote")]

use std::{
    fs,
    io::{BufRead, BufReader},
    ops::ControlFlow,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde::Deserialize;
use simulator::World;

use crate::{
    Failure,
    process::{self, Usage},
    watch::Watch,
};

/// The variables that `mfaudit simulate` prints.
const VARIABLES: usize = 5;

/// An organization that is served by `mfaudit simulate`.
pub(crate) struct Organization {
    child: Child,
    environment: Vec<(String, String)>,
    folder: tempfile::TempDir,
}

/// A request, as the organization's journal has it.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    pub(crate) service: String,
    pub(crate) operation: String,
    pub(crate) account: String,
}

/// How often something was asked, by `--stats=json`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct Counts {
    pub(crate) calls: u64,
    pub(crate) requests: u64,
    pub(crate) throttled: u64,
}

/// What `--stats=json` says.
#[derive(Debug, Deserialize)]
pub(crate) struct Stats {
    pub(crate) total: Counts,
}

/// An audit that was measured.
#[derive(Debug)]
pub(crate) struct Audited {
    pub(crate) usage: Usage,
    pub(crate) stats: Stats,
}

impl Audited {
    /// Reads the counts that a run printed.
    pub(crate) fn of(usage: Usage) -> Result<Self, Failure> {
        let mut lines = usage.stderr.lines().rev();
        let stats = lines.find_map(|it| serde_json::from_str(it).ok());
        let stats = stats.ok_or_else(|| format!("no counts in: {}", usage.stderr))?;
        Ok(Self { usage, stats })
    }
}

impl Organization {
    /// Serves an organization.
    pub(crate) fn serve(args: &[&str]) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let mut command = mfaudit(&[&["simulate"], args].concat());
        let mut child = command
            .arg("--journal")
            .arg(folder.path().join("requests"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = child.stdout.take().ok_or("a process has no output")?;
        let mut environment = Vec::new();
        for line in BufReader::new(stdout).lines().take(VARIABLES) {
            let line = line?;
            let variable = line
                .strip_prefix("export ")
                .unwrap_or(&line)
                .split_once('=');
            let (name, value) = variable.ok_or("not a variable")?;
            environment.push((name.to_owned(), value.to_owned()));
        }
        if environment.len() < VARIABLES {
            return Err(format!("{command:?} does not serve").into());
        }
        Ok(Self {
            child,
            environment,
            folder,
        })
    }

    /// Watches the audit that comes next by its journal.
    pub(crate) fn watch(&self) -> Watch {
        Watch::of(self.folder.path())
    }

    /// Points a command at the organization.
    pub(crate) fn with<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.environment.iter().cloned())
    }

    /// Audits the organization to the end.
    pub(crate) fn audit(&self) -> Result<Audited, Failure> {
        self.audit_while(|| {})
    }

    /// Audits the organization, and calls `meanwhile` every few milliseconds.
    pub(crate) fn audit_while(&self, mut meanwhile: impl FnMut()) -> Result<Audited, Failure> {
        Audited::of(self.run(|| {
            meanwhile();
            ControlFlow::Continue(())
        })?)
    }

    /// Runs a command of the audit to the end, in a folder of its own.
    pub(crate) fn command(&self, args: &[&str]) -> Result<Usage, Failure> {
        let mut command = mfaudit(args);
        command.current_dir(self.folder.path());
        process::measure(self.with(&mut command), || ControlFlow::Continue(()))
    }

    /// Returns a file in the folder that commands run in.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Begins to audit the organization, and ends it when `meanwhile` breaks.
    pub(crate) fn run(&self, meanwhile: impl FnMut() -> ControlFlow<()>) -> Result<Usage, Failure> {
        let mut command = mfaudit(AUDIT);
        // Its temporary files are watched, and no configuration file of the folder that Cargo runs in counts.
        command
            .env("TMPDIR", self.folder.path())
            .current_dir(self.folder.path());
        process::measure(self.with(&mut command), meanwhile)
    }

    /// Stops serving, and returns what was asked.
    pub(crate) fn stop(mut self) -> Result<Vec<Request>, Failure> {
        // The journal is written when the process is asked to end, which the standard library cannot do.
        let id = self.child.id().to_string();
        let asked = Command::new("sh")
            .args(["-c", "kill \"$0\"", &id])
            .status()?;
        if !asked.success() {
            return Err("the organization cannot be stopped".into());
        }
        self.child.wait()?;
        let text = fs::read_to_string(self.folder.path().join("requests"))?;
        let requests = text.lines().map(serde_json::from_str);
        Ok(requests.collect::<Result<_, _>>()?)
    }
}

impl Drop for Organization {
    fn drop(&mut self) {
        // One that was stopped has ended, and nothing is left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An audit as everyone runs it, with the report that it prints if nothing else is said.
const AUDIT: &[&str] = &["audit", "--quiet", "--exit-zero", "--stats=json"];

/// Returns a command of the binary, with nothing of this machine's environment.
fn mfaudit(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mfaudit"));
    command.args(args);
    alone(&mut command);
    command
}

/// Takes this machine's environment from a command. The time is that of the made-up organizations, whose users would
/// else be created in the future, and read one by one, on a machine whose clock is behind.
pub(crate) fn alone(command: &mut Command) {
    command
        .env_clear()
        .env("HOME", "/nonexistent")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("SOURCE_DATE_EPOCH", World::DEMO_NOW.to_string());
}
