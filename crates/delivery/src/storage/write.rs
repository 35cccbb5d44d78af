//! Writing objects so that what is said of them is true: an answer alone does not tell whether an object is there, or
//! whose it is.

use std::{io, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream::FuturesUnordered};
use object_store::{
    CopyMode, CopyOptions, MultipartUpload, ObjectStoreExt, PutMode, PutOptions, PutPayload,
    UploadPart,
};

use super::{
    Location, Overwrite, StorageError, Store, Trouble, Written, answer::Answer, aside,
    content::Content, local,
};

/// The size of a part; S3 takes 10 000 of them.
const PART: u64 = 8 * 1024 * 1024;
/// How many parts may be on their way.
const PARTS_AT_ONCE: usize = 4;
/// How often it is tried to create an object, where others are at work on it or the connection broke.
const TRIES: u32 = 5;
/// How long is waited before the second time, and twice as long before each further one.
pub(super) const PAUSE: Duration = Duration::from_millis(200);

/// What is there after an attempt to create it.
enum Seen {
    Nothing,
    /// What was sent: the answer to it was lost, or another sent the same.
    Ours,
    Others,
}

/// What came of an attempt that was answered by an error.
struct Found {
    seen: Seen,
    /// Whether another attempt may come to something: others were at work on it, or there was no answer that counts.
    /// Creating is conditional, and may be tried again.
    again: bool,
    /// What to say if nothing came of it.
    failed: StorageError,
}

