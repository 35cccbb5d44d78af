//! Discovery and collection against AWS as the simulator plays it, faults included.

mod authorization;
mod certifications;
mod collect;
mod credentials;
mod discover;
mod faults;
mod limits;
mod relay;
mod root;
pub(crate) mod stage;
mod truth;
