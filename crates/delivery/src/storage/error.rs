//! What went wrong with storage, and what to do about it.

use std::{error::Error, io};

use super::{Location, Provider, answer::Answer};

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
    /// There is nothing of that name.
    NotFound,
    /// There is no such bucket or container.
    NoBucket,
    /// Something is there already, which was seen, and was left as it is.
    Exists,
    /// Others are at work on it.
    Busy,
    /// The caller may not.
    Denied,
    /// The caller's session has ended.
    Expired,
    /// This build cannot: a feature was left out.
    NotBuilt,
    /// The options contradict the location.
    Options,
    /// This machine cannot keep or read what is fetched or sent.
    Local,
    /// Anything else: the network, a full disk, an answer that makes no sense.
    Failed,
}

impl StorageError {
    pub(super) fn new(doing: &'static str, at: &Location, error: &object_store::Error) -> Self {
        Self::answered(doing, at, error, Answer::of(error))
    }

    /// Says what storage answered. That something is there is never concluded from an answer: who writes must look.
    pub(super) fn answered(
        doing: &'static str,
        at: &Location,
        error: &object_store::Error,
        answer: Answer,
    ) -> Self {
        use object_store::Error as E;
        let trouble = match (answer.code.as_str(), answer.status) {
            ("NoSuchBucket" | "ContainerNotFound", _) => Trouble::NoBucket,
            ("ExpiredToken" | "InvalidToken" | "TokenRefreshRequired", _) => Trouble::Expired,
            ("AccessDenied", _) | (_, Some(401 | 403)) => Trouble::Denied,
            // It is the upload that is missing, and no object.
            ("NoSuchUpload", _) => Trouble::Failed,
            (_, Some(404)) => Trouble::NotFound,
            (_, Some(409 | 412)) => Trouble::Busy,
            (_, None) if matches!(error, E::NotFound { .. }) => Trouble::NotFound,
            (_, None) if is_denied(error) => Trouble::Denied,
            (_, Some(_) | None) => Trouble::Failed,
        };
        Self::other(doing, at, trouble, answer)
    }

    /// Says what the operating system answered.
    pub(super) fn of_file(doing: &'static str, at: &Location, error: io::Error) -> Self {
        use io::ErrorKind as K;
        let kind = error.kind();
        let trouble = if matches!(kind, K::PermissionDenied | K::ReadOnlyFilesystem) {
            Trouble::Denied
        } else if kind == K::NotFound {
            Trouble::NotFound
        } else {
            Trouble::Failed
        };
        Self::other(doing, at, trouble, error)
    }

    pub(super) fn exists(at: &Location) -> Self {
        let why = "there is an object of that name";
        Self::other("write", at, Trouble::Exists, why)
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
            (Trouble::NoBucket, _) => "check the bucket's name; no bucket is made",
            (Trouble::Busy, _) => "something else is writing there; try again",
            (Trouble::Expired, _) => "sign in again",
            (Trouble::Local, _) => {
                "what is fetched and sent is kept in the folder for temporary files (TMPDIR): make room there"
            }
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

/// A file's refusal comes as an error of the operating system.
fn is_denied(error: &object_store::Error) -> bool {
    let mut cause = error.source();
    while let Some(it) = cause {
        let refused = it.downcast_ref::<io::Error>();
        if refused.is_some_and(|it| it.kind() == io::ErrorKind::PermissionDenied) {
            return true;
        }
        cause = it.source();
    }
    matches!(
        error,
        object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. }
    )
}
