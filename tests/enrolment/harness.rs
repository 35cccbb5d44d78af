//! Runs the program that enrols as one of the users of an account on this machine, and talks with it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

use simulator::{
    AccessKey, Account, Device, Fault, FaultKind, Options, Simulator, User, World, totp,
};

use crate::conversation::{Dialogue, FIRST};

/// The account whose users enrol.
pub(crate) const ACCOUNT: &str = "111122223333";
/// How long a code is shown, in seconds.
pub(crate) const STEP: i64 = 30;

/// Returns the serial number of a virtual device of the account.
pub(crate) fn serial(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:mfa/{name}")
}

/// Returns an account in which alice may manage her own devices by the policy that the program prints, and bob may do
/// nothing at all.
pub(crate) fn world() -> World {
    let mut alice = user("alice");
    alice
        .inline_policies
        .insert("mfa".to_owned(), printed(&["policy"]));
    let account = Account {
        id: ACCOUNT.to_owned(),
        name: "people".to_owned(),
        users: vec![alice, user("bob")],
        ..Account::default()
    };
    World {
        accounts: vec![account],
        ..World::default()
    }
}

/// Returns what goes wrong with every request for an action.
pub(crate) fn fault(action: &str, kind: FaultKind) -> Fault {
    Fault {
        account: None,
        action: action.to_owned(),
        after: None,
        times: None,
        kind,
    }
}

/// Returns a user with an access key.
pub(crate) fn user(name: &str) -> User {
    User {
        name: name.to_owned(),
        access_keys: vec![AccessKey {
            id: key(name),
            ..AccessKey::default()
        }],
        ..User::default()
    }
}

/// Returns a world's user.
pub(crate) fn user_of<'a>(world: &'a mut World, name: &str) -> &'a mut User {
    let users = &mut world.accounts.first_mut().unwrap().users;
    users.iter_mut().find(|it| it.name == name).unwrap()
}

/// Returns a virtual device that a user has, with a seed.
pub(crate) fn device(name: &str) -> Device {
    Device {
        name: name.to_owned(),
        seed: Some("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".into()),
        ..Device::default()
    }
}

/// Returns what the program prints without asking AWS: a policy, or its help.
pub(crate) fn printed(arguments: &[&str]) -> String {
    let output = program().args(arguments).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// The actions without which no virtual device is enrolled and cleaned up.
pub(crate) const ENROLLING: [&str; 3] = [
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:DeleteVirtualMFADevice",
];

/// Lets a user do these actions and nothing else.
pub(crate) fn allow_only(user: &mut User, actions: &[&str]) {
    user.inline_policies = [("mfa".to_owned(), allowing(actions))].into();
}

/// Returns a policy that allows these actions everywhere.
fn allowing(actions: &[&str]) -> String {
    serde_json::json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": actions, "Resource": "*"}})
        .to_string()
}

fn key(user: &str) -> String {
    format!("AKIA{:0>16}", user.to_uppercase())
}

/// Returns a command of the program with nothing of this machine's environment.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mfaudit-enroll"));
    command
        .env_clear()
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .stdin(Stdio::null());
    command
}

/// An account that is served, and a folder that is home, working directory and place for temporary files.
pub(crate) struct Stage {
    runtime: tokio::runtime::Runtime,
    simulator: Simulator,
    folder: tempfile::TempDir,
}

impl Stage {
    /// Serves `world`.
    pub(crate) fn new(world: World) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        let served = Simulator::start(world, Options::default());
        let simulator = runtime.block_on(served).unwrap();
        Self {
            runtime,
            simulator,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// Returns the folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns a path in the folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns a command of the program with the access key of `user`.
    pub(crate) fn command(&self, user: &str, arguments: &[&str]) -> Command {
        let mut command = program();
        command
            .args(arguments)
            .current_dir(self.folder())
            .env("HOME", self.folder())
            .env("TMPDIR", self.folder())
            .envs(self.simulator.environment())
            .env("AWS_ACCESS_KEY_ID", key(user));
        command
    }

    /// Runs the program to its end, without an answer to anything it asks.
    pub(crate) fn run(&self, user: &str, arguments: &[&str]) -> Run {
        let _entered = self.runtime.enter();
        Run::of(self.command(user, arguments).output().unwrap())
    }

    /// Starts the program, to talk with it.
    pub(crate) fn talk(&self, user: &str, arguments: &[&str]) -> Dialogue {
        Dialogue::of(self.command(user, arguments))
    }

    /// Starts the program, and enables the device of this name that it makes, as if its app were right there.
    pub(crate) fn enrol(&self, user: &str, arguments: &[&str], device: &str) -> Run {
        let mut dialogue = self.talk(user, arguments);
        // Only then is there a device.
        dialogue.asked(FIRST);
        dialogue.give(self.codes(&serial(device), 0));
        dialogue.end()
    }

    /// Returns the code that a device shows at a moment this many seconds from now.
    pub(crate) fn code(&self, serial: &str, seconds: i64) -> String {
        let seed = self.simulator.device_seed(serial).unwrap();
        let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let now = i64::try_from(real.as_secs()).unwrap();
        totp(&seed, now + seconds).unwrap()
    }

    /// Returns two codes that follow one another, the second shown at a moment this many seconds from now.
    pub(crate) fn codes(&self, serial: &str, seconds: i64) -> [String; 2] {
        // Both of one moment, else a step could begin in between.
        loop {
            let [first, second, again] =
                [seconds - STEP, seconds, seconds].map(|it| self.code(serial, it));
            let settled = self.code(serial, seconds - STEP) == first;
            if second == again && settled {
                return [first, second];
            }
        }
    }

    /// Returns the serial numbers of the devices that a user has.
    pub(crate) fn devices(&self, user: &str) -> Vec<String> {
        let mut serials = Vec::new();
        self.simulator.update(|world| {
            let devices = &user_of(world, user).mfa;
            let serial = |it: &Device| it.user_serial(simulator::Partition::Aws, ACCOUNT, user);
            serials = devices.iter().map(serial).collect();
        });
        serials
    }

    /// Returns the names of the virtual devices that nobody has.
    pub(crate) fn orphans(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.simulator.update(|world| {
            let devices = &world.accounts.first().unwrap().unassigned_devices;
            names = devices.iter().map(|it| it.name.clone()).collect();
        });
        names
    }

    /// Returns how often an operation was asked for.
    pub(crate) fn asked(&self, operation: &str) -> usize {
        let journal = self.simulator.journal();
        journal.iter().filter(|it| it.action == operation).count()
    }
}

/// What a run of the program left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    fn of(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Returns standard error, once it is certain how the program ended.
    #[track_caller]
    pub(crate) fn told(&self, status: i32) -> &str {
        assert_eq!(self.status, Some(status), "{self:#?}");
        &self.stderr
    }
}

/// Fails unless a text has each of these.
#[track_caller]
pub(crate) fn assert_says(text: &str, words: &[&str]) {
    for it in words {
        assert!(text.contains(it), "no `{it}` in:\n{text}");
    }
}
