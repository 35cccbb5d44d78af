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
mod service_control_policies;
pub(crate) mod stage;
mod truth;
mod user_policies;
