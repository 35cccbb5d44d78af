//! Coverage waivers in JSON.

use rules::{CoverageWaiver, WaiverState, WaiverUse};
use schemars::JsonSchema;
use serde::Serialize;

use super::names;

/// A coverage waiver of the configuration, and what became of it.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "CoverageWaiver")]
pub(crate) struct CoverageWaiverDocument<'a> {
    /// What `scope` names.
    #[schemars(extend("enum" = ["account", "ou"]))]
    scope_kind: &'static str,
    /// The account's identifier, or the path of the organizational unit, which stands for those below too.
    scope: &'a str,
    /// Why not all is seen there.
    reason: &'a str,
    /// Who answers for it.
    owner: &'a str,
    /// The last day on which it holds, in UTC.
    #[schemars(extend("format" = "date"))]
    expires: String,
    /// Whether it applied. `expired`: its last day was before the run. `undated`: the evidence tells no time, so that it
    /// did not apply. `unmatched`: no audited account is in its scope. `not-needed`: all that are were fully seen.
    #[schemars(extend("enum" = names(&WaiverState::ALL, WaiverState::name)))]
    state: &'static str,
    /// The audited accounts in its scope that were not fully seen. If it is active, they are not held against the gate;
    /// they count as not seen all the same.
    accounts: u64,
    /// Of those, the accounts that no waiver covers, so that they are held against the gate.
    accounts_held: u64,
    /// The audited accounts in its scope.
    accounts_matched: u64,
}

/// The waiver that covers what was not seen of an account.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "AccountWaiver")]
pub(super) struct AccountWaiverDocument<'a> {
    /// What `scope` names.
    #[schemars(extend("enum" = ["account", "ou"]))]
    scope_kind: &'static str,
    /// The account's identifier, or the path of the organizational unit.
    scope: &'a str,
    /// Why not all is seen there.
    reason: &'a str,
    /// Who answers for it.
    owner: &'a str,
    /// The last day on which it holds, in UTC.
    #[schemars(extend("format" = "date"))]
    expires: String,
}

impl<'a> CoverageWaiverDocument<'a> {
    pub(crate) fn of(it: WaiverUse<'a>) -> Self {
        Self {
            scope_kind: it.waiver.scope.kind(),
            scope: it.waiver.scope.value(),
            reason: &it.waiver.reason,
            owner: &it.waiver.owner,
            expires: it.waiver.expires.to_string(),
            state: it.state.name(),
            accounts: it.accounts_short,
            accounts_held: it.accounts_held,
            accounts_matched: it.accounts_matched,
        }
    }
}

impl<'a> AccountWaiverDocument<'a> {
    pub(super) fn of(it: &'a CoverageWaiver) -> Self {
        Self {
            scope_kind: it.scope.kind(),
            scope: it.scope.value(),
            reason: &it.reason,
            owner: &it.owner,
            expires: it.expires.to_string(),
        }
    }
}
