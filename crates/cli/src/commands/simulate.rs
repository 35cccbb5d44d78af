//! `mfaudit simulate`: serves an organization for any AWS client.
#![expect(
    clippy::disallowed_methods,
    reason = "reads the file of the organization"
)]

use std::{fmt::Write, fs, io, time::Duration};

use aws::Clock;
use simulator::{Limits, Options, Simulator, World};

use crate::{
    args::{RequestLimits, Simulate},
    config::Environment,
    error::{CliError, Kind},
    exit::ExitStatus,
    output::{self, Output},
};

pub(super) async fn run(
    args: &Simulate,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    let world = world(args)?;
    let journal = args.journal.as_deref().map(Output::file).transpose()?;
    let now = match environment.clock()? {
        Clock::System => None,
        fixed @ Clock::Fixed(_) => Some(fixed.now().epoch_seconds()),
    };
    let options = Options {
        listen: args.listen,
        now,
        report_delay: Duration::from_millis(args.report_delay_ms),
        latency: Duration::from_millis(args.latency_ms),
    };
    let mut simulator = Simulator::start(world, options).await.map_err(|error| {
        let error = CliError::new(Kind::Usage, error);
        error.hint("listen on a free port of 127.0.0.1 or [::1]; port 0 takes any")
    })?;
    // Before anyone knows that it serves, since whoever does may stop it at once.
    let stopped = stop_signals().map_err(|error| CliError::new(Kind::Failed, error))?;
    let mut exports = String::new();
    for (name, value) in simulator.environment() {
        // Writing to a string cannot fail.
        let _ = writeln!(exports, "export {name}={value}");
    }
    output::print(&exports)?;
    output::say("serving until stopped with Ctrl-C");
    tokio::select! {
        () = simulator.stopped() => {}
        () = stopped => {}
    }
    if let Some(journal) = journal {
        write_journal(&simulator, journal)?;
    }
    Ok(ExitStatus::Clean)
}

/// Returns what waits for Ctrl-C, or for what `kill` sends; both are caught from now on.
#[cfg(unix)]
fn stop_signals() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Returns what waits for Ctrl-C.
#[cfg(not(unix))]
fn stop_signals() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}

fn write_journal(simulator: &Simulator, journal: Output) -> Result<(), CliError> {
    let mut writer = journal.writer()?;
    let written = simulator
        .write_journal(&mut writer)
        .and_then(|()| io::Write::flush(&mut writer));
    drop(writer);
    written.map_err(|error| journal.failed(error))?;
    journal.finish()
}

fn world(args: &Simulate) -> Result<World, CliError> {
    let Some(path) = &args.world else {
        let accounts = args.accounts.unwrap_or(1);
        return Ok(World {
            limits: Limits {
                documented: args.limits == RequestLimits::Documented,
                ..Limits::default()
            },
            ..World::generate(accounts, args.users, args.seed)
        });
    };
    let text = fs::read_to_string(path);
    let text = text.map_err(|error| {
        CliError::new(
            Kind::Usage,
            format!("cannot read {}: {error}", path.display()),
        )
    })?;
    World::from_toml(&text).map_err(|error| {
        CliError::new(Kind::Usage, format!("{}: {error}", path.display()))
            .hint("docs/simulator.md describes the file")
    })
}
