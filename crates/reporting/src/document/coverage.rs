//! What was seen, in JSON.

use model::Dataset;
use rules::{CellCounts, Coverage};
use schemars::JsonSchema;
use serde::Serialize;

use super::names;

/// What was seen of what the rules need: a cell is an account in scope × a dataset.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Coverage")]
pub(super) struct CoverageDocument {
    /// The share of cells fully seen, to two decimals, rounded down. What no call of the chosen mode can show counts
    /// as seen. `null` if there was nothing to see.
    percent: Option<f64>,
    /// The cells by dataset.
    cells: Vec<CellsDocument>,
    /// The accounts in scope.
    accounts: u64,
    /// The accounts in scope that were not fully seen.
    accounts_short: u64,
    /// The management accounts in scope of which a whole dataset was not seen.
    management_unseen: u64,
}

/// The accounts by how far one dataset was seen.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Cells")]
struct CellsDocument {
    /// The kind of fact.
    #[schemars(extend("enum" = names(Dataset::ALL, dataset)))]
    dataset: &'static str,
    /// Accounts where every fact was seen.
    seen: u64,
    /// Accounts where only what no call of the chosen mode can show is missing.
    not_visible: u64,
    /// Accounts where some facts are missing.
    partly: u64,
    /// Accounts where every fact is missing.
    not_seen: u64,
}

impl CoverageDocument {
    pub(super) fn of(coverage: &Coverage, hundredths: Option<u64>) -> Self {
        let percent = hundredths.and_then(|it| u32::try_from(it).ok());
        Self {
            percent: percent.map(|it| f64::from(it) / 100.0),
            cells: coverage
                .cells
                .iter()
                .map(|(it, counts)| CellsDocument::of(*it, *counts))
                .collect(),
            accounts: coverage.accounts,
            accounts_short: coverage.accounts_short,
            management_unseen: coverage.management_unseen,
        }
    }
}

impl CellsDocument {
    const fn of(it: Dataset, counts: CellCounts) -> Self {
        Self {
            dataset: dataset(it),
            seen: counts.seen,
            not_visible: counts.not_visible,
            partly: counts.partly,
            not_seen: counts.not_seen,
        }
    }
}

/// Returns the stable kebab-case name.
pub(super) const fn dataset(it: Dataset) -> &'static str {
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
