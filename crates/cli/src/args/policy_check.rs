//! Which policies are checked.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::ConfigArgs;

#[derive(ClapArgs, Debug)]
pub(crate) struct PolicyCheck {
    /// Policy documents of one user: its own, and its groups'. Without any, one that allows everything is assumed
    #[arg(value_name = "FILE", required_unless_present_any = ["scp", "recommended"])]
    pub(crate) files: Vec<PathBuf>,
    /// A service control policy over the user's account; repeatable. Where none of them allows anything, AWS's full access is
    /// assumed beside them
    #[arg(long, value_name = "FILE")]
    pub(crate) scp: Vec<PathBuf>,
    /// The user's permissions boundary
    #[arg(long, value_name = "FILE")]
    pub(crate) boundary: Option<PathBuf>,
    /// How to write it
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: PolicyCheckForm,
    /// Print a recommended document instead: it enforces MFA, and leaves users what it takes to enrol
    #[arg(long, value_name = "DOCUMENT", conflicts_with_all = ["files", "scp", "boundary"])]
    pub(crate) recommended: Option<Recommended>,
    /// The partition of the recommended policy; repeatable
    #[arg(
        long,
        value_name = "NAME",
        default_value = "aws",
        requires = "recommended"
    )]
    pub(crate) partition: Vec<String>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum PolicyCheckForm {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Recommended {
    /// For users, or a group of them
    Policy,
    /// A service control policy
    Scp,
}
