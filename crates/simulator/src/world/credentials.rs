//! Passwords, access keys and credentials for single services.

use serde::Deserialize;

use super::time::Timestamp;
use crate::random;

/// The name under which the root user owns keys and devices; no IAM user can have it.
pub(crate) const ROOT: &str = ":root";

/// A console password.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Password {
    /// When it was last used; absent if never.
    pub last_used: Option<Timestamp>,
    /// When it was last changed; absent if never since its owner was created.
    pub last_changed: Option<Timestamp>,
    /// When it has to be changed, if a password policy says so.
    pub next_rotation: Option<Timestamp>,
    /// Its owner has to change it at the next sign-in.
    pub reset_required: bool,
}

/// An access key.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct AccessKey {
    /// Its id; if empty, one is made.
    pub id: String,
    /// `Active`, `Inactive` or `Expired`.
    pub status: String,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last used; absent if never.
    pub last_used: Option<Timestamp>,
    /// The Region it was last used in.
    pub last_used_region: String,
    /// The service it was last used with.
    pub last_used_service: String,
}

impl AccessKey {
    /// Returns the key's id, given its owner and its place among the owner's keys.
    pub fn id(&self, account: &str, owner: &str, place: usize) -> String {
        if self.id.is_empty() {
            format!(
                "AKIA{}",
                random::code(&[account, "key", owner, &place.to_string()], 16)
            )
        } else {
            self.id.clone()
        }
    }
}

impl Default for AccessKey {
    fn default() -> Self {
        Self {
            id: String::new(),
            status: "Active".into(),
            created: Timestamp::default(),
            last_used: None,
            last_used_region: "us-east-1".into(),
            last_used_service: "iam".into(),
        }
    }
}

/// A credential of a user for a single service.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServiceCredential {
    /// The service, such as `codecommit.amazonaws.com`.
    pub service: String,
    /// `Active`, `Inactive` or `Expired`.
    pub status: String,
    /// When it was created.
    pub created: Timestamp,
    /// When it ceases to be valid; absent if never.
    pub expires: Option<Timestamp>,
}

impl Default for ServiceCredential {
    fn default() -> Self {
        Self {
            service: "codecommit.amazonaws.com".into(),
            status: "Active".into(),
            created: Timestamp::default(),
            expires: None,
        }
    }
}

/// An account's password policy.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct PasswordPolicy {
    /// The least number of characters.
    pub minimum_length: u32,
    /// How many former passwords may not be used again.
    pub reuse_prevention: Option<u32>,
    /// The days after which a password has to be changed.
    pub max_age: Option<u32>,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            minimum_length: 8,
            reuse_prevention: None,
            max_age: None,
        }
    }
}
