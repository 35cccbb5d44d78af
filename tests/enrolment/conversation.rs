//! Talks with the running program: hears what it says, answers what it asks, and sends it signals.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread::JoinHandle,
    time::Duration,
};

use crate::harness::Run;

/// The questions for both codes.
pub(crate) const FIRST: &str = "First code: ";
pub(crate) const SECOND: &str = "Second code, as soon as another is shown: ";

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_mins(2);

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
