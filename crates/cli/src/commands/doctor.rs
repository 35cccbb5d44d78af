//! `mfaudit doctor`.
use crate::{args::Doctor, config::Environment, error::CliError, exit::ExitStatus};
pub(super) async fn run(_: &Doctor, _: &Environment) -> Result<ExitStatus, CliError> {
    Ok(ExitStatus::Clean)
}
