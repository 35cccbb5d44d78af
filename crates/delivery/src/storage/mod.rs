//! Object storage: `s3://`, `gs://`, `az://` and `file://`, behind one set of operations that overwrite nothing unless
//! they are told to.

mod answer;
mod aside;
mod content;
mod error;
mod local;
mod location;
mod open;
mod store;
#[cfg(test)]
mod tests;
mod write;

pub use self::{
    error::{StorageError, Trouble},
    location::{InvalidLocation, Location, Provider},
    open::{AwsCredentials, AwsKeys, Encryption, StorageOptions},
    store::{Entry, Overwrite, Store, Written},
};
