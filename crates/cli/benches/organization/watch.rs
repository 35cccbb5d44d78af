//! Watches a run by the journal that it writes.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    time::Instant,
};

use crate::process;

/// The lines that a journal has so far.
pub(crate) struct Watch {
    folder: PathBuf,
    file: Option<File>,
    /// The beginning of the line that is not whole yet.
    begun: Vec<u8>,
    /// When the last account was listed, of those so far.
    pub(crate) listed: Option<Instant>,
    /// When the last record was whole, of those so far.
    pub(crate) recorded: Option<Instant>,
    /// How many records are whole.
    pub(crate) records: usize,
}

/// As much of a line as tells what it is.
const HEAD: usize = 16;

impl Watch {
    /// Watches the journal of a run that keeps no snapshot, and so has its journal in a temporary folder in `folder`.
    pub(crate) fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            file: None,
            begun: Vec::new(),
            listed: None,
            recorded: None,
            records: 0,
        }
    }

    /// Reads what was written since the last look.
    pub(crate) fn look(&mut self) -> io::Result<()> {
        if self.file.is_none() {
            // It is not there before the run has begun.
            self.file = find(&self.folder)?;
        }
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        let mut new = Vec::new();
        file.read_to_end(&mut new)?;
        let now = process::now();
        for part in new.split_inclusive(|it| *it == b'\n') {
            let room = HEAD.saturating_sub(self.begun.len());
            self.begun.extend(part.iter().take(room));
            if part.last() == Some(&b'\n') {
                if self.begun.starts_with(b"{\"account\"") {
                    self.listed = Some(now);
                } else if self.begun.starts_with(b"{\"record\"") {
                    self.recorded = Some(now);
                    self.records += 1;
                }
                self.begun.clear();
            }
        }
        Ok(())
    }
}

fn find(folder: &Path) -> io::Result<Option<File>> {
    for entry in fs::read_dir(folder)? {
        let journal = entry?.path().join("run.mfaudit.journal");
        if journal.exists() {
            return File::open(journal).map(Some);
        }
    }
    Ok(None)
}
