//! What policies together allow an IAM user, with and without MFA.

mod actions;
mod assume;
mod brief;
mod bypass;
mod caller;
mod compiled;
mod condition;
mod decision;
mod detail;
mod enforcement;
mod glob;
mod hang;
mod library;
mod mfa;
mod origin;
mod policy_set;
mod reference;
mod resource;
mod rough;
mod self_service;
mod shipped;
mod told;
mod universe;
mod variables;

#[cfg(test)]
mod tests;

pub(crate) use self::condition::without_mfa;
pub use self::{
    actions::ActionSet,
    bypass::{Bypass, Leak, LeakKind},
    caller::{Caller, Request},
    compiled::Compiled,
    condition::Truth,
    decision::{Certainty, Decision, Ruling},
    enforcement::{Enforcement, Missing},
    hang::Hang,
    library::Library,
    mfa::{Credential, MfaContext},
    origin::{Cite, Layer, Level, Origin},
    policy_set::{Attached, PolicySet, ScpLevel, ServiceControl},
    reference::{AccessLevel, ServiceReference},
    self_service::SelfService,
    shipped::{self_management_policy, service_control_policy},
    universe::Universe,
};
