//! The organization that a file or a generator describes.

mod account;
mod credentials;
mod demo;
mod device_places;
mod devices;
mod generate;
mod organization;
mod partition;
mod policies;
mod time;
mod user;
mod validate;

use serde::Deserialize;

pub use self::account::{Account, Report, Role, Root};
pub(crate) use self::credentials::ROOT;
pub use self::credentials::{AccessKey, Password, PasswordPolicy, ServiceCredential};
pub(crate) use self::device_places::DevicePlace;
pub use self::devices::{Device, DeviceKind, HardwareToken, Seed, UnassignedDevice};
pub use self::organization::{
    Caller, Joined, Organization, OrganizationalUnit, ServiceControlPolicy,
};
pub use self::partition::Partition;
pub(crate) use self::partition::is_account;
pub(crate) use self::policies::{AWS_POLICIES, aws_policy};
pub use self::policies::{Group, ManagedPolicy};
pub use self::time::Timestamp;
pub(crate) use self::user::user_id;
pub use self::user::{Reported, User};
use crate::faults::Fault;
use crate::limits::Limits;

/// An AWS organization, or a single account, and the faults to be served.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct World {
    /// The partition that all of it is in.
    pub partition: Partition,
    /// The organization; without it, every account stands alone.
    pub organization: Option<Organization>,
    /// Who asks.
    pub caller: Caller,
    /// The organizational units, parents before children.
    #[serde(rename = "ou")]
    pub ous: Vec<OrganizationalUnit>,
    /// The service control policies.
    #[serde(rename = "scp")]
    pub scps: Vec<ServiceControlPolicy>,
    /// The accounts.
    #[serde(rename = "account")]
    pub accounts: Vec<Account>,
    /// The faults to be served.
    #[serde(rename = "fault")]
    pub faults: Vec<Fault>,
    /// What decides which requests a fault with a `rate` hits; the same seed, the same requests.
    pub seed: u64,
    /// The request limits in force.
    pub limits: Limits,
    /// How many seconds AWS's clock is ahead of the real time, or behind it if negative.
    pub clock_skew_seconds: i64,
    /// The most items that IAM puts on a page, however many were asked for.
    pub iam_page_size: Option<usize>,
    /// How many seconds pass until STS knows a device that was enabled; IAM's lists show it at once.
    pub propagation_delay_seconds: u32,
    /// Credential reports have AWS's 23rd column, `additional_credentials_info`.
    pub report_extra_column: bool,
}

/// Why a description is not a world.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// It is not TOML, or holds a key or a value that a world does not have.
    #[error(transparent)]
    Syntax(#[from] toml::de::Error),
    /// It breaks a rule that AWS has.
    #[error("{0}")]
    Rule(String),
}

impl World {
    /// Reads a world from TOML.
    ///
    /// # Errors
    ///
    /// Fails, naming the line or the account, if the text is not TOML or breaks a rule that AWS has.
    pub fn from_toml(text: &str) -> Result<Self, WorldError> {
        let world: Self = toml::from_str(text)?;
        world.validate()?;
        Ok(world)
    }

    /// Returns the id of the caller's account.
    pub fn caller_account(&self) -> &str {
        match (&self.organization, self.accounts.first()) {
            _ if !self.caller.account.is_empty() => &self.caller.account,
            (Some(organization), _) => &organization.management_account,
            (None, Some(first)) => &first.id,
            (None, None) => "",
        }
    }

    /// Returns the caller's ARN.
    pub fn caller_arn(&self) -> String {
        if self.caller.arn.is_empty() {
            self.partition.iam(self.caller_account(), "user/mfaudit")
        } else {
            self.caller.arn.clone()
        }
    }
}
