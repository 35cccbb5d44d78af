//! What comes before the first audit: policies, and the doctor.

use clap::{Args as ClapArgs, ValueEnum};
use model::{AccountId, Dataset};

use super::{AssumeRoot, ConfigArgs, ConnectionArgs, RoleArgs, RuleArgs};
use crate::values::dataset;

#[derive(ClapArgs, Debug)]
pub(crate) struct Policy {
    /// For which account
    #[arg(long = "for", value_name = "ACCOUNT")]
    pub(crate) site: PolicySite,
    /// How to write it
    #[arg(long = "as", value_name = "FORM", default_value = "json")]
    pub(crate) form: PolicyForm,
    /// The role or user that runs the audit; nobody else may assume the role
    #[arg(long, value_name = "ARN")]
    pub(crate) principal: Option<String>,
    /// The organization the principal must be in
    #[arg(long, value_name = "ID")]
    pub(crate) organization: Option<String>,
    /// The partition
    #[arg(long, value_name = "NAME", default_value = "aws")]
    pub(crate) partition: String,
    /// Permit what this takes too, though no chosen rule needs it; repeatable
    #[arg(long, value_name = "DATASET", value_parser = dataset())]
    pub(crate) also: Vec<Dataset>,
    /// Permit sessions of member accounts' root users too, for an audit with --assume-root
    #[arg(long, value_name = "WHEN", default_value = "never")]
    pub(crate) assume_root: AssumeRoot,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) role: RoleArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum PolicySite {
    /// Each audited account: the read calls
    Member,
    /// The account that runs the audit (the management account or a delegated administrator), and the management account's own role
    Management,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum PolicyForm {
    /// An IAM policy document
    Json,
    /// A template with the role, its trust and the policy: a StackSet for member accounts, a plain stack for the
    /// management account
    Cloudformation,
    /// A configuration with the same role, for one account
    Terraform,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
    #[command(flatten)]
    pub(crate) role: RoleArgs,
    /// Try a session of a member account's root user too, for an audit with --assume-root
    #[arg(long, value_name = "WHEN", default_value = "never")]
    pub(crate) assume_root: AssumeRoot,
    /// The member account to try; else the first active one
    #[arg(long, value_name = "ID", help_heading = "Scope")]
    pub(crate) account: Option<AccountId>,
    /// Try every active account, and tell by cause what would be missing where
    #[arg(long, conflicts_with = "account", help_heading = "Scope")]
    pub(crate) all: bool,
}
