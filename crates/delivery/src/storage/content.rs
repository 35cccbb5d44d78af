//! What is to be written, which may be sent more than once.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
};

use bytes::{Buf, Bytes};

use super::{Location, StorageError, Trouble};

/// What is larger goes up in parts.
const LARGE: u64 = 16 * 1024 * 1024;

/// The content of an object.
pub(super) enum Content {
    /// What is small enough to be sent at once.
    Small(Bytes),
    /// A file, from its position on.
    Large {
        /// It.
        file: File,
        /// Where its content begins.
        start: u64,
        /// How long it is from there.
        size: u64,
    },
}

impl Content {
    /// Takes what stands in a file from its position on.
    pub(super) fn of_file(at: &Location, mut file: File) -> Result<Self, StorageError> {
        let read = || {
            let start = file.stream_position()?;
            let size = file.metadata()?.len().saturating_sub(start);
            if size > LARGE {
                return Ok(Self::Large { file, start, size });
            }
            let mut content = Vec::new();
            file.read_to_end(&mut content)?;
            Ok(Self::Small(content.into()))
        };
        read().map_err(|error| Self::unread(at, error))
    }

    /// Returns how many bytes it has.
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Small(content) => content.len() as u64,
            Self::Large { size, .. } => *size,
        }
    }

    /// Reads it from its beginning; who reads it so twice at once reads nonsense.
    pub(super) fn again(&self, at: &Location) -> Result<Box<dyn Read + Send>, StorageError> {
        Ok(match self {
            Self::Small(content) => Box::new(content.clone().reader()),
            Self::Large { file, start, size } => {
                let rewound = file.try_clone().and_then(|mut file| {
                    file.seek(SeekFrom::Start(*start))?;
                    Ok(file)
                });
                let file = rewound.map_err(|error| Self::unread(at, error))?;
                Box::new(file.take(*size))
            }
        })
    }

    /// Says that it cannot be read.
    pub(super) fn unread(at: &Location, error: std::io::Error) -> StorageError {
        StorageError::other("read the file to write to", at, Trouble::Local, error)
    }
}
