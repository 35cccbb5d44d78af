//! Why files are no evidence.

use std::path::PathBuf;

/// What this version reads, for error messages.
const EXPECTED: &str = "expected a credential report (CSV, or the JSON of `aws iam get-credential-report`), or the JSON of `aws iam get-account-summary`, `list-users`, `list-mfa-devices`, `list-virtual-mfa-devices` or `get-account-authorization-details`";

/// Why files are no evidence.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// A file or folder cannot be read.
    #[error("cannot read {}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// There is no file.
    #[error("no file in {}", .0.iter().map(|it| it.display().to_string()).collect::<Vec<_>>().join(", "))]
    NoFiles(Vec<PathBuf>),
    /// A file is none of those that are read.
    #[error("{}: {why}; {EXPECTED}", path.display())]
    NotEvidence {
        /// The file.
        path: PathBuf,
        /// What it is instead, or where it breaks.
        why: String,
    },
    /// A file says something else than when it was first read.
    #[error("{}: the file changed while it was read", .0.display())]
    Changed(PathBuf),
    /// A file names no account.
    #[error("{}: the file names no account", .0.display())]
    NoAccount(PathBuf),
    /// A list of devices names no user.
    #[error("{}: the list names no user, and neither does the file's name", .0.display())]
    NoUser(PathBuf),
    /// A file names several accounts where one answer is of one account.
    #[error("{}: the file names accounts {accounts}", path.display())]
    SeveralAccounts {
        /// The file.
        path: PathBuf,
        /// The accounts.
        accounts: String,
    },
    /// Two files answer the same question.
    #[error("{} and {} are both {question} of the same account, and nothing tells which is later", first.display(), second.display())]
    Twice {
        /// What both answer.
        question: String,
        /// The one.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
}

impl EvidenceError {
    /// Returns advice on what to do, if there is any.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoAccount(_) => {
                Some("put the file in a folder named after the account id, or say --account ID")
            }
            Self::NoUser(_) => {
                Some("name the file after the user: list-mfa-devices.alice.json, or alice.json")
            }
            Self::Twice { .. } => Some("leave one of them out"),
            Self::SeveralAccounts { .. } => Some("split the file by account"),
            Self::Changed(_) => Some("run it again when nothing writes to the files"),
            Self::Io { .. } | Self::NoFiles(_) | Self::NotEvidence { .. } => None,
        }
    }
}
