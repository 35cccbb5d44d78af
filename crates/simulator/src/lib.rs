//! An AWS organization on the loopback interface, for the demo, tests and load.
//!
//! It speaks the wire protocols of IAM, STS and Organizations, so that any SDK can be pointed at it. It shares no
//! code with the audit that it is asked by: an oracle must not share a parser with what it judges.

mod authenticate;
mod authenticators;
mod authorize;
mod call;
mod change;
mod clock;
mod condition;
mod directory;
mod error;
mod faults;
mod http;
mod iam;
mod index;
mod journal;
mod limits;
mod organizations;
mod paging;
mod policy;
mod random;
mod reply;
mod request;
mod schedule;
mod session;
mod spoil;
mod state;
mod sts;
#[cfg(test)]
mod tests;
mod totp;
mod user_policies;
mod variables;
mod wildcard;
mod wire;
mod world;
mod xml;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use self::faults::{Fault, FaultKind, PolicyKind};
pub use self::journal::Entry;
pub use self::limits::{Limits, Rate};
pub use self::totp::totp;
pub use self::world::{
    AccessKey, Account, Caller, Device, DeviceKind, Group, HardwareToken, Joined, ManagedPolicy,
    Organization, OrganizationalUnit, Partition, Password, PasswordPolicy, Report, Reported, Role,
    Root, Seed, ServiceControlPolicy, ServiceCredential, Timestamp, UnassignedDevice, User, World,
    WorldError,
};
use crate::authenticate::{ACCESS_KEY, SECRET_KEY};
use crate::state::State;

/// How a simulator runs.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address to listen on, which must be a loopback address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The time that answers show, in seconds since 1970; without it, the real time. Credentials always expire by
    /// the real time.
    pub now: Option<i64>,
    /// How long a credential report takes from its start to its completion.
    pub report_delay: Duration,
    /// How late every answer is; other requests are not held up meanwhile.
    pub latency: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            now: None,
            report_delay: Duration::from_secs(2),
            latency: Duration::ZERO,
        }
    }
}

/// Why a simulator does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address could be reached from elsewhere.
    #[error("listen on {0}, which is not a loopback address")]
    NotLoopback(SocketAddr),
    /// The address cannot be had.
    #[error("listen on {0}")]
    Bind(SocketAddr, #[source] io::Error),
}

/// A running AWS organization; dropping it stops it.
pub struct Simulator {
    state: Arc<State>,
    address: SocketAddr,
    task: Option<JoinHandle<io::Result<()>>>,
    // Dropping the sender is what stops the server.
    _stop: oneshot::Sender<()>,
}

impl Simulator {
    /// Starts to serve a world.
    ///
    /// # Errors
    ///
    /// Fails if the address is not a loopback address, or cannot be bound.
    pub async fn start(world: World, options: Options) -> Result<Self, StartError> {
        let Options {
            listen,
            now,
            report_delay,
            latency,
        } = options;
        if !listen.ip().is_loopback() {
            return Err(StartError::NotLoopback(listen));
        }
        let (listener, address) = http::bind(listen)
            .await
            .map_err(|it| StartError::Bind(listen, it))?;
        let state = Arc::new(State::new(world, now, report_delay, latency));
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(http::serve(listener, Arc::clone(&state), stopped));
        Ok(Self {
            state,
            address,
            task: Some(task),
            _stop: stop,
        })
    }

    /// Returns the address to point SDKs at.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the environment that makes any SDK use this simulator as the world's caller.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let region = self.state.region();
        vec![
            ("AWS_ENDPOINT_URL", self.endpoint()),
            ("AWS_REGION", region.into()),
            ("AWS_DEFAULT_REGION", region.into()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.into()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.into()),
        ]
    }

    /// Returns what was asked since the start, in order.
    pub fn journal(&self) -> Vec<Entry> {
        self.state.journal.entries()
    }

    /// Writes what was asked since the start, in order: a JSON object a line, with the members `service`,
    /// `operation`, `account` and `outcome`.
    ///
    /// # Errors
    ///
    /// Fails if `to` does.
    pub fn write_journal(&self, to: &mut dyn io::Write) -> io::Result<()> {
        self.state.journal.write(to)
    }

    /// Changes the world while it is served; cached credential reports go on saying what they said.
    pub fn update(&self, change: impl FnOnce(&mut World)) {
        self.state.update(change);
    }

    /// Returns what the MFA device with this serial number makes its codes of, in Base32, as [`totp`] takes it.
    pub fn device_seed(&self, serial: &str) -> Option<String> {
        self.state.device_seed(serial)
    }

    /// Serves until the server ends, which it does only on failure.
    pub async fn stopped(&mut self) {
        if let Some(task) = &mut self.task {
            // Whether it failed or was cancelled, it has ended.
            let _ = task.await;
            self.task = None;
        }
    }
}
