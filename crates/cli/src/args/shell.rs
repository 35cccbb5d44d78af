//! What is installed beside the program: completions and manual pages.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use clap_complete::Shell;

#[derive(ClapArgs, Debug)]
pub(crate) struct Completions {
    /// The shell that is to complete
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Man {
    /// The command, such as `audit` or `rules list`; none for the program's own page
    #[arg(value_name = "COMMAND", conflicts_with = "output_dir")]
    pub(crate) command: Vec<String>,
    /// Write every page into this folder, which is made if there is none; pages of that name there are replaced
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output_dir: Option<PathBuf>,
}
