//! MFA devices: those that are enabled, virtual ones that no one has, and tokens that come from their vendor.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::credentials::ROOT;
use super::partition::Partition;
use super::time::Timestamp;
use crate::random;

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

/// The secret of an authenticator, in Base32. It is never shown: not in `Debug` either.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Seed(String);

impl Seed {
    /// Returns the secret.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Seed {
    fn from(base32: T) -> Self {
        Self(base32.into())
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Seed(..)")
    }
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
    /// What a virtual device or a hardware token makes its codes of; without it, no code is right.
    pub seed: Option<Seed>,
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

    /// Tells whether the device shows codes.
    pub(crate) fn shows_codes(&self) -> bool {
        matches!(self.kind, DeviceKind::Virtual | DeviceKind::Hardware)
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
fn virtual_serial(partition: Partition, account: &str, name: &str) -> String {
    partition.iam(account, &format!("mfa/{name}"))
}

/// A virtual MFA device that no one has enabled. In a file it can be written as its name alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Written")]
pub struct UnassignedDevice {
    /// Its name.
    pub name: String,
    /// Its path, with a slash at both ends.
    pub path: String,
    /// What it makes its codes of; without it, no code is right.
    pub seed: Option<Seed>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Name(String),
    Whole(Whole),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Whole {
    name: String,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    seed: Option<Seed>,
}

impl From<Written> for UnassignedDevice {
    fn from(written: Written) -> Self {
        match written {
            Written::Name(name) => name.into(),
            Written::Whole(it) => Self {
                name: it.name,
                path: it.path.unwrap_or_else(|| "/".into()),
                seed: it.seed,
            },
        }
    }
}

impl<T: Into<String>> From<T> for UnassignedDevice {
    fn from(name: T) -> Self {
        Self {
            name: name.into(),
            path: "/".into(),
            seed: None,
        }
    }
}

impl UnassignedDevice {
    /// Returns the serial number.
    pub fn serial(&self, partition: Partition, account: &str) -> String {
        partition.iam(account, &format!("mfa{}{}", self.path, self.name))
    }

    /// Returns the device with this serial number, if it is a virtual device's.
    pub(super) fn of_serial(serial: &str, seed: Option<Seed>) -> Option<Self> {
        let (_, path) = serial.split_once(":mfa/")?;
        let (path, name) = path.rsplit_once('/').unwrap_or(("", path));
        let path = if path.is_empty() {
            "/".to_owned()
        } else {
            format!("/{path}/")
        };
        Some(Self {
            name: name.to_owned(),
            path,
            seed,
        })
    }
}

/// A token with a seed of its vendor's, which no one has enabled.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HardwareToken {
    /// The serial number on its back, such as `GAHT12345678`.
    pub serial: String,
    /// What it makes its codes of.
    pub seed: Seed,
}
