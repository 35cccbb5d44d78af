//! How AWS is called at all: declared calls only, one connection pool, credentials for each account.
//!
//! The crates that call AWS (inventory, enrolment) each have a registry of declared calls, made with [`api_call!`]
//! and handed to [`Connection::open`]. No other call leaves the process, and the least-privilege policies are
//! derived from the same declarations.

mod api_call;
mod caller_credentials;
mod client;
mod clock;
mod gap;
mod http;
mod meter;
pub mod policy;
mod profile;
mod session;
mod throttled;
mod whole_answer;

pub use crate::{
    api_call::{ApiCall, DeclaredCallsOnly, Resource, Service, Site},
    caller_credentials::{CallerCredentials, CallerKeys},
    client::{ConnectError, ConnectOptions, Connection},
    clock::Clock,
    gap::Trouble,
    http::Proxy,
    meter::{CallCounts, Meter},
    profile::CodePrompt,
    session::{RoleToAssume, RootToAssume, Session, assume_role, assume_root, mfa_session},
};
