//! What went wrong with storage, and what to do about it.

use std::error::Error;

use super::{Location, Provider};

/// Storage did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing} {at}")]
pub struct StorageError {
    /// What was tried: "read", "write", "list".
    pub doing: &'static str,
    /// Where.
    pub at: Location,
    /// What kind of trouble it was.
    pub trouble: Trouble,
    /// What storage said.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

/// Kinds of trouble with storage, by what helps.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Trouble {
    /// There is nothing of that name; or no bucket.
    NotFound,
    /// Something is there already, and was left as it is.
    Exists,
    /// The caller may not.
    Denied,
    /// This build cannot: a feature was left out.
    NotBuilt,
    /// The options contradict the location.
    Options,
    /// Anything else: the network, a full disk, an answer that makes no sense.
    Failed,
}

impl StorageError {
    pub(super) fn new(doing: &'static str, at: &Location, source: object_store::Error) -> Self {
        use object_store::Error as E;
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the library may add variants, and any other is trouble without advice of its own"
        )]
        let trouble = match &source {
            E::NotFound { .. } => Trouble::NotFound,
            E::AlreadyExists { .. } | E::Precondition { .. } => Trouble::Exists,
            E::PermissionDenied { .. } | E::Unauthenticated { .. } => Trouble::Denied,
            other if is_denied(other) => Trouble::Denied,
            _ => Trouble::Failed,
        };
        Self {
            doing,
            at: at.clone(),
            trouble,
            source: Box::new(source),
        }
    }

    pub(super) fn other(
        doing: &'static str,
        at: &Location,
        trouble: Trouble,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            doing,
            at: at.clone(),
            trouble,
            source: source.into(),
        }
    }

    /// Returns what to do about it, as a sentence without a full stop.
    pub fn hint(&self) -> &'static str {
        match (self.trouble, self.at.provider()) {
            (Trouble::NotFound, Provider::File) => "check the path",
            (Trouble::NotFound, _) => "check the bucket's and the object's name",
            (Trouble::Exists, _) => {
                "nothing was overwritten; name another place, or say --overwrite"
            }
            (Trouble::Denied, Provider::S3) => {
                "the caller needs s3:GetObject, s3:PutObject and s3:ListBucket there (s3:DeleteObject and s3:AbortMultipartUpload for large files), and the use of the bucket's key"
            }
            (Trouble::Denied, Provider::GoogleCloud) => {
                "the caller needs the role Storage Object User on the bucket"
            }
            (Trouble::Denied, Provider::Azure) => {
                "the caller needs the role Storage Blob Data Contributor on the container"
            }
            (Trouble::Denied, Provider::File) => "write to a folder that is yours",
            (Trouble::NotBuilt, _) => "build with the feature `cloud`",
            (Trouble::Options, _) => "leave the option out, or name another place",
            (Trouble::Failed, Provider::File) => "check the disk and the path",
            (Trouble::Failed, Provider::S3) => {
                "check the network, the credentials and AWS_REGION, which must be the bucket's"
            }
            (Trouble::Failed, Provider::GoogleCloud | Provider::Azure) => {
                "check the network and the credentials"
            }
        }
    }
}

/// Some refusals come as general errors, and a file's as one of the operating system.
fn is_denied(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(it) = cause {
        let denied = it
            .downcast_ref::<std::io::Error>()
            .is_some_and(|it| it.kind() == std::io::ErrorKind::PermissionDenied);
        if denied || it.to_string().contains("AccessDenied") {
            return true;
        }
        cause = it.source();
    }
    false
}
