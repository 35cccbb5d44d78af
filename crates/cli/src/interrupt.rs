//! What becomes of Ctrl-C, and of what a service manager sends.
//!
//! Once somebody has waited for it, the signal no longer ends the process by itself; so from then on a thread of its own
//! listens, tells who waits, and ends the process where nobody does.

use std::{
    process,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use tokio::{runtime::Builder, sync::watch};

use crate::{
    error::{CliError, Kind},
    exit::ExitStatus,
    output,
};

/// Whether the signal came; `None` where signals cannot be listened to, and end the process by themselves.
static CAME: OnceLock<Option<watch::Sender<bool>>> = OnceLock::new();
/// How many wait for it.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// Returns when somebody wants the run to end, or has wanted it before.
pub(crate) async fn interrupted() {
    let _waiting = Waiting::begin();
    if let Some(came) = CAME.get_or_init(listen) {
        // The sender is never dropped.
        let _ = came.subscribe().wait_for(|it| *it).await;
    } else {
        std::future::pending::<()>().await;
    }
}

/// Does some work, unless somebody wants the run to end.
pub(crate) async fn unless_interrupted<T>(work: impl Future<Output = T>) -> Result<T, CliError> {
    tokio::select! {
        // What is done is done, though the signal came meanwhile.
        biased;
        done = work => Ok(done),
        () = interrupted() => Err(CliError::new(Kind::Failed, "interrupted")),
    }
}

/// Counts who waits, until it no longer does.
struct Waiting;

impl Waiting {
    fn begin() -> Self {
        WAITING.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::SeqCst);
    }
}

fn listen() -> Option<watch::Sender<bool>> {
    let runtime = Builder::new_current_thread().enable_all().build().ok()?;
    let mut signals = {
        let _entered = runtime.enter();
        Signals::new()?
    };
    let (came, _) = watch::channel(false);
    let tell = came.clone();
    let listening = thread::Builder::new().spawn(move || {
        runtime.block_on(async {
            loop {
                signals.next().await;
                // Who is told no longer waits.
                let waiting = WAITING.load(Ordering::SeqCst);
                tell.send_replace(true);
                if waiting == 0 {
                    end();
                }
            }
        });
    });
    listening.ok().map(|_| came)
}

#[expect(
    clippy::exit,
    reason = "who evaluates or waits for a disk looks at nothing else meanwhile, and would not end"
)]
fn end() {
    output::say("error: interrupted");
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
