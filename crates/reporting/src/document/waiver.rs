//! Waivers in JSON: of failures, and of coverage.

use rules::{CoverageWaiver, WaiverFate, WaiverOutcome, WaiverState, WaiverUse};
use schemars::JsonSchema;
use serde::Serialize;

use super::names;
use crate::AppliedWaiver;

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

/// A waiver of the configuration, and what became of it.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Waiver")]
pub(crate) struct WaiverDocument<'a> {
    /// The rules' identifiers, with `*` and `?`.
    rule: &'a str,
    /// The principals' ARNs or names, likewise.
    principal: &'a str,
    /// The accounts' identifiers or names, likewise.
    account: &'a str,
    /// Who answers for it.
    owner: &'a str,
    /// Why it is accepted.
    reason: &'a str,
    /// The first day on which it holds, in UTC; `null` where that is not told.
    #[schemars(extend("format" = "date"))]
    created: Option<String>,
    /// The last day on which it holds, in UTC.
    #[schemars(extend("format" = "date"))]
    expires: String,
    /// Where there is more about it.
    ticket: Option<&'a str>,
    /// Whether it applied. `expired`: its last day was before the run. `too-long`: it would hold for longer than is
    /// allowed. `not-begun`: its first day is after the run. `undated`: the evidence tells no time. `unmatched`: no finding
    /// is what it is for. `not-needed`: nothing that it is for fails. `rule-not-selected`: no rule that it is for was
    /// evaluated.
    #[schemars(extend("enum" = names(&WaiverFate::ALL, WaiverFate::name)))]
    state: &'static str,
    /// The failures that it is for. They count as failures all the same.
    failures: u64,
    /// Of those, the ones that it holds for.
    failures_waived: u64,
    /// Of those that it is for, the ones that it would hold for longer than is allowed.
    failures_too_long: u64,
    /// Of those that it is for, the ones that no waiver holds for.
    failures_not_waived: u64,
    /// The last day on which it holds for all that it holds for now.
    #[schemars(extend("format" = "date"))]
    ends: Option<String>,
}

/// The waiver that holds for a failure.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "AppliedWaiver")]
pub(super) struct AppliedWaiverDocument<'a> {
    /// Who answers for it.
    owner: &'a str,
    /// Why it is accepted.
    reason: &'a str,
    /// The last day on which it holds for this failure, in UTC.
    #[schemars(extend("format" = "date"))]
    expires: String,
    /// Where there is more about it.
    ticket: Option<&'a str>,
}

impl<'a> WaiverDocument<'a> {
    pub(crate) fn of(it: WaiverOutcome<'a>) -> Self {
        let waiver = it.waiver;
        Self {
            rule: waiver.rule.as_str(),
            principal: waiver.principal.as_str(),
            account: waiver.account.as_str(),
            owner: &waiver.owner,
            reason: &waiver.reason,
            created: waiver.created.map(|it| it.to_string()),
            expires: waiver.expires.to_string(),
            ticket: waiver.ticket.as_deref(),
            state: it.fate.name(),
            failures: it.failures,
            failures_waived: it.waived,
            failures_too_long: it.too_long,
            failures_not_waived: it.unwaived,
            ends: it.ends.map(|it| it.to_string()),
        }
    }
}

impl<'a> AppliedWaiverDocument<'a> {
    pub(super) fn of(it: AppliedWaiver<'a>) -> Self {
        Self {
            owner: &it.waiver.owner,
            reason: &it.waiver.reason,
            expires: it.last_day.to_string(),
            ticket: it.waiver.ticket.as_deref(),
        }
    }
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
