//! What is wrong with a dataset, or with what is to be published into it.

use crate::storage::{Location, StorageError};

use super::SCHEMA_VERSION;

/// A dataset cannot be read, or a run cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A run was published by a newer version.
    #[error(
        "{at} has schema version {found}, and this version of mfaudit knows up to {SCHEMA_VERSION}"
    )]
    Newer {
        /// The run's file.
        at: Location,
        /// Its version.
        found: i64,
    },
    /// The snapshot is in the dataset, judged by something else.
    #[error(
        "run {run} is published already, judged by other rules, settings or waivers (by mfaudit {tool_version})"
    )]
    JudgedDifferently {
        /// The run.
        run: String,
        /// The version of mfaudit that published it.
        tool_version: String,
    },
    /// A file is not what it must be.
    #[error("{at} is no file of this dataset: {why}")]
    Foreign {
        /// The file.
        at: Location,
        /// What is wrong with it.
        why: String,
    },
    /// A commit has another name than its run.
    #[error(
        "{at} is the commit of run {run} under another name, and would be taken for a second run"
    )]
    Misnamed {
        /// The file.
        at: Location,
        /// Its run.
        run: String,
    },
    /// A committed run lacks a file.
    #[error("run {run} is committed, and its file {at} is missing")]
    Missing {
        /// The run.
        run: String,
        /// The file.
        at: Location,
    },
    /// The snapshot is a part of a run.
    #[error("the snapshot is of one shard, and what it lacks would be taken for gone")]
    Shard,
    /// The snapshot does not tell when it was collected.
    #[error(
        "the snapshot does not tell when it was collected, so that it has no place in a history"
    )]
    Untimed,
    /// The snapshot is of several accounts and tells no organization.
    #[error(
        "the snapshot is of several accounts and tells no organization, so that nothing tells which runs it is to be compared with"
    )]
    NoOrganization,
    /// The organization's identifier cannot be part of a path.
    #[error("`{0}` is not the identifier of an organization")]
    OrganizationName(String),
    /// What is to be published cannot be kept on this machine until it is whole.
    #[error("the run's tables cannot be kept on this machine")]
    Local(#[from] std::io::Error),
}

impl DatasetError {
    /// Returns what to do about it, as a sentence without a full stop.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Storage(error) => error.hint(),
            Self::Newer { .. } => "use a newer mfaudit; nothing was changed",
            Self::JudgedDifferently { .. } => {
                "a run is judged once: publish into another dataset, or remove the run's file in runs/ and publish again"
            }
            Self::Foreign { .. } => {
                "take it out of the dataset's folders, or write it anew from the run's snapshot"
            }
            Self::Misnamed { .. } => {
                "remove it: a run has one commit, which has the run's name; nothing was changed"
            }
            Self::Missing { .. } => {
                "put the file back, or remove the run's file in runs/ and publish its snapshot again"
            }
            Self::Shard => "merge the shards, and publish what comes of it",
            Self::Untimed => "publish a snapshot that mfaudit collected",
            Self::NoOrganization | Self::OrganizationName(_) => {
                "publish a snapshot of an organization, or of one account"
            }
            Self::Local(_) => "make room in the folder for temporary files (TMPDIR)",
        }
    }
}
