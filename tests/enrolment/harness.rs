//! Runs the program that enrols as one of the users of an account on this machine, and talks with it.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Output, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread::JoinHandle,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use simulator::{
    AccessKey, Account, Device, Fault, FaultKind, Options, Simulator, User, World, totp,
};

/// The account whose users enrol.
pub(crate) const ACCOUNT: &str = "111122223333";
/// How long a code is shown, in seconds.
pub(crate) const STEP: i64 = 30;
/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_mins(2);

/// The questions for both codes.
pub(crate) const FIRST: &str = "First code: ";
pub(crate) const SECOND: &str = "Second code, as soon as another is shown: ";

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

/// Returns a policy that allows these actions everywhere.
pub(crate) fn allowing(actions: &[&str]) -> String {
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

/// What a stream has said so far.
#[derive(Clone, Default)]
struct Said(Arc<(Mutex<(String, bool)>, Condvar)>);

impl Said {
    fn follow(&self, stream: impl Read + Send + 'static) -> JoinHandle<()> {
        let said = self.clone();
        std::thread::spawn(move || {
            let mut stream = BufReader::new(stream);
            loop {
                let read = stream.fill_buf().map_or(0, |bytes| {
                    said.add(bytes);
                    bytes.len()
                });
                if read == 0 {
                    said.end();
                    return;
                }
                stream.consume(read);
            }
        })
    }

    fn add(&self, bytes: &[u8]) {
        let (said, heard) = &*self.0;
        said.lock()
            .unwrap()
            .0
            .push_str(&String::from_utf8_lossy(bytes));
        heard.notify_all();
    }

    fn end(&self) {
        let (said, heard) = &*self.0;
        said.lock().unwrap().1 = true;
        heard.notify_all();
    }

    /// Waits until `words` are said for the `count`-th time.
    #[track_caller]
    fn until(&self, words: &str, count: usize) {
        let (said, heard) = &*self.0;
        let lacks = |it: &mut (String, bool)| it.0.matches(words).count() < count && !it.1;
        let (said, _) = heard
            .wait_timeout_while(said.lock().unwrap(), PATIENCE, lacks)
            .unwrap();
        assert!(
            said.0.matches(words).count() >= count,
            "never said, or not {count} times: `{words}`\n{}",
            said.0
        );
    }

    fn text(&self) -> String {
        self.0.0.lock().unwrap().0.clone()
    }
}

/// A running program that asks.
pub(crate) struct Dialogue {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Said,
    stderr: Said,
    readers: Vec<JoinHandle<()>>,
    /// How often each question was answered.
    answers: BTreeMap<&'static str, usize>,
}

impl Dialogue {
    /// Starts a command.
    pub(crate) fn of(mut command: Command) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (stdout, stderr) = (Said::default(), Said::default());
        let readers = vec![
            stdout.follow(child.stdout.take().unwrap()),
            stderr.follow(child.stderr.take().unwrap()),
        ];
        Self {
            stdin: child.stdin.take(),
            child,
            stdout,
            stderr,
            readers,
            answers: BTreeMap::new(),
        }
    }

    /// Waits until this question is asked once more than it was answered, and answers it.
    #[track_caller]
    pub(crate) fn answer(&mut self, question: &'static str, line: &str) {
        self.asked(question);
        *self.answers.entry(question).or_default() += 1;
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Answers with both codes.
    #[track_caller]
    pub(crate) fn give(&mut self, [first, second]: [String; 2]) {
        self.answer(FIRST, &first);
        self.answer(SECOND, &second);
    }

    /// Waits until this question is asked once more than it was answered.
    #[track_caller]
    pub(crate) fn asked(&self, question: &'static str) {
        let answered = self.answers.get(question).copied().unwrap_or_default();
        self.stderr.until(question, answered + 1);
    }

    /// Waits until standard error has these words for the `count`-th time.
    #[track_caller]
    pub(crate) fn until(&self, words: &str, count: usize) {
        self.stderr.until(words, count);
    }

    /// Returns standard output so far.
    pub(crate) fn stdout(&self) -> String {
        self.stdout.text()
    }

    /// Returns the number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Tells whether it has not ended.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Ends what it can read.
    pub(crate) fn hang_up(&mut self) {
        self.stdin = None;
    }

    /// Sends a signal by its name: `INT`, `KILL`.
    pub(crate) fn signal(&self, name: &str) {
        let mut kill = Command::new("kill");
        kill.args(["-s", name, &self.child.id().to_string()]);
        assert!(kill.status().unwrap().success());
    }

    /// Waits for the end.
    pub(crate) fn end(mut self) -> Run {
        let status = self.child.wait().unwrap();
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        Run {
            status: status.code(),
            stdout: self.stdout.text(),
            stderr: self.stderr.text(),
        }
    }
}

impl Drop for Dialogue {
    fn drop(&mut self) {
        // Whatever a failed test leaves; one that has ended cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
