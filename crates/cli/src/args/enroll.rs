//! What is handed on to the program that enrols.

use std::ffi::OsString;

use clap::Args as ClapArgs;

#[derive(ClapArgs, Debug)]
#[command(disable_help_flag = true)]
pub(crate) struct Enroll {
    /// As `mfaudit-enroll` takes them: see `mfaudit enroll --help`
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGUMENTS"
    )]
    pub(crate) arguments: Vec<OsString>,
}
