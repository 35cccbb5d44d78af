//! One run, shared out among machines: a list of accounts, a snapshot of each shard's accounts, and the merge of all.
//!
//! ```text
//! accounts.jsonl          what discovery saw, and every account: written once
//! shards.json             how many shards there are, and of which list: written by the first shard
//! shards/3-of-8.mfaudit   the snapshot of shard 3: written once
//! ```
//!
//! Nothing in it is ever overwritten, so that a shard may run twice, or at two places at once.

mod account_list;
mod merge;
mod plan;
mod shard;
#[cfg(test)]
mod tests;

pub use self::{
    account_list::{AccountListError, AccountListFile, AccountListHead, write_account_list},
    merge::{MergeError, Merged, MissingShard, merge},
    plan::{ACCOUNTS, InvalidPlan, PLAN, Plan},
    shard::{InvalidShard, Shard},
};
