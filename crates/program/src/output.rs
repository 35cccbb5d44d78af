//! To standard output, or to a file that appears whole or not at all.

use std::{
    fs::{self, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::{
    error::{CliError, Kind, os_error},
    prose::{self, Stream},
};

/// Where something is written.
pub enum Output {
    /// To standard output.
    Standard,
    /// To a file, which gets its name when it is whole. Readable by its owner alone: reports are target lists.
    File {
        /// The file's name.
        path: PathBuf,
        /// The file, under another name until then.
        file: NamedTempFile,
    },
    /// To a file that is handed on when it is whole.
    Forwarded {
        /// Where it goes, for people.
        to: String,
        /// The file, until then.
        file: NamedTempFile,
        /// What hands it on.
        forward: Forward,
    },
    /// To something that is no regular file, such as a device or a pipe, as it comes.
    Special {
        /// Its name.
        path: PathBuf,
        /// It.
        file: fs::File,
    },
}

/// Hands on a file that is whole. Where that fails, it keeps the file and says where.
pub type Forward = Box<dyn FnOnce(NamedTempFile) -> Result<(), CliError>>;

impl Output {
    /// Begins a file that is handed on when it is whole; `to` says where, for people, and `name` is what it is called.
    ///
    /// # Errors
    ///
    /// Fails if there is no room for it on this machine.
    pub fn forwarded(to: String, name: &str, forward: Forward) -> Result<Self, CliError> {
        let file = tempfile::Builder::new()
            .prefix("mfaudit-")
            .suffix(&format!("-{name}"))
            .tempfile()
            .map_err(|error| cannot_write(&std::env::temp_dir(), error))?;
        Ok(Self::Forwarded { to, file, forward })
    }

    /// Opens a file, so that one that cannot be written is found before the work is done.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written where it is.
    pub fn file(path: &Path) -> Result<Self, CliError> {
        let failed = |error| cannot_write(path, error);
        if fs::metadata(path).is_ok_and(|it| it.is_dir()) {
            return Err(failed(io::Error::from(io::ErrorKind::IsADirectory)));
        }
        if fs::metadata(path).is_ok_and(|it| !it.is_file()) {
            let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
            return Ok(Self::Special {
                path: path.to_owned(),
                file,
            });
        }
        // In the same folder, since a file cannot be renamed across file systems.
        let folder = path
            .parent()
            .filter(|it| !it.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let file = tempfile::Builder::new()
            .prefix(".mfaudit-")
            .tempfile_in(folder)
            .map_err(failed)?;
        Ok(Self::File {
            path: path.to_owned(),
            file,
        })
    }

    /// Returns a writer.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be opened once more.
    pub fn writer(&self) -> Result<Box<dyn Write>, CliError> {
        Ok(match self {
            Self::Standard => Box::new(BufWriter::new(ToStandardOutput::Open)),
            Self::File { path, file } => Box::new(BufWriter::new(
                file.reopen().map_err(|error| cannot_write(path, error))?,
            )),
            Self::Forwarded { to, file, .. } => Box::new(BufWriter::new(
                file.reopen()
                    .map_err(|error| cannot_write(Path::new(to), error))?,
            )),
            Self::Special { path, file } => Box::new(BufWriter::new(
                file.try_clone()
                    .map_err(|error| cannot_write(path, error))?,
            )),
        })
    }

    /// Gives the file its name.
    ///
    /// # Errors
    ///
    /// Fails if its content cannot be kept, or the name cannot be given; then nothing has changed.
    pub fn finish(self) -> Result<(), CliError> {
        match self {
            Self::Standard | Self::Special { .. } => Ok(()),
            Self::Forwarded { file, forward, .. } => forward(file),
            Self::File { path, file } => {
                file.as_file()
                    .sync_all()
                    .map_err(|error| cannot_write(&path, error))?;
                file.persist(&path)
                    .map(drop)
                    .map_err(|error| cannot_write(&path, error.error))
            }
        }
    }

    /// Says that writing failed.
    pub fn failed(&self, error: io::Error) -> CliError {
        match self {
            Self::Standard => cannot_write(Path::new("standard output"), error),
            Self::Forwarded { file, .. } => cannot_write(file.path(), error),
            Self::File { path, .. } | Self::Special { path, .. } => cannot_write(path, error),
        }
    }
}

/// Says that `path` cannot be written, and what to do.
pub fn cannot_write(path: &Path, error: io::Error) -> CliError {
    use io::ErrorKind as E;
    // Who opens a temporary file names it in the error, which says nothing to anyone.
    let error = os_error(error);
    let kind = error.kind();
    let hint = if kind == E::NotFound {
        Some("the folder does not exist: make it first")
    } else if kind == E::PermissionDenied {
        Some("write to a folder that is yours")
    } else if matches!(kind, E::StorageFull | E::QuotaExceeded) {
        Some("free some space; what stood there before is untouched")
    } else if kind == E::IsADirectory {
        Some("name a file in it")
    } else {
        None
    };
    let error = CliError::new(
        Kind::Output,
        WriteError {
            path: path.to_owned(),
            source: error,
        },
    );
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// A file cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}", path.display())]
struct WriteError {
    path: PathBuf,
    source: io::Error,
}

/// Standard output. A reader that has seen enough (`| head`) is no error: what follows is dropped.
enum ToStandardOutput {
    Open,
    Closed,
}

impl ToStandardOutput {
    fn tolerate<T>(&mut self, result: io::Result<T>, instead: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                *self = Self::Closed;
                Ok(instead)
            }
            other => other,
        }
    }
}

impl Write for ToStandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Closed => Ok(bytes.len()),
            Self::Open => {
                let result = io::stdout().write(bytes);
                self.tolerate(result, bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Closed => Ok(()),
            Self::Open => {
                let result = io::stdout().flush();
                self.tolerate(result, ())
            }
        }
    }
}

/// Writes a text to standard output.
///
/// # Errors
///
/// Fails if it cannot be written; not if the reader has gone.
pub fn print(text: &str) -> Result<(), CliError> {
    let mut out = ToStandardOutput::Open;
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Output::Standard.failed(error))
}

/// Writes a line to standard error, where all goes that is not the report; on a terminal it breaks between words.
pub fn say(text: &str) {
    // With no standard error left there is nobody to tell.
    let _ = writeln!(
        io::stderr(),
        "{}",
        prose::for_stream(text, Stream::Error, 0)
    );
}

/// Prints prose; on a terminal its lines break between words, and go on after `indent` spaces.
///
/// # Errors
///
/// Fails as [`print`] does.
pub fn print_prose(text: &str, indent: usize) -> Result<(), CliError> {
    print(&prose::for_stream(text, Stream::Output, indent))
}
