//! What a run kept, opened again: a snapshot, or the journal of a run that was interrupted.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use model::snapshot::{JournalFile, RecordSource, SnapshotError, SnapshotFile};

use crate::{
    error::{CliError, Kind},
    output,
};

/// What a file is that a run may have kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kept {
    Snapshot,
    Journal,
    Neither,
}

impl Kept {
    /// Tells by the first bytes: of a zstd frame, or of a journal's first line.
    pub(crate) fn of(path: &Path) -> Self {
        let Ok(file) = File::open(path) else {
            return Self::Neither;
        };
        let mut reader = BufReader::new(file);
        let start = reader.fill_buf().unwrap_or_default();
        if start.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
            Self::Snapshot
        } else if start.starts_with(b"{\"header\":") {
            Self::Journal
        } else {
            Self::Neither
        }
    }
}

/// Opens a snapshot or journal.
pub(crate) fn open(path: &Path) -> Result<Box<dyn RecordSource>, CliError> {
    let failed = |error: SnapshotError| {
        let error = CliError::new(
            Kind::Failed,
            KeptError {
                path: path.to_owned(),
                source: error,
            },
        );
        error.hint("nothing of it was used; take a whole copy of the file")
    };
    let file = File::open(path).map_err(|error| failed(error.into()))?;
    if Kept::of(path) == Kept::Snapshot {
        return Ok(Box::new(
            SnapshotFile::open(BufReader::new(file)).map_err(failed)?,
        ));
    }
    let journal = JournalFile::open(file).map_err(failed)?;
    let (done, all) = journal.progress();
    output::say(&format!(
        "note: {} is of a run that was interrupted: {done} of {all} accounts",
        path.display()
    ));
    Ok(Box::new(journal))
}

/// A snapshot or journal cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}", path.display())]
struct KeptError {
    path: std::path::PathBuf,
    source: SnapshotError,
}
