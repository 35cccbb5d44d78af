//! Reading and writing objects, none of which is overwritten unless that is asked for.

use std::{
    fs::File,
    io::{Read, Write},
    sync::Arc,
};

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::{
    CopyMode, CopyOptions, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload,
    WriteMultipart,
};
use uuid::Uuid;

use super::{Location, Provider, StorageError, StorageOptions, Trouble, open};

/// What is larger goes up in parts.
const LARGE: u64 = 16 * 1024 * 1024;
/// The size of a part; S3 takes 10 000 of them.
const PART: usize = 8 * 1024 * 1024;
/// How many parts may be on their way.
const PARTS_AT_ONCE: usize = 4;

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
    /// It is there now.
    New,
    /// One was there, and stays as it is.
    There,
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
    root: Location,
    objects: Arc<dyn ObjectStore>,
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
        })
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
        let failed = |error| StorageError::new("read", &at, error);
        let found = match self.objects.get(at.key()).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            other => other.map_err(failed)?,
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
        let failed = |error| StorageError::new("read", &at, error);
        let found = self.objects.get(at.key()).await.map_err(failed)?;
        let mut pieces = found.into_stream();
        while let Some(piece) = pieces.try_next().await.map_err(failed)? {
            to.write_all(&piece).map_err(|error| {
                StorageError::other("keep a copy of", &at, Trouble::Failed, error)
            })?;
        }
        Ok(())
    }

    /// Makes an object of `content` if there is none of that name; of all who do so at once, one succeeds.
    ///
    /// # Errors
    ///
    /// Fails if nothing tells whether there is one now. It is there whole or not at all.
    pub async fn create(
        &self,
        name: &str,
        content: impl Into<Bytes>,
    ) -> Result<Written, StorageError> {
        match self.put(name, content.into(), Overwrite::Never).await {
            Ok(()) => Ok(Written::New),
            Err(error) if error.trouble == Trouble::Exists => Ok(Written::There),
            Err(error) => Err(error),
        }
    }

    /// Writes an object of `content`.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be written, or is there and may not be overwritten.
    pub async fn put(
        &self,
        name: &str,
        content: Bytes,
        overwrite: Overwrite,
    ) -> Result<(), StorageError> {
        let at = self.root.join(name);
        prepare(&at)?;
        let options = PutOptions {
            mode: match overwrite {
                Overwrite::Never => PutMode::Create,
                Overwrite::Yes => PutMode::Overwrite,
            },
            ..PutOptions::default()
        };
        let payload = PutPayload::from_bytes(content);
        let put = self.objects.put_opts(at.key(), payload, options).await;
        put.map_err(|error| StorageError::new("write", &at, error))?;
        keep_private(&at)
    }

    /// Writes an object of a file's content, a large one in parts: under another name first if nothing may be
    /// overwritten, and by a copy that fails where something is there.
    ///
    /// # Errors
    ///
    /// Fails as [`Self::put`] does, or if the file cannot be read.
    pub async fn upload(
        &self,
        name: &str,
        mut file: File,
        overwrite: Overwrite,
    ) -> Result<(), StorageError> {
        let at = self.root.join(name);
        let unread = |error: std::io::Error| {
            StorageError::other("read the file to write to", &at, Trouble::Failed, error)
        };
        let size = file.metadata().map_err(unread)?.len();
        if size <= LARGE {
            let mut content = Vec::new();
            file.read_to_end(&mut content).map_err(unread)?;
            return self.put(name, content.into(), overwrite).await;
        }
        prepare(&at)?;
        if overwrite == Overwrite::Yes {
            return self.upload_parts(&at, file).await;
        }
        // Found out before much is sent; what counts is the copy.
        if self.exists(name).await? {
            let why = "there is an object of that name";
            return Err(StorageError::other("write", &at, Trouble::Exists, why));
        }
        let aside = self.root.join(&format!("{name}.{}.part", Uuid::new_v4()));
        let copied = match self.upload_parts(&aside, file).await {
            Ok(()) => {
                let options = CopyOptions {
                    mode: CopyMode::Create,
                    ..CopyOptions::default()
                };
                let copied = self.objects.copy_opts(aside.key(), at.key(), options).await;
                copied.map_err(|error| StorageError::new("write", &at, error))
            }
            Err(error) => Err(error),
        };
        // What cannot be removed is a part by its name, which nobody reads.
        let _ = self.objects.delete(aside.key()).await;
        copied
    }

    /// Makes an object of a file's content, as [`Self::create`] does.
    ///
    /// # Errors
    ///
    /// Fails as [`Self::upload`] does.
    pub async fn create_from(&self, name: &str, file: File) -> Result<Written, StorageError> {
        match self.upload(name, file, Overwrite::Never).await {
            Ok(()) => Ok(Written::New),
            Err(error) if error.trouble == Trouble::Exists => Ok(Written::There),
            Err(error) => Err(error),
        }
    }

    async fn upload_parts(&self, at: &Location, mut file: File) -> Result<(), StorageError> {
        let failed = |error| StorageError::new("write", at, error);
        let upload = self.objects.put_multipart(at.key()).await.map_err(failed)?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        let mut buffer = vec![0; 1024 * 1024];
        loop {
            let read = match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) => {
                    let _ = upload.abort().await;
                    return Err(StorageError::other(
                        "read the file to write to",
                        at,
                        Trouble::Failed,
                        error,
                    ));
                }
            };
            if let Err(error) = upload.wait_for_capacity(PARTS_AT_ONCE).await {
                let _ = upload.abort().await;
                return Err(failed(error));
            }
            upload.write(buffer.get(..read).unwrap_or_default());
        }
        upload.finish().await.map_err(failed)?;
        keep_private(at)
    }

    /// Tells whether there is an object of that name.
    ///
    /// # Errors
    ///
    /// Fails if nothing tells.
    pub async fn exists(&self, name: &str) -> Result<bool, StorageError> {
        let at = self.root.join(name);
        match self.objects.head(at.key()).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(StorageError::new("look for", &at, error)),
        }
    }

    /// Lists the objects in a folder of this one and in all below it, in order of their names.
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
            other => other.map_err(|error| StorageError::new("list", &at, error))?,
        };
        let entry = |it: object_store::ObjectMeta| {
            let parts: Vec<_> = it.location.prefix_match(at.key())?.collect();
            let name: Vec<_> = parts.iter().map(AsRef::as_ref).collect();
            let name = name.join("/");
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

/// Lets a file be read by its owner alone, in a folder that others may enter.
fn keep_private(at: &Location) -> Result<(), StorageError> {
    #[cfg(unix)]
    if at.provider() == Provider::File {
        use std::os::unix::fs::PermissionsExt;
        let path = format!("/{}", at.key());
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(path, private)
            .map_err(|error| StorageError::other("write", at, Trouble::Failed, error))?;
    }
    #[cfg(not(unix))]
    let _ = at;
    Ok(())
}

/// Makes the folder of a file, which its owner alone may enter: reports are target lists.
fn prepare(at: &Location) -> Result<(), StorageError> {
    if at.provider() != Provider::File {
        return Ok(());
    }
    let path = std::path::PathBuf::from(format!("/{}", at.key()));
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder
        .create(folder)
        .map_err(|error| StorageError::other("make the folder of", at, Trouble::Failed, error))
}
