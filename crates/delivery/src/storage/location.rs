//! The address of an object, or of a folder of objects.

use std::{borrow::Cow, fmt, path::Path, str::FromStr};

use object_store::path::{Path as Key, PathPart};

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
    const ALL: [Self; 4] = [Self::S3, Self::GoogleCloud, Self::Azure, Self::File];

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
/// It never holds a credential: an address with a user, a query or a fragment is refused. It has no slash at its end.
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
        let scheme = text.to_str().and_then(|it| it.split_once("://"));
        scheme.is_some_and(|(scheme, _)| Provider::ALL.iter().any(|it| it.scheme() == scheme))
    }

    /// Returns whose storage it is in.
    pub const fn provider(&self) -> Provider {
        self.provider
    }

    /// Returns the bucket or container; empty for files.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Returns the address of `name` in this folder; `name` may have folders of its own, separated by `/`, and is taken
    /// as it is: nothing in it is a code for something else.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let parts = name.split('/').filter(|it| !it.is_empty());
        // A part that no key can have, such as `..`, is written in codes.
        let part = |it| PathPart::parse(it).unwrap_or_else(|_| PathPart::from(it));
        let key = parts.fold(self.key.clone(), |key, it| key.join(part(it)));
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

    /// Returns the address of another object in the same folder.
    pub(super) fn beside(&self, name: &str) -> Self {
        let folder = self.split().map(|(folder, _)| folder);
        folder.unwrap_or_else(|| self.clone()).join(name)
    }

    /// Returns the last part of the address; empty for a bucket alone.
    pub fn file_name(&self) -> &str {
        self.key.filename().unwrap_or_default()
    }

    /// Returns where it is on this machine; `None` if it is elsewhere.
    pub fn local_path(&self) -> Option<std::path::PathBuf> {
        // On Windows a path begins with its drive.
        let root = if cfg!(windows) { "" } else { "/" };
        (self.provider == Provider::File).then(|| format!("{root}{}", self.key).into())
    }

    pub(super) const fn key(&self) -> &Key {
        &self.key
    }
}

/// An address is a URL whose path has codes for characters (`%20`), but no dots that lead elsewhere.
impl FromStr for Location {
    type Err = InvalidLocation;

    fn from_str(text: &str) -> Result<Self, InvalidLocation> {
        let wrong = |why| InvalidLocation {
            given: shown(text),
            why,
        };
        let (scheme, rest) = text.split_once("://").ok_or_else(|| {
            wrong("write s3://BUCKET/KEY, gs://BUCKET/KEY, az://CONTAINER/KEY or file:///FOLDER")
        })?;
        let provider = Provider::ALL
            .into_iter()
            .find(|it| it.scheme() == scheme)
            .ok_or_else(|| wrong("it begins with none of s3://, gs://, az:// and file://"))?;
        let (bucket, path) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.contains('@') {
            return Err(wrong(
                "credentials do not belong in it; each cloud's usual ones are used",
            ));
        }
        if rest.contains(['?', '#']) {
            return Err(wrong("it may have no `?` and no `#`"));
        }
        if bucket.contains(':') {
            return Err(wrong("it may have no port and no password"));
        }
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
        let is_of_buckets = |it: char| it.is_ascii_alphanumeric() || "-._$".contains(it);
        if !bucket.chars().all(is_of_buckets) {
            return Err(wrong("no bucket has such a name"));
        }
        // With its slash: else a second one would be taken for the first.
        let key = Key::from_url_path(format!("/{path}"))
            .map_err(|_| wrong("its path has a part that is empty, `.` or `..`, or is no UTF-8"))?;
        if provider == Provider::File && key.as_ref().is_empty() {
            return Err(wrong("it names no folder"));
        }
        Ok(Self {
            provider,
            bucket: bucket.to_owned(),
            key,
        })
    }
}

/// Returns as much of a text as can hold no secret: a password stands before `@`, a signature behind `?`, and either
/// may have all of these in it.
fn shown(text: &str) -> String {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    let known = scheme.filter(|it| Provider::ALL.iter().any(|known| known.scheme() == *it));
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    match known {
        _ if !rest.contains(['@', '?', '#', ':']) => text.to_owned(),
        Some(scheme) => format!("{scheme}://…"),
        None => "…".to_owned(),
    }
}

/// As it is read again: what would be a code in it, or may not be in an address, is written as one.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.provider.scheme(), self.bucket)?;
        if self.key.as_ref().is_empty() {
            return Ok(());
        }
        let mut key = Cow::Borrowed(self.key.as_ref());
        for (character, code) in [('%', "%25"), ('?', "%3F"), ('#', "%23")] {
            if key.contains(character) {
                key = key.replace(character, code).into();
            }
        }
        write!(f, "/{key}")
    }
}
