//! Whether anybody is told of a run.

use clap::Args as ClapArgs;

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Notifications")]
pub(crate) struct NotifyArgs {
    /// Tell nobody of this run, and need none of the secrets of `[[notify]]`; its keys and templates are checked all the same
    #[arg(long)]
    pub(crate) no_notify: bool,
}
