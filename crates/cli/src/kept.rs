//! What a run kept, opened again: a snapshot, or the journal of a run that was interrupted.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Seek},
    path::Path,
};

use model::snapshot::{JournalFile, RecordSource, SnapshotError, SnapshotFile};

use crate::{
    error::{CliError, Kind},
    interrupt, output,
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
        File::open(path)
            .and_then(|it| Self::in_file(&it))
            .unwrap_or(Self::Neither)
    }

    fn in_file(file: &File) -> io::Result<Self> {
        let mut reader = BufReader::new(file);
        let start = reader.fill_buf()?;
        Ok(if start.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
            Self::Snapshot
        } else if start.starts_with(b"{\"header\":") {
            Self::Journal
        } else {
            Self::Neither
        })
    }
}

/// Opens a snapshot or journal.
pub(crate) fn open(path: &Path) -> Result<Box<dyn RecordSource>, CliError> {
    open_as(path).map(|(_, source)| source)
}

/// Opens a snapshot or journal, and tells which it is.
pub(crate) fn open_as(path: &Path) -> Result<(Kept, Box<dyn RecordSource>), CliError> {
    // Who reads records looks at nothing else, and would not end.
    interrupt::heed()?;
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
    let unread = |error: io::Error| failed(error.into());
    let mut file = File::open(path).map_err(unread)?;
    // By the handle that is open: for a second one there may be no room.
    let kept = Kept::in_file(&file).map_err(unread)?;
    file.rewind().map_err(unread)?;
    if kept == Kept::Snapshot {
        let snapshot = SnapshotFile::open(BufReader::new(file)).map_err(failed)?;
        return Ok((kept, Box::new(snapshot)));
    }
    let journal = JournalFile::open(file).map_err(failed)?;
    let (done, all) = journal.progress();
    output::say(&format!(
        "note: {} is of a run that was interrupted: {done} of {all} accounts",
        path.display()
    ));
    Ok((kept, Box::new(journal)))
}

/// A snapshot or journal cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}", path.display())]
struct KeptError {
    path: std::path::PathBuf,
    source: SnapshotError,
}
