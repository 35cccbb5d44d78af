//! Accounts and organizational units in JSON.

use rules::Severity;
use schemars::JsonSchema;
use serde::Serialize;

use super::names;
use crate::summary::{AccountName, AccountNotActive, OuCounts, WorstAccount};

/// An account that is listed and not audited.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "AccountNotActive")]
pub(super) struct AccountNotActiveDocument<'a> {
    account_id: &'a str,
    account_name: &'a str,
    ou_path: &'a str,
    /// The state, in words.
    state: String,
}

/// The audited accounts of one organizational unit.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Ou")]
pub(super) struct OuDocument<'a> {
    /// The names of the units, joined by `/`; empty at the root.
    ou_path: &'a str,
    accounts: u64,
    /// The findings that fail.
    failures: u64,
    /// The accounts that were not fully seen.
    accounts_short: u64,
}

/// An account with failures.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "WorstAccount")]
pub(super) struct WorstAccountDocument<'a> {
    account_id: &'a str,
    account_name: &'a str,
    ou_path: &'a str,
    /// The findings that fail.
    failures: u64,
    /// The severity of the worst of them.
    #[schemars(extend("enum" = names(&Severity::ALL, Severity::name)))]
    severity: &'static str,
}

/// An account's identity.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Account")]
pub(super) struct AccountDocument<'a> {
    account_id: &'a str,
    account_name: &'a str,
}

impl<'a> AccountNotActiveDocument<'a> {
    pub(super) fn of(it: &'a AccountNotActive) -> Self {
        Self {
            account_id: it.account.id.as_str(),
            account_name: &it.account.name,
            ou_path: &it.ou_path,
            state: it.state.to_string(),
        }
    }
}

impl<'a> OuDocument<'a> {
    pub(super) fn of(it: &'a OuCounts) -> Self {
        Self {
            ou_path: &it.path,
            accounts: it.accounts,
            failures: it.failures,
            accounts_short: it.accounts_short,
        }
    }
}

impl<'a> WorstAccountDocument<'a> {
    pub(super) fn of(it: &'a WorstAccount) -> Self {
        Self {
            account_id: it.account.id.as_str(),
            account_name: &it.account.name,
            ou_path: &it.ou_path,
            failures: it.failures,
            severity: it.severity.name(),
        }
    }
}

impl<'a> AccountDocument<'a> {
    pub(super) fn of(it: &'a AccountName) -> Self {
        Self {
            account_id: it.id.as_str(),
            account_name: &it.name,
        }
    }
}
