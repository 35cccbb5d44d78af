//! `mfaudit simulate`: serves an organization for any AWS client.
#![expect(
    clippy::disallowed_methods,
    reason = "reads the file of the organization"
)]

use std::{fmt::Write, fs};

use aws::Clock;
use simulator::{Options, Simulator, World};

use crate::{
    args::Simulate,
    config::Environment,
    error::{CliError, Kind},
    exit::ExitStatus,
    output,
};

pub(super) async fn run(
    args: &Simulate,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    let world = world(args)?;
    let now = match environment.clock()? {
        Clock::System => None,
        fixed @ Clock::Fixed(_) => Some(fixed.now().epoch_seconds()),
    };
    let options = Options {
        listen: args.listen,
        now,
        ..Options::default()
    };
    let simulator = Simulator::start(world, options).await.map_err(|error| {
        let error = CliError::new(Kind::Usage, error);
        error.hint("listen on a free port of 127.0.0.1 or [::1]; port 0 takes any")
    })?;
    let mut exports = String::new();
    for (name, value) in simulator.environment() {
        // Writing to a string cannot fail.
        let _ = writeln!(exports, "export {name}={value}");
    }
    output::print(&exports)?;
    output::say("serving until stopped with Ctrl-C");
    tokio::select! {
        () = simulator.stopped() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    Ok(ExitStatus::Clean)
}

fn world(args: &Simulate) -> Result<World, CliError> {
    let Some(path) = &args.world else {
        return Ok(World::generate(
            args.accounts.unwrap_or(1),
            args.users,
            args.seed,
        ));
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
