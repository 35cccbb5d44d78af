//! Work with storage, from wherever it is asked for.

use std::future::Future;

use tokio::runtime::{Builder, Runtime};

use crate::{
    error::{CliError, Kind},
    interrupt::{to_its_end, unless_interrupted},
};

/// A thread of work beside whatever else goes on. All that concerns storage is done by one: a connection that is kept
/// open belongs to the runtime that opened it, and is dead in any other.
pub(super) struct Bridge {
    runtime: Option<Runtime>,
}

impl Bridge {
    pub(super) fn new() -> Result<Self, CliError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| CliError::new(Kind::Failed, error))?;
        Ok(Self {
            runtime: Some(runtime),
        })
    }

    /// Does some work and waits for it, from inside another runtime too, unless somebody wants the run to end.
    pub(super) fn run<T: Send>(&self, work: impl Future<Output = T> + Send) -> Result<T, CliError> {
        self.wait_for(unless_interrupted(work))?
    }

    /// Does some work that takes no time, whoever wants the run to end.
    pub(super) fn run_to_its_end<T: Send>(
        &self,
        work: impl Future<Output = T> + Send,
    ) -> Result<T, CliError> {
        self.wait_for(to_its_end(work))
    }

    fn wait_for<T: Send>(&self, work: impl Future<Output = T> + Send) -> Result<T, CliError> {
        let failed = || CliError::new(Kind::Failed, "the way to storage broke off");
        let runtime = self.runtime.as_ref().ok_or_else(failed)?;
        std::thread::scope(|scope| {
            let thread = scope.spawn(|| runtime.block_on(work));
            thread.join().map_err(|_| failed())
        })
    }
}

/// A runtime must not be waited for by another one's thread.
impl Drop for Bridge {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
