//! `mfaudit completions`: what a shell needs to complete the command line.

use clap::CommandFactory;

use crate::{
    args::{Args, Completions},
    error::{CliError, Kind},
    exit::ExitStatus,
    output,
};

pub(super) fn run(args: &Completions) -> Result<ExitStatus, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "mfaudit", &mut script);
    let script = String::from_utf8(script).map_err(|error| CliError::new(Kind::Failed, error))?;
    output::print(&script)?;
    Ok(ExitStatus::Clean)
}
