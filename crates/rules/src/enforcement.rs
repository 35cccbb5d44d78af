//! Whether the policies over an IAM user enforce MFA: what the rules about it share.

mod account;
mod organization;
mod reason;
mod told;
mod user;

#[cfg(test)]
mod tests;

pub use self::told::PoliciesTold;
pub(crate) use self::{
    account::AccountPolicies,
    organization::RunPolicies,
    reason::{dataset, enforced, hanging, leaks, not_enforced, statements},
    told::{chain, explained, policies},
    user::judged,
};
