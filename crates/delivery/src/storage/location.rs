//! The address of an object, or of a folder of objects.

use std::{fmt, path::Path, str::FromStr};

use object_store::path::Path as Key;
use url::Url;

/// Whose storage a location is in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Provider {
    /// Amazon S3, or what speaks like it: `s3://bucket/key`.
    S3,
    /// Google Cloud Storage: `gs://bucket/key`.
    GoogleCloud,
    /// Azure Blob Storage: `az://container/key`.
    Azure,
    /// A folder of this machine, or one mounted into it: `file:///folder/file`.
    File,
}

impl Provider {
    const fn scheme(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::GoogleCloud => "gs",
            Self::Azure => "az",
            Self::File => "file",
        }
    }
}

/// The address of an object, or of a folder of objects: `s3://bucket/runs/2026-11-24/run.mfaudit`.
///
/// It never holds a credential: an address with a user, a query or a fragment is refused.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Location {
    provider: Provider,
    /// The bucket or container; empty for files.
    bucket: String,
    key: Key,
}

/// A text is no address of storage.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{given}` is no storage address: {why}")]
pub struct InvalidLocation {
    /// What was given, without anything that may be a secret.
    pub given: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Location {
    /// Tells whether a path is meant as an address: it begins with one of the schemes.
    pub fn is_meant_by(text: &Path) -> bool {
        let schemes = [
            Provider::S3,
            Provider::GoogleCloud,
            Provider::Azure,
            Provider::File,
        ];
        let begins = |it: Provider| {
            let text = text
                .to_str()
                .and_then(|text| text.strip_prefix(it.scheme()));
            text.is_some_and(|rest| rest.starts_with("://"))
        };
        schemes.into_iter().any(begins)
    }

    /// Returns whose storage it is in.
    pub const fn provider(&self) -> Provider {
        self.provider
    }

    /// Returns the bucket or container; empty for files.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Returns the address of `name` in this folder; `name` may have folders of its own, separated by `/`.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let parts = name.split('/').filter(|it| !it.is_empty());
        let key = parts.fold(self.key.clone(), Key::join);
        Self {
            key,
            ..self.clone()
        }
    }

    /// Returns the folder that the object is in, and the object's name in it; `None` for a bucket alone.
    pub fn split(&self) -> Option<(Self, String)> {
        let (folder, name) = match self.key.as_ref().rsplit_once('/') {
            Some((folder, name)) => (Key::parse(folder).ok()?, name),
            None => (Key::default(), self.key.as_ref()),
        };
        let folder = Self {
            key: folder,
            ..self.clone()
        };
        (!name.is_empty()).then(|| (folder, name.to_owned()))
    }

    /// Returns the last part of the address; empty for a bucket alone.
    pub fn file_name(&self) -> &str {
        self.key.filename().unwrap_or_default()
    }

    /// Returns where it is on this machine; `None` if it is elsewhere.
    pub fn local_path(&self) -> Option<std::path::PathBuf> {
        (self.provider == Provider::File).then(|| format!("/{}", self.key).into())
    }

    pub(super) const fn key(&self) -> &Key {
        &self.key
    }
}

impl FromStr for Location {
    type Err = InvalidLocation;

    fn from_str(text: &str) -> Result<Self, InvalidLocation> {
        // A query may hold a signature, and a user a password: neither is said again.
        let given = text.split(['?', '#']).next().unwrap_or_default();
        let shown = match (given.split_once("://"), given.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://…@{rest}"),
            _ => given.to_owned(),
        };
        let wrong = |why| InvalidLocation {
            given: shown.clone(),
            why,
        };
        let url = Url::parse(text).map_err(|_| {
            wrong("write s3://BUCKET/KEY, gs://BUCKET/KEY, az://CONTAINER/KEY or file:///FOLDER")
        })?;
        let provider = match url.scheme() {
            "s3" => Provider::S3,
            "gs" => Provider::GoogleCloud,
            "az" => Provider::Azure,
            "file" => Provider::File,
            _ => {
                return Err(wrong(
                    "it begins with none of s3://, gs://, az:// and file://",
                ));
            }
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong(
                "credentials do not belong in it; each cloud's usual ones are used",
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("it may have no `?` and no `#`"));
        }
        if url.port().is_some() {
            return Err(wrong("it may have no port"));
        }
        let bucket = url.host_str().unwrap_or_default().to_owned();
        match provider {
            Provider::File if !bucket.is_empty() => {
                return Err(wrong(
                    "a file's address has three slashes: file:///FOLDER/FILE",
                ));
            }
            Provider::S3 | Provider::GoogleCloud | Provider::Azure if bucket.is_empty() => {
                return Err(wrong("it names no bucket"));
            }
            Provider::File | Provider::S3 | Provider::GoogleCloud | Provider::Azure => {}
        }
        let key = Key::from_url_path(url.path())
            .map_err(|_| wrong("its path has a part that is empty, `.` or `..`, or is no UTF-8"))?;
        if provider == Provider::File && key.as_ref().is_empty() {
            return Err(wrong("it names no folder"));
        }
        Ok(Self {
            provider,
            bucket,
            key,
        })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.provider.scheme(), self.bucket)?;
        if !self.key.as_ref().is_empty() {
            write!(f, "/{}", self.key)?;
        }
        Ok(())
    }
}
