//! The commands: one file each.

mod bind;
mod devices;
mod enroll;
mod policy;
mod remove_orphans;
mod resync;

use program::{
    CliError, Environment,
    connection::{self, ConnectionArgs},
};

use crate::{
    CALLS, USER_AGENT,
    args::{Arguments, Command},
};

/// Runs the command.
pub(crate) async fn run(arguments: &Arguments, environment: &Environment) -> Result<(), CliError> {
    match &arguments.command {
        None => enroll::run(&arguments.enroll, environment).await,
        Some(Command::Enroll(it)) => enroll::run(it, environment).await,
        Some(Command::Resync(it)) => resync::run(it, environment).await,
        Some(Command::Devices(it)) => devices::run(it, environment).await,
        Some(Command::RemoveOrphans(it)) => remove_orphans::run(it, environment).await,
        Some(Command::Policy(it)) => policy::run(it),
    }
}

async fn connect(
    arguments: &ConnectionArgs,
    environment: &Environment,
) -> Result<aws::Connection, CliError> {
    connection::connect(arguments, environment, USER_AGENT, CALLS).await
}
