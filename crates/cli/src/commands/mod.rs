//! The commands: one file each.

mod audit;
mod bundle;
mod collect;
mod collect_shard;
mod completions;
mod config;
#[cfg(feature = "demo")]
mod demo;
mod diff;
mod discover;
mod docs;
mod doctor;
mod dry_run;
mod enroll;
mod evaluate;
mod explain;
#[cfg(feature = "parquet")]
mod history;
mod man;
mod merge;
mod policy;
mod policy_check;
#[cfg(feature = "parquet")]
mod publish;
mod remediate;
mod rules;
#[cfg(feature = "demo")]
mod simulate;
mod stats;
mod unredact;
mod verify;
mod waivers;

use tokio::runtime::Builder;

#[cfg(feature = "parquet")]
pub(crate) use self::publish::dataset_error;

use crate::{
    args::{Args, Command},
    config::Environment,
    error::{CliError, Kind},
    exit::ExitStatus,
    given::Given,
};

/// Runs the command.
pub(crate) fn run(
    args: Args,
    given: &Given,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    let colour = args.color;
    match args.command {
        Command::Audit(it) => on_one_thread(audit::run(it, given, colour, environment)),
        Command::Collect(it) => on_one_thread(collect::run(it, given, environment)),
        Command::Discover(it) => on_one_thread(discover::run(it, given, environment)),
        Command::Merge(it) => merge::run(&it, environment),
        Command::Evaluate(it) => evaluate::run(it, given, colour, environment),
        #[cfg(feature = "parquet")]
        Command::Publish(it) => publish::run(&it, given, environment),
        #[cfg(feature = "parquet")]
        Command::History(it) => history::run(&it, colour, environment),
        Command::Explain(it) => explain::run(it, colour, environment),
        Command::Remediate(it) => remediate::run(it, environment),
        Command::Diff(it) => diff::run(&it, colour, environment),
        Command::Bundle(it) => bundle::run(it, given, environment),
        Command::Verify(it) => verify::run(&it, environment),
        Command::Unredact(it) => unredact::run(&it),
        Command::Rules(it) => rules::run(&it),
        Command::Policy(it) => policy::run(it, given),
        Command::PolicyCheck(it) => policy_check::run(&it),
        Command::Doctor(it) => on_one_thread(doctor::run(it, given, environment)),
        #[cfg(feature = "demo")]
        Command::Demo(it) => on_one_thread(demo::run(it, given, colour, environment)),
        #[cfg(feature = "demo")]
        Command::Simulate(it) => on_many_threads(simulate::run(&it, environment)),
        Command::Config(it) => config::run(&it),
        Command::Waivers(it) => waivers::run(&it, environment),
        Command::Enroll(it) => enroll::run(&it),
        Command::Completions(it) => completions::run(&it),
        Command::Man(it) => man::run(&it),
        Command::Docs(it) => docs::run(&it),
    }
}

/// Runs a command whose work is to ask AWS and wait. One thread makes some four thousand calls a second, and AWS's own
/// limits let an audit make half as many; a second one would cost more in waking each other than it does.
fn on_one_thread(
    command: impl Future<Output = Result<ExitStatus, CliError>>,
) -> Result<ExitStatus, CliError> {
    on(Builder::new_current_thread(), command)
}

/// Runs a command that many ask at once.
#[cfg(feature = "demo")]
fn on_many_threads(
    command: impl Future<Output = Result<ExitStatus, CliError>>,
) -> Result<ExitStatus, CliError> {
    on(Builder::new_multi_thread(), command)
}

fn on(
    mut runtime: Builder,
    command: impl Future<Output = Result<ExitStatus, CliError>>,
) -> Result<ExitStatus, CliError> {
    let runtime = runtime.enable_all().build();
    let runtime = runtime.map_err(|error| CliError::new(Kind::Failed, error))?;
    let result = runtime.block_on(command);
    // What still hangs in the network must not hold up the exit.
    runtime.shutdown_background();
    result
}
