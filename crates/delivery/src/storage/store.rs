//! Reading and writing objects, none of which is overwritten unless that is asked for.

use std::{fs::File, io::Write, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt};

use super::{
    Location, Provider, StorageError, StorageOptions, Trouble, answer::Answer, aside,
    content::Content, open, write,
};

/// What becomes of an object that is there already.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Overwrite {
    /// It stays as it is, and writing fails.
    Never,
    /// It is replaced, at once and whole.
    Yes,
}

/// What creating an object came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Written {
    /// It is there now: just made, or the same was there.
    New,
    /// Something else is there, which was seen and stays as it is.
    There,
}

impl Written {
    fn or_exists(self, at: &Location) -> Result<(), StorageError> {
        match self {
            Self::New => Ok(()),
            Self::There => Err(StorageError::exists(at)),
        }
    }
}

/// An object that was listed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Its address.
    pub at: Location,
    /// Its name within the folder that was listed, folders separated by `/`.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
}

/// A folder of objects, and how to reach it.
#[derive(Clone, Debug)]
pub struct Store {
    pub(super) root: Location,
    pub(super) objects: Arc<dyn ObjectStore>,
    pub(super) warn: Option<fn(&StorageError)>,
    /// How long is waited before what others are at work on is tried again.
    pub(super) pause: Duration,
}

impl Store {
    /// Opens the folder at `root`. Nothing is asked of it yet.
    ///
    /// # Errors
    ///
    /// Fails if the options cannot be used there.
    pub fn open(root: &Location, options: &StorageOptions) -> Result<Self, StorageError> {
        Ok(Self {
            root: root.clone(),
            objects: open::open(root, options)?,
            warn: options.warn,
            pause: write::PAUSE,
        })
    }

    pub(super) fn warn(&self, error: &StorageError) {
        if let Some(warn) = self.warn {
            warn(error);
        }
    }

    /// Returns the folder's address.
    pub const fn root(&self) -> &Location {
        &self.root
    }

    /// Returns the whole of a small object; `None` if there is none.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be read, or nothing tells whether it is there.
    pub async fn read(&self, name: &str) -> Result<Option<Bytes>, StorageError> {
        let at = self.root.join(name);
        let failed = |error| StorageError::new("read", &at, &error);
        let found = match self.objects.get(at.key()).await.map_err(failed) {
            Err(error) if error.trouble == Trouble::NotFound => return Ok(None),
            other => other?,
        };
        found.bytes().await.map(Some).map_err(failed)
    }

    /// Writes an object into `to`, piece by piece.
    ///
    /// # Errors
    ///
    /// Fails if there is none, it cannot be read to its end, or `to` cannot be written.
    pub async fn download(
        &self,
        name: &str,
        to: &mut (dyn Write + Send),
    ) -> Result<(), StorageError> {
        let at = self.root.join(name);
        let failed = |error| StorageError::new("read", &at, &error);
        let found = self.objects.get(at.key()).await.map_err(failed)?;
        let mut pieces = found.into_stream();
        while let Some(piece) = pieces.try_next().await.map_err(failed)? {
            to.write_all(&piece).map_err(|error| {
                StorageError::other("keep a copy of", &at, Trouble::Local, error)
            })?;
        }
        Ok(())
    }

    /// Makes an object of `content` if there is none of that name; of all who do so at once with something else, one
    /// succeeds. That there is one is told only when it was seen, and has another content.
    ///
    /// # Errors
    ///
    /// Fails if nothing tells whether there is one now. It is there whole or not at all.
    pub async fn create(
        &self,
        name: &str,
        content: impl Into<Bytes>,
    ) -> Result<Written, StorageError> {
        let content = Content::Small(content.into());
        let at = self.root.join(name);
        self.write(&at, &content, Overwrite::Never).await
    }

    /// Makes an object of a file's content, as [`Self::create`] does.
    ///
    /// # Errors
    ///
    /// Fails as [`Self::create`] does, or if the file cannot be read.
    pub async fn create_from(&self, name: &str, file: File) -> Result<Written, StorageError> {
        let at = self.root.join(name);
        let content = Content::of_file(&at, file)?;
        self.write(&at, &content, Overwrite::Never).await
    }

    /// Writes an object of a file's content, a large one in parts: under another name first if nothing may be
    /// overwritten, and by a copy that fails where something is there.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be written, another is there and may not be overwritten, or the file cannot be read.
    pub async fn upload(
        &self,
        name: &str,
        file: File,
        overwrite: Overwrite,
    ) -> Result<(), StorageError> {
        let at = self.root.join(name);
        let content = Content::of_file(&at, file)?;
        let written = self.write(&at, &content, overwrite).await?;
        written.or_exists(&at)
    }

    /// Tells whether there is an object of that name.
    ///
    /// # Errors
    ///
    /// Fails if nothing tells, or there is no bucket.
    pub async fn exists(&self, name: &str) -> Result<bool, StorageError> {
        self.is_there(&self.root.join(name)).await
    }

    pub(super) async fn is_there(&self, at: &Location) -> Result<bool, StorageError> {
        let Err(error) = self.objects.head(at.key()).await else {
            return Ok(true);
        };
        let answer = Answer::of(&error);
        let failed = |error| StorageError::new("look for", at, &error);
        // What is answered to HEAD has no body, and so does not tell whether it is the bucket that is missing.
        let error = if answer.status.is_some() && answer.code.is_empty() {
            match self.objects.get(at.key()).await {
                Ok(_) => return Ok(true),
                Err(error) => failed(error),
            }
        } else {
            failed(error)
        };
        if error.trouble == Trouble::NotFound {
            Ok(false)
        } else {
            Err(error)
        }
    }

    /// Lists the objects in a folder of this one and in all below it, in order of their names, but for what never became
    /// whole.
    ///
    /// # Errors
    ///
    /// Fails if they cannot be listed to the last.
    pub async fn list(&self, folder: &str) -> Result<Vec<Entry>, StorageError> {
        let at = self.root.join(folder);
        let found: Result<Vec<_>, _> = self.objects.list(Some(at.key())).try_collect().await;
        let found = match found {
            // A folder is there when something is in it.
            Err(object_store::Error::NotFound { .. }) if at.provider() == Provider::File => {
                Vec::new()
            }
            other => other.map_err(|error| StorageError::new("list", &at, &error))?,
        };
        let entry = |it: object_store::ObjectMeta| {
            let parts: Vec<_> = it.location.prefix_match(at.key())?.collect();
            let name: Vec<_> = parts.iter().map(AsRef::as_ref).collect();
            let name = name.join("/");
            if aside::is_one(&name) {
                return None;
            }
            Some(Entry {
                at: at.join(&name),
                name,
                size: it.size,
            })
        };
        let mut entries: Vec<_> = found.into_iter().filter_map(entry).collect();
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }
}
