//! What was seen, in JSON.

use model::{Dataset, snapshot::AccountList};
use rules::{CellCounts, Strictness};
use schemars::JsonSchema;
use serde::Serialize;

use super::names;
use crate::{Summary, summary::share};

/// What was seen of what the rules need: a cell is an account in scope × a dataset.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Coverage")]
pub(super) struct CoverageDocument<'a> {
    /// The share of cells fully seen, to two decimals, rounded down. What no call of the chosen mode can show counts
    /// as seen. `null` if there was nothing to see.
    percent: Option<f64>,
    /// The same share without the cells that a coverage waiver covers: what the gate decides on. `null` if there was
    /// nothing else to see.
    percent_not_waived: Option<f64>,
    /// The cells by dataset.
    cells: Vec<CellsDocument>,
    /// Why the list of accounts was not read to its end, so that accounts are missing that nobody knows of, and the
    /// gate stays closed; `null` if it was.
    account_list_cut: Option<&'a str>,
    /// The accounts in scope.
    accounts: u64,
    /// The accounts in scope that were not fully seen.
    accounts_short: u64,
    /// Of those, the accounts that a coverage waiver covers. They were not fully seen all the same.
    accounts_waived: u64,
    /// The management accounts in scope of which a whole dataset was not seen.
    management_unseen: u64,
    /// Of those, the accounts that a coverage waiver covers.
    management_waived: u64,
}

/// The accounts by how far one dataset was seen.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Cells")]
struct CellsDocument {
    /// The kind of fact.
    #[schemars(extend("enum" = names(Dataset::ALL, dataset)))]
    dataset: &'static str,
    /// The share of accounts where the dataset was fully seen, to two decimals, rounded down. What no call of the
    /// chosen mode can show counts as seen. `null` if there is no account.
    percent: Option<f64>,
    /// Accounts where every fact was seen.
    seen: u64,
    /// Accounts where only what no call of the chosen mode can show is missing.
    not_visible: u64,
    /// Accounts where some facts are missing.
    partly: u64,
    /// Accounts where every fact is missing.
    not_seen: u64,
    /// Of the accounts where some or all facts are missing, those that a coverage waiver covers.
    waived: u64,
}

impl<'a> CoverageDocument<'a> {
    pub(super) fn of(summary: &'a Summary) -> Self {
        let coverage = &summary.totals.coverage;
        Self {
            percent: percent(summary.coverage(Strictness::Visible)),
            percent_not_waived: percent(summary.coverage_held(Strictness::Visible)),
            cells: coverage
                .cells
                .iter()
                .map(|(it, counts)| CellsDocument::of(*it, *counts))
                .collect(),
            account_list_cut: match &summary.totals.account_list {
                AccountList::Whole => None,
                AccountList::Cut(why) => Some(why),
            },
            accounts: coverage.accounts,
            accounts_short: coverage.accounts_short,
            accounts_waived: coverage.accounts_waived,
            management_unseen: coverage.management_unseen,
            management_waived: coverage.management_waived,
        }
    }
}

impl CellsDocument {
    fn of(it: Dataset, counts: CellCounts) -> Self {
        Self {
            dataset: dataset(it),
            percent: percent(share(counts.seen_of_all(Strictness::Visible))),
            seen: counts.seen,
            not_visible: counts.not_visible,
            partly: counts.partly,
            not_seen: counts.not_seen,
            waived: counts.waived,
        }
    }
}

fn percent(hundredths: Option<u64>) -> Option<f64> {
    let hundredths = hundredths.and_then(|it| u32::try_from(it).ok());
    hundredths.map(|it| f64::from(it) / 100.0)
}

/// Returns the stable kebab-case name.
pub(crate) const fn dataset(it: Dataset) -> &'static str {
    match it {
        Dataset::RootCredentials => "root-credentials",
        Dataset::RootMfa => "root-mfa",
        Dataset::RootMfaDevices => "root-mfa-devices",
        Dataset::IamUsers => "iam-users",
        Dataset::LoginProfiles => "login-profiles",
        Dataset::MfaStatus => "mfa-status",
        Dataset::MfaDevices => "mfa-devices",
        Dataset::AccessKeys => "access-keys",
        Dataset::IdentityProviders => "identity-providers",
    }
}
