//! Who asks, as which role, about which accounts.

use clap::{ArgAction, Args as ClapArgs};
use model::AccountId;

use crate::values::{account_or_self, role_name, role_path};

#[derive(ClapArgs, Clone, Debug)]
#[command(next_help_heading = "Role")]
pub(crate) struct RoleArgs {
    /// The role to assume in every account but the caller's own
    #[arg(long, value_name = "NAME", default_value = "mfaudit-audit", value_parser = role_name)]
    pub(crate) role_name: String,
    /// The role's path
    #[arg(long, value_name = "PATH", default_value = "/", value_parser = role_path)]
    pub(crate) role_path: String,
    /// The external id that the role's trust policy demands
    #[arg(long, value_name = "ID")]
    pub(crate) external_id: Option<String>,
    /// Do not shrink the assumed role to the read calls that are made
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true", action = ArgAction::Set, hide_default_value = true, hide_possible_values = true)]
    pub(crate) no_session_policy: bool,
}

impl RoleArgs {
    /// Returns the role's name with its path, without a slash at the beginning.
    pub(crate) fn name_with_path(&self) -> String {
        format!(
            "{}{}",
            self.role_path.trim_start_matches('/'),
            self.role_name
        )
    }
}

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Scope")]
pub(crate) struct ScopeArgs {
    /// Only this account, or `self` for the caller's own without the organization; repeatable
    #[arg(long, value_name = "ID|self", value_parser = account_or_self)]
    pub(crate) account: Vec<AccountOrSelf>,
    /// Not this account; repeatable
    #[arg(long, value_name = "ID")]
    pub(crate) exclude_account: Vec<AccountId>,
    /// Only accounts in or below this organizational unit, by id, name or path; repeatable
    #[arg(long, value_name = "ID|NAME|PATH")]
    pub(crate) ou: Vec<String>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum AccountOrSelf {
    Account(AccountId),
    Own,
}
