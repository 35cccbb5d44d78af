//! The commands: one file each.

mod audit;
mod collect;
#[cfg(feature = "demo")]
mod demo;
mod docs;
mod doctor;
mod dry_run;
mod evaluate;
mod policy;
mod rules;
#[cfg(feature = "demo")]
mod simulate;
mod stats;

use crate::{
    args::{Args, Command},
    config::Environment,
    error::{CliError, Kind},
    exit::ExitStatus,
};

/// Runs the command.
pub(crate) fn run(args: Args, environment: &Environment) -> Result<ExitStatus, CliError> {
    let colour = args.color;
    match args.command {
        Command::Audit(it) => on_runtime(audit::run(&it, colour, environment)),
        Command::Collect(it) => on_runtime(collect::run(&it, environment)),
        Command::Evaluate(it) => evaluate::run(&it, colour, environment),
        Command::Rules(it) => rules::run(&it),
        Command::Policy(it) => policy::run(&it),
        Command::Doctor(it) => on_runtime(doctor::run(&it, environment)),
        #[cfg(feature = "demo")]
        Command::Demo(it) => on_runtime(demo::run(&it, colour, environment)),
        #[cfg(feature = "demo")]
        Command::Simulate(it) => on_runtime(simulate::run(&it, environment)),
        Command::Docs(it) => docs::run(&it),
    }
}

fn on_runtime(
    command: impl Future<Output = Result<ExitStatus, CliError>>,
) -> Result<ExitStatus, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| CliError::new(Kind::Failed, error))?;
    let result = runtime.block_on(command);
    // What still hangs in the network must not hold up the exit.
    runtime.shutdown_background();
    result
}
