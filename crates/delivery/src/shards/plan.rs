//! How a run is shared out: what the first shard says, and every other is held to.

use serde::{Deserialize, Serialize};

use super::shard::MOST;

/// The name of the list of accounts in the run's folder.
pub const ACCOUNTS: &str = "accounts.jsonl";
/// The name of the plan in the run's folder.
pub const PLAN: &str = "shards.json";
/// The version of the plan's form.
const VERSION: u32 = 1;

/// How a run is shared out.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Plan {
    version: u32,
    /// How many shards there are.
    pub shards: u32,
    /// The SHA-256 of the list of accounts, in hexadecimal.
    pub account_list: String,
}

/// A plan cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum InvalidPlan {
    /// It is no plan.
    #[error("{PLAN} is malformed")]
    Malformed(#[source] serde_json::Error),
    /// A newer version wrote it.
    #[error("{PLAN} has version {0}, and this version reads up to {VERSION}: use a newer mfaudit")]
    Newer(u32),
    /// So many shards no run has.
    #[error("{PLAN} tells of {0} shards, and a run has 1 to {MOST}")]
    Shards(u32),
}

impl Plan {
    /// Returns the plan of so many shards of a list.
    pub const fn new(shards: u32, account_list: String) -> Self {
        Self {
            version: VERSION,
            shards,
            account_list,
        }
    }

    /// Returns what stands in the run's folder.
    pub fn text(&self) -> String {
        // Numbers and text cannot fail.
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    /// Reads what stands in the run's folder.
    ///
    /// # Errors
    ///
    /// Fails if it is no plan, one of a newer version, or one of more shards than there may be, or of none.
    pub fn read(text: &[u8]) -> Result<Self, InvalidPlan> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let Versioned { version } = serde_json::from_slice(text).map_err(InvalidPlan::Malformed)?;
        if version > VERSION {
            return Err(InvalidPlan::Newer(version));
        }
        let plan: Self = serde_json::from_slice(text).map_err(InvalidPlan::Malformed)?;
        if (1..=MOST).contains(&plan.shards) {
            Ok(plan)
        } else {
            Err(InvalidPlan::Shards(plan.shards))
        }
    }
}
