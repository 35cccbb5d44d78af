//! The coverage ledger in JSON.

use model::{Cell, Dataset};
use schemars::JsonSchema;
use serde::Serialize;

use super::{coverage::dataset, names, waiver::AccountWaiverDocument};
use crate::ledger::{AccountLedger, LedgerCell, Missing};

/// An account, and how far each dataset that a selected rule needs was seen in it.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "AccountLedger")]
pub(crate) struct AccountLedgerDocument<'a> {
    account_id: &'a str,
    /// The account's name; empty where it has none.
    account_name: &'a str,
    /// The names of the organizational units above the account, joined by `/`; empty at the root.
    ou_path: &'a str,
    /// The account's state in the organization, in words.
    state: String,
    /// How far each dataset was seen. Empty for an account that is listed and not audited.
    datasets: Vec<LedgerCellDocument<'a>>,
    /// The waiver that covers what was not seen; `null` if none does, or nothing is missing.
    coverage_waiver: Option<AccountWaiverDocument<'a>>,
}

/// How far one dataset of an account was seen.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "LedgerCell")]
struct LedgerCellDocument<'a> {
    /// The kind of fact.
    #[schemars(extend("enum" = names(Dataset::ALL, dataset)))]
    dataset: &'static str,
    /// `not-visible`: only what no call of the chosen mode can show is missing.
    #[schemars(extend("enum" = names(&Cell::ALL, Cell::name)))]
    coverage: &'static str,
    /// What kept facts from being seen, most facts first.
    causes: Vec<MissingDocument<'a>>,
}

/// What kept facts of one dataset from being seen.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Missing")]
struct MissingDocument<'a> {
    /// Why.
    reason: &'static str,
    /// The AWS operation that would have told; empty where none is to blame.
    operation: &'a str,
    /// The kind of policy that denies.
    policy_kind: Option<String>,
    /// The policy's ARN, where AWS gives it.
    policy_arn: Option<&'a str>,
    /// AWS's own words about the first of the facts.
    detail: &'a str,
    /// How many facts, or ends of lists, are missing for it.
    facts: u64,
}

impl<'a> AccountLedgerDocument<'a> {
    pub(crate) fn of(ledger: &'a AccountLedger<'a>) -> Self {
        let account = ledger.account;
        Self {
            account_id: account.id.as_str(),
            account_name: &account.name,
            ou_path: &account.ou_path,
            state: account.state.to_string(),
            datasets: ledger.cells.iter().map(LedgerCellDocument::of).collect(),
            coverage_waiver: ledger.waiver.map(AccountWaiverDocument::of),
        }
    }
}

impl<'a> LedgerCellDocument<'a> {
    fn of(cell: &'a LedgerCell<'a>) -> Self {
        Self {
            dataset: dataset(cell.dataset),
            coverage: cell.coverage.name(),
            causes: cell.causes.iter().map(MissingDocument::of).collect(),
        }
    }
}

impl<'a> MissingDocument<'a> {
    fn of(missing: &Missing<'a>) -> Self {
        let gap = missing.gap;
        Self {
            reason: gap.reason.name(),
            operation: &gap.operation,
            policy_kind: gap.policy.as_ref().map(|it| it.kind.to_string()),
            policy_arn: gap.policy.as_ref().and_then(|it| it.arn.as_deref()),
            detail: &gap.detail,
            facts: missing.facts,
        }
    }
}
