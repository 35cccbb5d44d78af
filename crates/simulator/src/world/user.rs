//! An IAM user, and what the cached credential report says of it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::credentials::{AccessKey, Password, ServiceCredential};
use super::devices::Device;
use super::partition::Partition;
use super::time::Timestamp;
use crate::random;

/// An IAM user.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct User {
    /// Up to 64 of the characters that IAM allows.
    pub name: String,
    /// Its path, with a slash at both ends.
    pub path: String,
    /// When it was created.
    pub created: Timestamp,
    /// Its console password, if it has one.
    pub password: Option<Password>,
    /// Its access keys.
    pub access_keys: Vec<AccessKey>,
    /// Its enabled MFA devices.
    pub mfa: Vec<Device>,
    /// How many active signing certificates it has.
    pub signing_certificates: u32,
    /// Its credentials for single services.
    pub service_credentials: Vec<ServiceCredential>,
    /// The names of its groups.
    pub groups: Vec<String>,
    /// The policies attached to it: names of the account's own, or ARNs.
    pub policies: Vec<String>,
    /// The policies written into it, as JSON by name.
    pub inline_policies: BTreeMap<String, String>,
    /// The policy that is its permissions boundary: a name of the account's own, or an ARN.
    pub boundary: Option<String>,
    /// Whether the report that is cached at the start tells of the user; not so if it was created since.
    pub in_report: bool,
    /// What the report that is cached at the start says differently.
    pub report: Reported,
}

impl User {
    /// Returns the user's ARN in an account of the partition `aws`.
    pub fn arn(&self, account: &str) -> String {
        self.arn_in(Partition::Aws, account)
    }

    /// Returns the user's ARN in an account of a partition.
    pub fn arn_in(&self, partition: Partition, account: &str) -> String {
        partition.iam(account, &format!("user{}{}", self.path, self.name))
    }

    /// Returns the user's unique id in the account.
    pub fn id(&self, account: &str) -> String {
        user_id(account, &self.name)
    }
}

/// Returns the unique id of the user with this name.
pub(crate) fn user_id(account: &str, name: &str) -> String {
    format!("AIDA{}", random::code(&[account, "user", name], 17))
}

impl Default for User {
    fn default() -> Self {
        Self {
            name: String::new(),
            path: "/".into(),
            created: Timestamp::default(),
            password: None,
            access_keys: Vec::new(),
            mfa: Vec::new(),
            signing_certificates: 0,
            service_credentials: Vec::new(),
            groups: Vec::new(),
            policies: Vec::new(),
            inline_policies: BTreeMap::new(),
            boundary: None,
            in_report: true,
            report: Reported::default(),
        }
    }
}

/// What the report that is cached at the start says differently of a user.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Reported {
    /// What it says of MFA.
    pub mfa_active: Option<bool>,
    /// What it says of the password.
    pub password_enabled: Option<bool>,
    /// When it says the password was last used.
    pub password_last_used: Option<Timestamp>,
    /// When it says the password was last changed.
    pub password_last_changed: Option<Timestamp>,
}
