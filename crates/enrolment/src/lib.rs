//! Enrols and resynchronizes MFA devices of IAM users, and removes what failed enrolments left.
//!
//! This is the only crate of ours that can change anything in IAM, and it has a program of its own: the audit does not
//! hold its calls.

mod args;
mod ask;
mod calls;
mod code_entry;
mod codes;
mod commands;
mod console;
mod device_name;
mod interrupt;
mod mfa_session;
mod orphans;
mod pending;
mod preflight;
mod qr;
mod qr_png;
mod refusal;
mod seed;
mod verify;
mod who;

use program::{CliError, Environment, Kind};

pub use crate::{args::Arguments, calls::CALLS};

/// The name and version AWS sees.
const USER_AGENT: &str = concat!("mfaudit-enroll/", env!("CARGO_PKG_VERSION"));

/// Does what the arguments say.
///
/// # Errors
///
/// Fails if the arguments cannot be followed, or AWS refuses; the error says what was left, and what to do.
pub fn run(arguments: &Arguments, environment: &Environment) -> Result<(), CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::new(Kind::Failed, error))?;
    let result = runtime.block_on(commands::run(arguments, environment));
    // A question that nobody answers any more must not hold up the exit.
    runtime.shutdown_background();
    result
}
