//! Where a run is kept: its journal while it goes on, and the snapshot made of it.

use std::{
    fs::{self, File, OpenOptions},
    io::BufReader,
    path::{Path, PathBuf},
};

use model::snapshot::{JournalFile, RecordSource, SnapshotError, SnapshotFile, SnapshotWriter};

use crate::{
    error::{CliError, Kind},
    output::{self, Output},
};

/// An open snapshot, kept or temporary.
pub(crate) type Snapshot = SnapshotFile<BufReader<File>>;

/// Where the journal and the snapshot go.
pub(crate) struct Place {
    /// The journal.
    pub(crate) journal: PathBuf,
    snapshot: Option<PathBuf>,
    /// A folder that is removed with what is in it; `None` if the snapshot is kept.
    temporary: Option<tempfile::TempDir>,
}

impl Place {
    pub(crate) fn choose(keep: Option<&Path>) -> Result<Self, CliError> {
        let Some(snapshot) = keep else {
            let folder = tempfile::Builder::new().prefix("mfaudit-").tempdir();
            let folder =
                folder.map_err(|error| output::cannot_write(&std::env::temp_dir(), error))?;
            return Ok(Self {
                journal: folder.path().join("run.journal"),
                snapshot: None,
                temporary: Some(folder),
            });
        };
        // Found before the work is done.
        drop(Output::file(snapshot)?);
        let mut journal = snapshot.as_os_str().to_owned();
        journal.push(".journal");
        let journal = PathBuf::from(journal);
        if journal.exists() {
            let what = format!(
                "{} is left over from a run that was interrupted",
                journal.display()
            );
            let hint = format!(
                "see what is in it with `mfaudit evaluate {}`, then remove it",
                journal.display()
            );
            return Err(CliError::new(Kind::Usage, what).hint(hint));
        }
        Ok(Self {
            journal,
            snapshot: Some(snapshot.to_owned()),
            temporary: None,
        })
    }

    pub(crate) fn journal(&self) -> Result<File, CliError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        options
            .open(&self.journal)
            .map_err(|error| output::cannot_write(&self.journal, error))
    }

    /// Keeps what was collected, and says where.
    pub(crate) fn interrupted(mut self) -> CliError {
        if let Some(folder) = self.temporary.take() {
            let _ = folder.keep();
        }
        let progress = open_journal(&self.journal).map(|it| it.progress());
        let (done, all) = progress.unwrap_or_default();
        let what = format!(
            "interrupted; {done} of {all} accounts are kept in {}",
            self.journal.display()
        );
        let hint = format!("mfaudit evaluate {}", self.journal.display());
        CliError::new(Kind::Failed, what).hint(hint)
    }

    /// Makes the snapshot of the journal, in account order, and removes the journal.
    pub(crate) fn finish(self) -> Result<Snapshot, CliError> {
        let failed = |error| cannot_keep(&self.journal, error);
        let mut journal = open_journal(&self.journal).map_err(failed)?;
        let path = self
            .snapshot
            .clone()
            .unwrap_or_else(|| self.journal.with_extension("snapshot"));
        let out = Output::file(&path)?;
        write_snapshot(&mut journal, &out)?;
        out.finish()?;
        let file = File::open(&path).map_err(|error| output::cannot_write(&path, error))?;
        // An open file outlives its name, so a temporary folder may go now.
        let snapshot = SnapshotFile::open(BufReader::new(file)).map_err(failed)?;
        if self.temporary.is_none() {
            let _ = fs::remove_file(&self.journal);
        }
        Ok(snapshot)
    }
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
