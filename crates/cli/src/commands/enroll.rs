//! `mfaudit enroll`: runs the program that enrols. What changes IAM is no part of this one.

use std::{env::consts::EXE_SUFFIX, io, path::PathBuf, process::Command};

use crate::{
    args::Enroll,
    error::{CliError, Kind},
    exit::ExitStatus,
};

/// The program's name without what a system adds to it.
const NAME: &str = "mfaudit-enroll";

/// Runs the program beside this one, or else the first on the search path, with the arguments as they are.
pub(super) fn run(args: &Enroll) -> Result<ExitStatus, CliError> {
    let mut command = Command::new(beside().unwrap_or_else(|| NAME.into()));
    command.args(&args.arguments);
    become_it(command).map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound {
            let text = format!("there is no program `{NAME}`, neither beside this one nor on the search path");
            return CliError::new(Kind::Failed, text).hint(
                "install it from mfaudit's repository: cargo install --locked --path crates/enrolment",
            );
        }
        CliError::new(Kind::Failed, format!("{NAME} cannot be run: {error}"))
    })
}

fn beside() -> Option<PathBuf> {
    let this = std::env::current_exe().ok()?;
    let other = this.with_file_name(format!("{NAME}{EXE_SUFFIX}"));
    other.is_file().then_some(other)
}

/// Takes the other program's place, so that signals and the terminal are its own.
#[cfg(unix)]
fn become_it(mut command: Command) -> io::Result<ExitStatus> {
    Err(std::os::unix::process::CommandExt::exec(&mut command))
}

/// Runs the other program, and ends as it did.
#[cfg(not(unix))]
fn become_it(mut command: Command) -> io::Result<ExitStatus> {
    Ok(match command.status()?.code() {
        Some(0) => ExitStatus::Clean,
        Some(2) => ExitStatus::Usage,
        _ => ExitStatus::Failed,
    })
}