/// How an object is created.
enum How<'a> {
    Put(&'a Bytes),
    /// Of one that is under another name.
    Copy(&'a Location),
}

impl Store {
    pub(super) async fn write(
        &self,
        at: &Location,
        content: &Content,
        overwrite: Overwrite,
    ) -> Result<Written, StorageError> {
        if let Some(path) = at.local_path() {
            return local::write(at, &path, content, overwrite);
        }
        match (content, overwrite) {
            (Content::Small(bytes), Overwrite::Never) => {
                self.create_at(at, content, How::Put(bytes)).await
            }
            (Content::Large { .. }, Overwrite::Never) => self.create_in_parts(at, content).await,
            (Content::Small(bytes), Overwrite::Yes) => {
                let put = self.put_at(at, bytes, PutMode::Overwrite).await;
                self.arrived(put, at, at, content).await?;
                Ok(Written::New)
            }
            (Content::Large { .. }, Overwrite::Yes) => {
                let upload = self.send_parts(at, at, content).await?;
                self.complete(upload, at, at, content).await?;
                Ok(Written::New)
            }
        }
    }

    /// Sends a large object under another name, and copies it on the condition that nothing is there.
    async fn create_in_parts(
        &self,
        at: &Location,
        content: &Content,
    ) -> Result<Written, StorageError> {
        // Found out before much is sent; what counts is the copy.
        if self.is_there(at).await? {
            return Ok(Written::There);
        }
        let aside = at.beside(&aside::name());
        let upload = self.send_parts(&aside, at, content).await?;
        let created = match self.complete(upload, &aside, at, content).await {
            Ok(()) => self.create_at(at, content, How::Copy(&aside)).await,
            Err(error) => Err(error),
        };
        // An answer that says it was not made may be wrong.
        match self.objects.delete(aside.key()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => self.warn(&StorageError::new("remove the part", &aside, &error)),
        }
        created
    }

    /// Creates an object, and looks for it where the answer does not tell what became of it.
    async fn create_at(
        &self,
        at: &Location,
        content: &Content,
        how: How<'_>,
    ) -> Result<Written, StorageError> {
        let mut left = TRIES;
        let mut pause = self.pause;
        loop {
            let tried = match how {
                How::Put(bytes) => self.put_at(at, bytes, PutMode::Create).await,
                How::Copy(from) => {
                    let options = CopyOptions {
                        mode: CopyMode::Create,
                        ..CopyOptions::default()
                    };
                    self.objects.copy_opts(from.key(), at.key(), options).await
                }
            };
            let Err(error) = tried else {
                return Ok(Written::New);
            };
            let found = self.became(&error, at, at, content).await?;
            match found.seen {
                Seen::Ours => return Ok(Written::New),
                Seen::Others => return Ok(Written::There),
                Seen::Nothing if found.again && left > 1 => {}
                Seen::Nothing => return Err(found.failed),
            }
            left -= 1;
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }

    /// Tells whether what was sent is at `to`, whatever the answer was.
    async fn arrived(
        &self,
        sent: Result<(), object_store::Error>,
        to: &Location,
        at: &Location,
        content: &Content,
    ) -> Result<(), StorageError> {
        let Err(error) = sent else {
            return Ok(());
        };
        let found = self.became(&error, to, at, content).await?;
        match found.seen {
            Seen::Ours => Ok(()),
            Seen::Others | Seen::Nothing => Err(found.failed),
        }
    }

    /// Looks what became of an attempt to write `to` that was answered by an error.
    ///
    /// # Errors
    ///
    /// Fails if the answer says that nothing came of it, or nothing tells.
    async fn became(
        &self,
        error: &object_store::Error,
        to: &Location,
        at: &Location,
        content: &Content,
    ) -> Result<Found, StorageError> {
        let answer = Answer::of(error);
        let (conflict, open) = (answer.is_conflict(), answer.is_open);
        let failed = StorageError::answered("write", at, error, answer);
        if !conflict && !open {
            return Err(failed);
        }
        match self.seen(to, content).await {
            Ok(seen) => Ok(Found {
                seen,
                again: conflict || open,
                failed,
            }),
            Err(unseen) => Err(if conflict { unseen } else { failed }),
        }
    }

    async fn put_at(
        &self,
        at: &Location,
        content: &Bytes,
        mode: PutMode,
    ) -> Result<(), object_store::Error> {
        let options = PutOptions {
            mode,
            ..PutOptions::default()
        };
        let payload = PutPayload::from_bytes(content.clone());
        let put = self.objects.put_opts(at.key(), payload, options).await;
        put.map(drop)
    }

    /// Compares what is there with what was sent.
    async fn seen(&self, at: &Location, content: &Content) -> Result<Seen, StorageError> {
        let unseen = |error| StorageError::new("look for", at, &error);
        let found = match self.objects.get(at.key()).await.map_err(unseen) {
            Err(error) if error.trouble == Trouble::NotFound => return Ok(Seen::Nothing),
            other => other?,
        };
        if found.meta.size != content.size() {
            return Ok(Seen::Others);
        }
        let mut sent = content.again(at)?;
        let mut pieces = found.into_stream();
        while let Some(piece) = pieces.try_next().await.map_err(unseen)? {
            let mut same = vec![0; piece.len()];
            match sent.read_exact(&mut same) {
                Ok(()) if piece == same => {}
                Ok(()) => return Ok(Seen::Others),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Ok(Seen::Others);
                }
                Err(error) => return Err(Content::unread(at, error)),
            }
        }
        Ok(Seen::Ours)
    }

    /// Sends the parts of what is to be at `to`; errors speak of `at`, where it goes in the end.
    async fn send_parts(
        &self,
        to: &Location,
        at: &Location,
        content: &Content,
    ) -> Result<Box<dyn MultipartUpload>, StorageError> {
        let failed = |error| StorageError::new("write", at, &error);
        let mut upload = self.objects.put_multipart(to.key()).await.map_err(failed)?;
        match send(upload.as_mut(), at, content).await {
            Ok(()) => Ok(upload),
            Err(error) => {
                self.give_up(upload.as_mut(), to).await;
                Err(error)
            }
        }
    }

    /// Makes an object of the parts that were sent.
    async fn complete(
        &self,
        mut upload: Box<dyn MultipartUpload>,
        to: &Location,
        at: &Location,
        content: &Content,
    ) -> Result<(), StorageError> {
        let completed = upload.complete().await.map(drop);
        let arrived = self.arrived(completed, to, at, content).await;
        if arrived.is_err() {
            self.give_up(upload.as_mut(), to).await;
        }
        arrived
    }

    async fn give_up(&self, upload: &mut dyn MultipartUpload, to: &Location) {
        match upload.abort().await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => self.warn(&StorageError::new("remove the parts of", to, &error)),
        }
    }
}

async fn send(
    upload: &mut dyn MultipartUpload,
    at: &Location,
    content: &Content,
) -> Result<(), StorageError> {
    let failed = |error| StorageError::new("write", at, &error);
    let mut rest = content.again(at)?;
    let mut under_way: FuturesUnordered<UploadPart> = FuturesUnordered::new();
    loop {
        let mut part = Vec::new();
        let read = io::Read::read_to_end(&mut io::Read::take(&mut rest, PART), &mut part);
        if read.map_err(|error| Content::unread(at, error))? == 0 {
            break;
        }
        if under_way.len() >= PARTS_AT_ONCE
            && let Some(sent) = under_way.next().await
        {
            sent.map_err(failed)?;
        }
        under_way.push(upload.put_part(part.into()));
    }
    under_way.try_collect::<Vec<_>>().await.map_err(failed)?;
    Ok(())
}
