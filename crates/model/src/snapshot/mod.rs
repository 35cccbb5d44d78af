//! The snapshot file: everything one run observed, in a form that stays readable.
//!
//! A snapshot is a zstd file of JSON lines, so that `zstd -dc run.mfaudit` shows it to anyone:
//!
//! ```text
//! frame 0        {"header":{…}}                    who looked, at what, when
//! frames 1..n    {"record":{…}} …                  one line an account, in account order
//! frame n+1      {"index":[…]} {"footer":{…}}      where each frame begins and the SHA-256 of its text; counts
//! skippable      8 bytes offset of frame n+1, 8 bytes "mfaudit\n"
//! ```
//!
//! A file whose footer is missing or disagrees was cut or altered, and is refused before any of it is believed.
//! While a run goes on, its [`journal`] holds the same lines uncompressed, in the order they came.

mod header;
mod journal;
mod journal_file;
mod journal_lines;
mod reader;
mod whose;
mod writer;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use self::{
    header::{
        AccountList, Header, IdentityCenter, Mode, Parameters, RootAccess, ScopeFilter, ShardOf,
    },
    journal::{Discovered, Journal},
    journal_file::JournalFile,
    reader::SnapshotFile,
    whose::Whose,
    writer::SnapshotWriter,
};
use crate::{Account, Record};

/// The version of the file's form. Readers accept this and every earlier one.
pub const FORMAT_VERSION: u32 = 1;

/// The magic number of the zstd skippable frame that ends the file.
const TRAILER_MAGIC: u32 = 0x184D_2A5D;
/// What the trailer's payload ends in.
const TRAILER_MARK: &[u8; 8] = b"mfaudit\n";
/// Frame header (8), offset of the index (8), mark (8).
const TRAILER_LENGTH: u64 = 24;
/// Text after which a frame is closed: small enough to decode many at once, large enough to compress well.
const FRAME_TARGET: usize = 256 * 1024;
/// The most text one frame may hold. An account of 5000 users (IAM's quota) needs about 3 MiB.
const FRAME_LIMIT: u64 = 256 * 1024 * 1024;

/// A line of a snapshot or journal.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Line<'a> {
    Header(Box<Header>),
    Account(std::borrow::Cow<'a, Account>),
    Discovered(std::borrow::Cow<'a, Discovered>),
    Record(Box<std::borrow::Cow<'a, Record>>),
    Index(Vec<Frame>),
    Footer(Footer),
}

/// A header of which only the version is looked at: a newer one may hold what this version cannot read.
#[derive(Deserialize)]
struct Versioned {
    header: Version,
}

#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// Where a frame stands and what it must hold.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Frame {
    /// Bytes from the beginning of the file.
    offset: u64,
    /// Bytes of text once decompressed.
    length: u64,
    /// The SHA-256 of that text, in hexadecimal.
    sha256: String,
    /// The number of records in it.
    records: u64,
}

/// The proof that the file is whole.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Footer {
    /// The number of records.
    records: u64,
    /// The number of IAM users in them.
    iam_users: u64,
    /// The SHA-256 of the index line, which holds the SHA-256 of every frame.
    sha256: String,
}

/// Why a snapshot or journal cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file could not be read or written.
    #[error("the file cannot be read or written")]
    Io(#[from] std::io::Error),
    /// The file is not a snapshot.
    #[error("not a snapshot of mfaudit")]
    NotASnapshot,
    /// The file ends before its footer, or its footer disagrees with what stands before it.
    #[error("the snapshot was cut short or altered: {0}")]
    Altered(&'static str),
    /// A line is not what it must be.
    #[error("{what} is malformed")]
    Malformed {
        /// The line.
        what: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The file was written by a newer version.
    #[error(
        "the snapshot has format {0}, and this version reads up to {FORMAT_VERSION}: use a newer mfaudit"
    )]
    Newer(u32),
}

/// Records that could not be had, for whatever reason their source has.
pub type SourceError = Box<dyn std::error::Error + Send + Sync>;

/// Records of a few accounts, yet to be decoded: the part of the work that may be done in parallel.
pub type Batch = Box<dyn FnOnce() -> Result<Vec<Record>, SourceError> + Send>;

/// Records in account order, from a snapshot, a journal or saved evidence. Reading twice gives the same twice.
pub trait RecordSource {
    /// Returns who looked, at what, when.
    fn header(&self) -> &Header;

    /// Goes back to the first account.
    ///
    /// # Errors
    ///
    /// Fails if the source cannot be read again.
    fn restart(&mut self) -> Result<(), SourceError>;

    /// Returns the next few accounts, or `None` after the last.
    fn next_batch(&mut self) -> Option<Result<Batch, SourceError>>;
}

/// Returns the SHA-256 of `bytes`, in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    use std::fmt::Write;
    let mut text = String::with_capacity(64);
    for byte in sha2::Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Returns a line of the file, newline included.
fn to_line(line: &Line<'_>) -> Result<Vec<u8>, SnapshotError> {
    let mut bytes = serde_json::to_vec(line).map_err(|source| SnapshotError::Malformed {
        what: "the line to write".to_owned(),
        source,
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}
