//! Where runs go and where they meet: object storage, shards of one run, the dataset of all runs, notifications.

#[cfg(feature = "parquet")]
pub mod dataset;
#[cfg(feature = "notify")]
pub mod notify;
pub mod shards;
pub mod storage;
