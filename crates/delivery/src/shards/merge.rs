//! From the snapshots of shards to the snapshot of the run: the bytes that one machine would have written.

use std::{
    collections::VecDeque,
    io::{Read, Seek, Write},
};

use model::{
    Account, AccountId, Gap, GapReason, Record,
    snapshot::{RecordSource, ShardOf, SnapshotError, SnapshotFile, SnapshotWriter, SourceError},
};

use super::{AccountListError, AccountListFile, Shard};

/// What a merge came to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Merged {
    /// How many accounts are in the snapshot.
    pub accounts: u64,
    /// The shards that delivered nothing.
    pub missing: Vec<MissingShard>,
}

/// A shard that delivered nothing, and whose accounts are gaps therefore.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MissingShard {
    /// Which one.
    pub shard: Shard,
    /// Its accounts, in account order.
    pub accounts: Vec<AccountId>,
}

/// Why shards cannot be merged.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// The list of accounts cannot be read.
    #[error(transparent)]
    List(#[from] AccountListError),
    /// A shard's snapshot cannot be read.
    #[error("the snapshot of {shard} cannot be used")]
    Unreadable {
        /// Which one.
        shard: Shard,
        /// What is wrong with it.
        source: SourceError,
    },
    /// A shard's snapshot does not belong to the run.
    #[error("the snapshot of {shard} does not belong to this run: {why}")]
    Foreign {
        /// Which one.
        shard: Shard,
        /// How that shows.
        why: String,
    },
    /// No shard has an account.
    #[error("account {0} belongs to no shard")]
    Unshared(AccountId),
    /// The snapshot cannot be written.
    #[error(transparent)]
    Write(SnapshotError),
}

/// Merges the snapshots of all shards of a list, in their order, into one snapshot; a shard that delivered nothing is
/// `None`, and each of its accounts a record of gaps that say so.
///
/// # Errors
///
/// Fails if a snapshot is broken, or of another list or another shard, or if there are no shards; then `out` holds nothing that can be read.
pub fn merge<R: Read + Seek, W: Write>(
    list: &mut AccountListFile,
    shards: Vec<Option<SnapshotFile<R>>>,
    out: W,
) -> Result<Merged, MergeError> {
    let count = u32::try_from(shards.len()).unwrap_or(u32::MAX);
    let mut parts: Vec<Part<R>> = Vec::new();
    for (shard, file) in Shard::all(count).zip(shards) {
        let file = file
            .map(|file| Records::of(file, shard, list.sha256()))
            .transpose()?;
        parts.push(Part {
            shard,
            file,
            missing: Vec::new(),
        });
    }
    let header = list.head().complete_header();
    let discovered = list.head().discovered.clone();
    let mut writer = SnapshotWriter::new(out, &header).map_err(MergeError::Write)?;
    let mut accounts = 0;
    list.each(|account| {
        accounts += 1;
        let place = Shard::of(&account.id, count) as usize;
        let Some(part) = parts.get_mut(place) else {
            return Err(MergeError::Unshared(account.id));
        };
        let record = if let Some(file) = &mut part.file {
            file.record(&account)?
        } else {
            part.missing.push(account.id.clone());
            let ou_path = discovered.path(&account.ou_path);
            missing(Account { ou_path, ..account }, part.shard)
        };
        writer.append(&record).map_err(MergeError::Write)
    })?;
    let mut merged = Merged {
        accounts,
        missing: Vec::new(),
    };
    for part in parts {
        match part.file {
            Some(file) => file.end()?,
            None => merged.missing.push(MissingShard {
                shard: part.shard,
                accounts: part.missing,
            }),
        }
    }
    writer.finish().map_err(MergeError::Write)?;
    Ok(merged)
}

fn missing(account: Account, shard: Shard) -> Record {
    Record::unseen(account, |dataset| Gap {
        detail: format!("{shard} delivered nothing"),
        ..Gap::new(dataset, GapReason::ShardMissing)
    })
}

struct Part<R> {
    shard: Shard,
    file: Option<Records<R>>,
    /// The accounts of a shard that delivered nothing.
    missing: Vec<AccountId>,
}

/// The records of a shard's snapshot, one after the other.
struct Records<R> {
    file: SnapshotFile<R>,
    shard: Shard,
    next: VecDeque<Record>,
}

impl<R: Read + Seek> Records<R> {
    fn of(file: SnapshotFile<R>, shard: Shard, list: &str) -> Result<Self, MergeError> {
        let foreign = |why: String| MergeError::Foreign { shard, why };
        let Some(ShardOf {
            index,
            count,
            account_list,
        }) = &file.header().shard
        else {
            return Err(foreign("it is of a whole run".to_owned()));
        };
        if (*index, *count) != (shard.index(), shard.count()) {
            return Err(foreign(format!("it is shard {index} of {count}")));
        }
        if account_list != list {
            return Err(foreign("it is of another list of accounts".to_owned()));
        }
        Ok(Self {
            file,
            shard,
            next: VecDeque::new(),
        })
    }

    fn next(&mut self) -> Result<Option<Record>, MergeError> {
        let unreadable = |source| MergeError::Unreadable {
            shard: self.shard,
            source,
        };
        while self.next.is_empty() {
            let Some(batch) = self.file.next_batch() else {
                return Ok(None);
            };
            let decoded = batch.and_then(|decode| decode()).map_err(unreadable)?;
            self.next.extend(decoded);
        }
        Ok(self.next.pop_front())
    }

    /// Returns the record of an account, whose turn it must be.
    fn record(&mut self, account: &Account) -> Result<Record, MergeError> {
        let record = self.next()?.filter(|it| it.account.id == account.id);
        record.ok_or_else(|| MergeError::Foreign {
            shard: self.shard,
            why: format!("account {} is not where it must be in it", account.id),
        })
    }

    fn end(mut self) -> Result<(), MergeError> {
        match self.next()? {
            None => Ok(()),
            Some(record) => Err(MergeError::Foreign {
                shard: self.shard,
                why: format!("account {} is on no list", record.account.id),
            }),
        }
    }
}
