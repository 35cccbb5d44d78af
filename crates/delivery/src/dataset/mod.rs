//! The dataset of all runs: Parquet tables that any query engine reads.
//!
//! ```text
//! findings/date=2026-11-24/organization=o-…/<publication>.parquet
//! principals/…  devices/…  coverage/…              the same
//! runs/<run id>.parquet                            one row: the commit
//! ```
//!
//! The file in `runs` is written last, and only if there is none: of all who publish a run at once, one does. It names
//! the publication whose rows are the run's; each attempt has a name of its own, so that what an attempt left that was
//! killed or came second belongs to no run. Whoever lists `runs` before the other tables sees runs whole or not at all.

mod commit;
mod error;
mod history;
mod page;
mod publish;
mod read;
mod rows;
mod run;
pub mod sql;
mod stage;
pub mod tables;
#[cfg(test)]
mod tests;

pub use self::{
    commit::{RunCounts, RunRow},
    error::DatasetError,
    history::{History, Query, QueryRow},
    page::page,
    publish::{Dataset, Published, Standing},
    run::{Judged, RunId},
    stage::{Staged, Staging},
};

/// The version of the tables' schema. A version adds columns, which are null in runs before it; readers take this one
/// and every earlier one. What would make an earlier reader tell something wrong gets the next number.
pub const SCHEMA_VERSION: i64 = 1;
