//! Object storage: `s3://`, `gs://`, `az://` and `file://`, behind one set of operations that overwrite nothing unless
//! they are told to.

mod error;
mod location;
mod open;
mod store;
#[cfg(test)]
mod tests;

pub use self::{
    error::{StorageError, Trouble},
    location::{InvalidLocation, Location, Provider},
    open::{AwsCredentials, AwsKeys, Encryption, StorageOptions},
    store::{Entry, Overwrite, Store, Written},
};
