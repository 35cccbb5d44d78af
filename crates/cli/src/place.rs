//! Where a run is kept: its journal while it goes on, and the snapshot made of it.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufReader, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use model::{
    Account,
    snapshot::{
        Header, Journal, JournalFile, RecordSource, SnapshotError, SnapshotFile, SnapshotWriter,
    },
};

use crate::{
    error::{CliError, Kind},
    output::{self, Output},
    resume,
    storage::{Destination, Storage},
};

/// What a run collected, to be read in account order.
pub(crate) struct Collected {
    source: Box<dyn RecordSource>,
    /// Holds the folder that what is read stands in, until it was read.
    _temporary: Option<tempfile::TempDir>,
}

impl Collected {
    /// Returns the records.
    pub(crate) fn records(&mut self) -> &mut dyn RecordSource {
        &mut *self.source
    }
}

/// Where the journal and the snapshot go.
pub(crate) struct Place {
    /// The journal.
    pub(crate) journal: PathBuf,
    snapshot: PathBuf,
    /// A folder that is removed with what is in it; `None` if the snapshot is kept.
    temporary: Option<tempfile::TempDir>,
    resume: bool,
    /// Where the snapshot is sent; `None` if it stays where it is.
    destination: Option<Destination>,
}

/// A journal that can be written to, with what an earlier run left in it.
pub(crate) struct Begun {
    pub(crate) journal: Journal<File>,
    /// What was done before; `None` for a run that begins.
    pub(crate) earlier: Option<JournalFile<File>>,
    /// The accounts that an earlier run was not done with.
    pub(crate) pending: Vec<Account>,
}

impl Place {
    pub(crate) fn choose(
        keep: Option<&Path>,
        resume: bool,
        storage: &Storage,
    ) -> Result<Self, CliError> {
        let Some(snapshot) = keep else {
            if resume {
                let error = CliError::new(
                    Kind::Usage,
                    "--resume needs the file that the run was to write",
                );
                return Err(error
                    .hint("say --snapshot FILE, as the interrupted run did or said in the end"));
            }
            return Self::temporary("run.mfaudit", resume, None);
        };
        if let Some(destination) = storage.destination(snapshot)? {
            if resume {
                let error = CliError::new(
                    Kind::Usage,
                    "--resume needs the file that the interrupted run kept on this machine",
                );
                return Err(error.hint(
                    "say --snapshot FILE (for `mfaudit collect`, -o) with the name that the interrupted run said in the end",
                ));
            }
            let name = destination.name().to_owned();
            return Self::temporary(&name, resume, Some(destination));
        }
        // Found before the work is done.
        drop(Output::file(snapshot)?);
        let journal = journal_of(snapshot);
        if journal.exists() && !resume {
            if let Ok(file) = File::open(&journal)
                && is_being_written(&file)
            {
                return Err(another_run(&journal));
            }
            let what = format!(
                "{} is left over from a run that was interrupted",
                journal.display()
            );
            let hint = format!(
                "go on with --resume; or see what is in it with `mfaudit evaluate {}`, and remove it",
                journal.display()
            );
            return Err(CliError::new(Kind::Usage, what).hint(hint));
        }
        Ok(Self {
            journal,
            snapshot: snapshot.to_owned(),
            temporary: None,
            resume,
            destination: None,
        })
    }

    /// A folder that nobody named, of which nothing stays but what an interrupted run leaves.
    fn temporary(
        name: &str,
        resume: bool,
        destination: Option<Destination>,
    ) -> Result<Self, CliError> {
        let folder = tempfile::Builder::new().prefix("mfaudit-").tempdir();
        let folder = folder.map_err(|error| output::cannot_write(&std::env::temp_dir(), error))?;
        let snapshot = folder.path().join(name);
        Ok(Self {
            journal: journal_of(&snapshot),
            snapshot,
            temporary: Some(folder),
            resume,
            destination,
        })
    }

