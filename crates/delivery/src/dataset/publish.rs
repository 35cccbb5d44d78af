//! A dataset, and how a run gets into it.

use std::fs::File;

use futures_util::{StreamExt, TryStreamExt, stream};
use model::Timestamp;

use super::{
    DatasetError, RunId, RunRow, Staged,
    tables::{RUNS, Table},
};
use crate::storage::{Store, Trouble, Written};

/// How many commits are read at once.
const AT_ONCE: usize = 16;

/// A dataset of runs.
#[derive(Clone, Debug)]
pub struct Dataset {
    store: Store,
}

/// How a run stands to a dataset before it is published.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Standing {
    /// It is not there.
    New,
    /// It is there, judged by the same.
    There,
}

/// What publishing a run came to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Published {
    /// It is there now.
    New,
    /// Another published it at the same time, judged by the same; what was written for it belongs to no run.
    There,
}

impl Dataset {
    /// Returns the dataset in a folder, of which nothing is asked yet.
    pub const fn new(store: Store) -> Self {
        Self { store }
    }

    pub(super) const fn store(&self) -> &Store {
        &self.store
    }

    /// Returns every committed run, by organization and then by time: of two of one time, such as a run that was merged again
    /// with a shard that was missing, the one that was published first comes first.
    ///
    /// # Errors
    ///
    /// Fails if a commit cannot be read, has not its run's name, or was written by a newer version.
    pub async fn runs(&self) -> Result<Vec<RunRow>, DatasetError> {
        let listed = self.store.list(RUNS.name).await?;
        let names = listed.into_iter().map(|it| it.name);
        // What a writer has under another name until it is whole is no commit.
        let commits = names.filter(|it| it.ends_with(".parquet") && !it.contains('/'));
        let rows = stream::iter(commits).map(|name| async move {
            let name = format!("{}/{name}", RUNS.name);
            let file = self.fetch(&name).await?;
            let at = self.store.root().join(&name);
            let run = RunRow::of_file(file, &at)?;
            if RunRow::commit_of(&run.run_id) == name {
                Ok(run)
            } else {
                let run = run.run_id;
                Err(DatasetError::Misnamed { at, run })
            }
        });
        let mut rows: Vec<_> = rows.buffered(AT_ONCE).try_collect().await?;
        rows.sort_by(|one, other| {
            let key = |it: &RunRow| {
                let times = (it.collected_at, it.published_at);
                (it.organization.clone(), times, it.run_id.clone())
            };
            key(one).cmp(&key(other))
        });
        Ok(rows)
    }

    /// Tells whether a run is there already, and that nothing stands in the way of publishing it.
    ///
    /// # Errors
    ///
    /// Fails if it is there and was judged by something else, or the dataset cannot be added to.
    pub async fn standing(
        &self,
        run: &RunId,
        criteria_sha256: &str,
    ) -> Result<Standing, DatasetError> {
        let runs = self.runs().await?;
        let found = runs.iter().find(|it| it.run_id == run.as_str());
        match found {
            None => Ok(Standing::New),
            Some(it) if it.criteria_sha256 == criteria_sha256 => Ok(Standing::There),
            Some(it) => Err(DatasetError::JudgedDifferently {
                run: it.run_id.clone(),
                tool_version: it.tool_version.clone(),
            }),
        }
    }

    /// Adds a run: its tables, and then its commit, which says when it was made by this clock.
    ///
    /// # Errors
    ///
    /// Fails if something cannot be written, or another published the run meanwhile, judged by something else. Readers see
    /// the run whole or not at all.
    pub async fn publish(
        &self,
        staged: Staged,
        now: impl Fn() -> Timestamp,
    ) -> Result<Published, DatasetError> {
        let mut row = staged.row;
        for (table, file) in staged.files {
            // The name is this attempt's own: nothing can be there.
            let name = row.file_of(table);
            self.store
                .upload(&name, file, crate::storage::Overwrite::Never)
                .await?;
        }
        row.published_at = now();
        let commit = RunRow::commit_of(&row.run_id);
        match self.store.create(&commit, row.to_file()?).await? {
            Written::New => Ok(Published::New),
            Written::There => {
                let run =
                    RunRow::of_file(self.fetch(&commit).await?, &self.store.root().join(&commit))?;
                // A request that was sent twice may have found its own.
                if run.publication == row.publication {
                    Ok(Published::New)
                } else if run.criteria_sha256 == row.criteria_sha256 {
                    Ok(Published::There)
                } else {
                    Err(DatasetError::JudgedDifferently {
                        run: run.run_id,
                        tool_version: run.tool_version,
                    })
                }
            }
        }
    }

    /// Opens a run's file of a table.
    pub(super) async fn table(&self, run: &RunRow, table: &Table) -> Result<File, DatasetError> {
        let name = run.file_of(table);
        match self.fetch(&name).await {
            Err(DatasetError::Storage(error)) if error.trouble == Trouble::NotFound => {
                Err(DatasetError::Missing {
                    run: run.run_id.clone(),
                    at: self.store.root().join(&name),
                })
            }
            other => other,
        }
    }

    /// Opens a file: where it is, or a copy that is gone when it is closed.
    async fn fetch(&self, name: &str) -> Result<File, DatasetError> {
        if let Some(path) = self.store.root().join(name).local_path()
            && let Ok(file) = File::open(path)
        {
            return Ok(file);
        }
        let mut file = tempfile::tempfile()?;
        self.store.download(name, &mut file).await?;
        Ok(file)
    }
}
