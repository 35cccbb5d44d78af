//! What becomes of Ctrl-C, and of what a service manager sends.
//!
//! Once somebody has waited for it, the signal no longer ends the process by itself; so from then on a thread of its own
//! listens, tells who waits, and ends the process where nobody does.

use std::{
    fs,
    path::PathBuf,
    process,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError, mpsc},
    thread,
};

use tokio::{runtime::Builder, sync::watch};

use crate::{error::CliError, exit::ExitStatus, output};

/// Whether the signal came; `None` where signals cannot be listened to, and end the process by themselves.
static CAME: OnceLock<Option<watch::Sender<bool>>> = OnceLock::new();
/// How many wait for it. While it is held, nobody begins to wait and nobody ends.
static WAITING: Mutex<usize> = Mutex::new(0);
/// Folders that are removed where the process ends at once.
static COPIES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Returns when somebody wants the run to end, or has wanted it before.
pub(crate) async fn interrupted() {
    let (came, _waiting) = wait();
    if let Some(came) = came {
        // The sender is never dropped.
        let _ = came.subscribe().wait_for(|it| *it).await;
    } else {
        std::future::pending::<()>().await;
    }
}

/// Does some work, unless somebody wants the run to end; then nothing is begun any more.
pub(crate) async fn unless_interrupted<T>(work: impl Future<Output = T>) -> Result<T, CliError> {
    // From before the work, which may take long when it is first looked at.
    let _waiting = wait();
    heed()?;
    tokio::select! {
        // What is done is done, though the signal came meanwhile.
        biased;
        done = work => Ok(done),
        () = interrupted() => Err(CliError::interrupted()),
    }
}

/// Does some work that takes no time, to its end: a second signal ends the process.
pub(crate) async fn to_its_end<T>(work: impl Future<Output = T>) -> T {
    let _waiting = wait();
    work.await
}

/// Fails if somebody wants the run to end: to be asked before what looks at nothing else, since a signal that came just
/// when other work was done would be forgotten.
pub(crate) fn heed() -> Result<(), CliError> {
    let came = CAME.get().and_then(Option::as_ref);
    if came.is_some_and(|it| *it.borrow()) {
        return Err(CliError::interrupted());
    }
    Ok(())
}

/// Has a folder removed where a signal ends the process, of which nobody else would then be left to do it.
pub(crate) fn remove_in_the_end(folder: PathBuf) {
    locked(&COPIES).push(folder);
}

fn wait() -> (Option<&'static watch::Sender<bool>>, Waiting) {
    let came = CAME.get_or_init(listen).as_ref();
    (came, Waiting::begin())
}

/// Counts who waits, until it no longer does.
struct Waiting;

impl Waiting {
    fn begin() -> Self {
        *locked(&WAITING) += 1;
        Self
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        *locked(&WAITING) -= 1;
    }
}

fn locked<T>(it: &Mutex<T>) -> MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins to listen. The thread makes everything itself, since a runtime must not end inside another; and where there is
/// no thread, signals stay what they were.
fn listen() -> Option<watch::Sender<bool>> {
    let (tell, told) = mpsc::channel();
    let listening = thread::Builder::new().spawn(move || {
        let Ok(runtime) = Builder::new_current_thread().enable_all().build() else {
            return;
        };
        let signals = {
            let _entered = runtime.enter();
            Signals::new()
        };
        let Some(signals) = signals else {
            return;
        };
        let (came, _) = watch::channel(false);
        if tell.send(came.clone()).is_ok() {
            runtime.block_on(tell_of(signals, &came));
        }
    });
    listening.ok()?;
    // Nothing comes where the thread has ended.
    told.recv().ok()
}

async fn tell_of(mut signals: Signals, came: &watch::Sender<bool>) {
    loop {
        signals.next().await;
        let waiting = locked(&WAITING);
        let again = came.send_replace(true);
        if again || *waiting == 0 {
            end();
        }
    }
}

#[expect(
    clippy::exit,
    reason = "who evaluates or waits for a disk looks at nothing else meanwhile, and would not end"
)]
fn end() {
    output::say("error: interrupted");
    for folder in locked(&COPIES).drain(..) {
        let _ = fs::remove_dir_all(folder);
    }
    process::exit(i32::from(ExitStatus::Failed.code()));
}

#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 2]);

#[cfg(unix)]
impl Signals {
    fn new() -> Option<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let signals = [
            signal(SignalKind::interrupt()).ok()?,
            signal(SignalKind::terminate()).ok()?,
        ];
        Some(Self(signals))
    }

    async fn next(&mut self) {
        let [interrupt, terminate] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Option<Self> {
        Some(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
