//! What the programs have in common: the environment they read, how they reach AWS, ask, log, write and fail.

pub mod connection;
pub mod environment;
pub mod error;
pub mod logging;
pub mod output;
mod prose;

pub use crate::{
    environment::Environment,
    error::{CliError, Kind},
};
