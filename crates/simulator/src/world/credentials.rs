//! Passwords, access keys and MFA devices.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::partition::Partition;
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

/// What kind of MFA device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKind {
    /// An authenticator app.
    #[default]
    Virtual,
    /// A passkey or a security key.
    Fido,
    /// A token that shows one-time passwords.
    Hardware,
    /// A text message, which AWS has withdrawn.
    Sms,
    /// Whatever the serial number says.
    Raw,
}

/// An enabled MFA device.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Device {
    /// Its kind, from which the serial number is made.
    pub kind: DeviceKind,
    /// Its name; if empty, AWS's usual one.
    pub name: String,
    /// Its serial number; if empty, one is made.
    pub serial: String,
    /// When it was enabled.
    pub enabled: Timestamp,
    /// What `GetMFADevice` tells of a FIDO device, such as `FIDO = "L1"`.
    pub certifications: BTreeMap<String, String>,
}

impl Device {
    /// Returns the serial number of a device that a user has enabled.
    pub fn user_serial(&self, partition: Partition, account: &str, user: &str) -> String {
        self.serial((partition, account), user, &format!("user/{user}"), user)
    }

    /// Returns the serial number of a device that the root user has enabled.
    pub fn root_serial(&self, partition: Partition, account: &str) -> String {
        let usual = "root-account-mfa-device";
        self.serial((partition, account), ROOT, "root", usual)
    }

    fn serial(
        &self,
        (partition, account): (Partition, &str),
        owner: &str,
        place: &str,
        usual: &str,
    ) -> String {
        if !self.serial.is_empty() {
            return self.serial.clone();
        }
        let name = |usual: &str| {
            if self.name.is_empty() {
                usual.to_owned()
            } else {
                self.name.clone()
            }
        };
        let parts = [account, "device", owner, &self.name];
        match self.kind {
            DeviceKind::Virtual => virtual_serial(partition, account, &name(usual)),
            DeviceKind::Fido => {
                let code = random::code(&parts, 26);
                partition.iam(account, &format!("u2f/{place}/{}-{code}", name("default")))
            }
            DeviceKind::Sms => partition.iam(account, &format!("sms-mfa/{}", name(usual))),
            DeviceKind::Hardware | DeviceKind::Raw => {
                format!("GAHT{:08}", random::hash(&parts) % 100_000_000)
            }
        }
    }
}

/// Returns the serial number of a virtual device.
pub(crate) fn virtual_serial(partition: Partition, account: &str, name: &str) -> String {
    partition.iam(account, &format!("mfa/{name}"))
}
