//! The folder of a run that is shared out among machines.

use std::{fs::File, io::Seek};

use delivery::{
    shards::{ACCOUNTS, AccountListError, AccountListFile, InvalidPlan, PLAN, Plan},
    storage::{Location, Store, Written},
};
use inventory::{SeenFeatures, SeenPolicies};
use model::snapshot::RootAccess;
use serde::{Deserialize, Serialize};

use crate::{
    args::StorageArgs,
    error::{CliError, Kind},
    output,
    storage::{Storage, storage_error},
};

/// What to do where the folder of a shared run cannot be used.
const ANEW: &str =
    "nothing of it was used; share out the run anew, in another folder: mfaudit discover --to URL";

/// What discovery asks once for all shards.
#[derive(Deserialize, Serialize)]
pub(crate) struct AskedOnce {
    pub(crate) root_access: RootAccess,
    pub(crate) features: Option<SeenFeatures>,
    pub(crate) service_control_policies: Option<SeenPolicies>,
}

/// The folder of a run that is shared out.
pub(crate) struct SharedRun<'a> {
    storage: &'a Storage,
    store: Store,
}

impl<'a> SharedRun<'a> {
    pub(crate) fn open(storage: &'a Storage, at: &Location) -> Result<Self, CliError> {
        Ok(Self {
            storage,
            store: storage.open(at)?,
        })
    }

    pub(crate) const fn at(&self) -> &Location {
        self.store.root()
    }

    /// Returns the list of accounts; `None` if there is none.
    pub(crate) fn account_list(&self) -> Result<Option<AccountListFile>, CliError> {
        // A place that is not there at all is an error, and no list that is not there yet.
        if !self.has(ACCOUNTS)? {
            return Ok(None);
        }
        let Some(file) = self.file(ACCOUNTS)? else {
            return Ok(None);
        };
        let failed = |error| self.unusable(ACCOUNTS, &error);
        AccountListFile::open(file).map(Some).map_err(failed)
    }

    fn unusable(&self, name: &str, error: &AccountListError) -> CliError {
        let what = format!("cannot use {}: {error}", self.at().join(name));
        CliError::new(Kind::Failed, what).hint(ANEW)
    }

    /// Puts a list of accounts there, unless there is one; returns the one that is there then.
    pub(crate) fn share(&self, list: File) -> Result<AccountListFile, CliError> {
        self.create(ACCOUNTS, list)?;
        self.shared_list()
    }

    /// Returns the list of accounts that was put there.
    pub(crate) fn shared_list(&self) -> Result<AccountListFile, CliError> {
        let list = self.account_list()?;
        let gone = || {
            CliError::new(
                Kind::Failed,
                format!("{} is gone", self.at().join(ACCOUNTS)),
            )
        };
        list.ok_or_else(gone)
    }

    /// Returns how the run is shared out; `None` if no shard has begun.
    pub(crate) fn plan(&self) -> Result<Option<Plan>, CliError> {
        let found = self.storage.block_on(self.store.read(PLAN))?;
        let read = |text: bytes::Bytes| {
            Plan::read(&text).map_err(|error: InvalidPlan| {
                let what = format!("cannot use {}: {error}", self.at().join(PLAN));
                CliError::new(Kind::Failed, what).hint(ANEW)
            })
        };
        found.map_err(storage_error)?.map(read).transpose()
    }

    /// Says how the run is shared out, and fails if it is shared out otherwise.
    pub(crate) fn agree(&self, plan: &Plan) -> Result<(), CliError> {
        let created = self
            .storage
            .block_on(self.store.create(PLAN, plan.text()))?;
        if created.map_err(storage_error)? == Written::New {
            return Ok(());
        }
        let there = self.plan()?;
        match there {
            Some(it) if it == *plan => Ok(()),
            Some(it) if it.account_list != plan.account_list => {
                let what = format!("{} is of a run over another list of accounts", self.at());
                Err(CliError::new(Kind::Usage, what)
                    .hint("name a folder of its own for each run with --to"))
            }
            Some(it) => {
                let what = format!(
                    "{} is of a run in {} shards, not {}",
                    self.at(),
                    it.shards,
                    plan.shards
                );
                let hint = "start every shard with the same number; for another number, name another folder with --to";
                Err(CliError::new(Kind::Usage, what).hint(hint))
            }
            None => Err(CliError::new(
                Kind::Failed,
                format!("{} is gone", self.at().join(PLAN)),
            )),
        }
    }

    /// Tells whether there is an object of that name.
    pub(crate) fn has(&self, name: &str) -> Result<bool, CliError> {
        self.storage
            .block_on(self.store.exists(name))?
            .map_err(storage_error)
    }

    /// Puts a file there, unless there is one of that name.
    pub(crate) fn create(&self, name: &str, file: File) -> Result<Written, CliError> {
        self.storage
            .block_on(self.store.create_from(name, file))?
            .map_err(storage_error)
    }

    /// Returns a copy of an object; `None` if there is none.
    pub(crate) fn file(&self, name: &str) -> Result<Option<File>, CliError> {
        let failed = |error| output::cannot_write(&std::env::temp_dir(), error);
        let mut file = tempfile::tempfile().map_err(failed)?;
        let fetched = self
            .storage
            .block_on(self.store.download(name, &mut file))?;
        match fetched {
            Err(error) if error.trouble == delivery::storage::Trouble::NotFound => return Ok(None),
            other => other.map_err(storage_error)?,
        }
        file.rewind().map_err(failed)?;
        Ok(Some(file))
    }
}

/// Refuses an option that would be heeded nowhere: others may be at work on what is there.
pub(crate) fn overwrites_nothing(args: &StorageArgs) -> Result<(), CliError> {
    if args.overwrite {
        let what = "nothing is overwritten in the folder of a run that is shared out";
        let error = CliError::new(Kind::Usage, what);
        return Err(
            error.hint("leave --overwrite out; name a folder of its own for each run with --to")
        );
    }
    Ok(())
}

/// Says that there is no list of accounts.
pub(crate) fn no_list(at: &Location) -> CliError {
    let what = format!("there is no list of accounts at {at}");
    CliError::new(Kind::Failed, what).hint(format!("write it first: mfaudit discover --to {at}"))
}