    /// Begins the journal, or goes on with one that an interrupted run of the same kind left.
    pub(crate) fn begin(&self, header: &Header) -> Result<Begun, CliError> {
        let failed = |error| output::cannot_write(&self.journal, error);
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        if self.resume {
            options.create(true).truncate(false);
        } else {
            options.create_new(true);
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(&self.journal).map_err(failed)?;
        if is_being_written(&file) {
            return Err(another_run(&self.journal));
        }
        let earlier = if self.resume {
            resume::open(&file, &self.journal, header)?
        } else {
            None
        };
        let Some(mut earlier) = earlier else {
            file.set_len(0).map_err(failed)?;
            file.rewind().map_err(failed)?;
            let journal =
                Journal::new(file, header).map_err(|it| cannot_keep(&self.journal, it))?;
            return Ok(Begun {
                journal,
                earlier: None,
                pending: Vec::new(),
            });
        };
        let pending = earlier
            .pending()
            .map_err(|it| cannot_keep(&self.journal, it))?;
        // What a kill left of a line would run into the next one.
        let end = earlier.whole_length();
        file.set_len(end).map_err(failed)?;
        file.seek(SeekFrom::Start(end)).map_err(failed)?;
        Ok(Begun {
            journal: Journal::resume(file, &earlier),
            earlier: Some(earlier),
            pending,
        })
    }

    /// Removes a journal in which no account is.
    pub(crate) fn abandon(&self) {
        let is_empty = open_journal(&self.journal).is_ok_and(|it| it.progress().1 == 0);
        if is_empty {
            let _ = fs::remove_file(&self.journal);
        }
    }

    /// Keeps what was collected, and says where and how to go on.
    pub(crate) fn stopped(mut self, why: &str) -> CliError {
        if let Some(folder) = self.temporary.take() {
            let _ = folder.keep();
        }
        let progress = open_journal(&self.journal).map(|it| it.progress());
        let (done, all) = progress.unwrap_or_default();
        let what = format!(
            "{why}; {done} of {all} accounts are kept in {}",
            self.journal.display()
        );
        let go_on = if self.resume {
            "go on with the same command".to_owned()
        } else {
            format!(
                "go on with the same command and --resume --snapshot {} (for `mfaudit collect`, -o)",
                self.snapshot.display()
            )
        };
        let hint = format!(
            "{go_on}; or judge what there is: mfaudit evaluate {}",
            self.journal.display()
        );
        CliError::new(Kind::Failed, what).hint(hint)
    }

    /// Makes the snapshot of the journal, in account order, and removes the journal. Where nothing is kept, the journal
    /// is as good as the snapshot that nobody would see.
    pub(crate) fn finish(mut self, written: Journal<File>) -> Result<Collected, CliError> {
        let journal_path = self.journal.clone();
        let failed = |error| cannot_keep(&journal_path, error);
        let file = File::open(&self.journal).map_err(|error| failed(error.into()))?;
        let mut journal = JournalFile::written(file, written);
        if self.temporary.is_some() && self.destination.is_none() {
            return Ok(Collected {
                source: Box::new(journal),
                _temporary: self.temporary,
            });
        }
        let out = Output::file(&self.snapshot)?;
        write_snapshot(&mut journal, &out)?;
        out.finish()?;
        if let Some(destination) = self.destination.take()
            && let Err(error) = destination.send(&self.snapshot)
        {
            if let Some(folder) = self.temporary.take() {
                let _ = folder.keep();
            }
            return Err(error);
        }
        let file = File::open(&self.snapshot)
            .map_err(|error| output::cannot_write(&self.snapshot, error))?;
        let snapshot = SnapshotFile::open(BufReader::new(file)).map_err(failed)?;
        let _ = fs::remove_file(&self.journal);
        Ok(Collected {
            source: Box::new(snapshot),
            _temporary: self.temporary,
        })
    }
}

/// Removes a snapshot that nobody asked to keep, and what a killed run left of it, unless another run is at work on it.
pub(crate) fn forget(snapshot: &Path) {
    let journal = journal_of(snapshot);
    let is_in_use = File::open(&journal).is_ok_and(|it| is_being_written(&it));
    if !is_in_use {
        let _ = fs::remove_file(snapshot);
        let _ = fs::remove_file(journal);
    }
}

fn journal_of(snapshot: &Path) -> PathBuf {
    let mut journal = snapshot.as_os_str().to_owned();
    journal.push(".journal");
    PathBuf::from(journal)
}

/// Tells whether another run has the journal; else this one has it from now on, until the file is closed.
fn is_being_written(file: &File) -> bool {
    matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock))
}

fn another_run(journal: &Path) -> CliError {
    let what = format!("another run is writing {}", journal.display());
    CliError::new(Kind::Failed, what).hint("wait for it, or stop it")
}

fn open_journal(path: &Path) -> Result<JournalFile<File>, SnapshotError> {
    JournalFile::open(File::open(path)?)
}

fn write_snapshot(journal: &mut JournalFile<File>, out: &Output) -> Result<(), CliError> {
    let failed = |error: SnapshotError| {
        if let SnapshotError::Io(error) = error {
            out.failed(error)
        } else {
            CliError::new(Kind::Failed, error)
        }
    };
    let mut writer = SnapshotWriter::new(out.writer()?, journal.header()).map_err(failed)?;
    while let Some(batch) = journal.next_batch() {
        for record in batch?()? {
            writer.append(&record).map_err(failed)?;
        }
    }
    writer.finish().map(drop).map_err(failed)
}

/// Says that what was collected cannot be written on, and where it is.
pub(crate) fn cannot_keep(journal: &Path, error: SnapshotError) -> CliError {
    if let SnapshotError::Io(error) = error {
        let error = output::cannot_write(journal, error);
        error.hint(format!(
            "what was collected until then is in {}",
            journal.display()
        ))
    } else {
        CliError::new(Kind::Failed, error)
    }
}
