//! Discovery and collection against AWS as the simulator plays it, faults included.

mod certifications;
mod collect;
mod discover;
mod faults;
mod relay;
pub(crate) mod stage;
mod truth;
