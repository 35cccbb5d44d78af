//! MFA devices: those that are enabled, virtual ones that no one has, and tokens that come from their vendor.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::account::Account;
use super::credentials::ROOT;
use super::partition::Partition;
use super::time::Timestamp;
use super::user::User;
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
    fn of_serial(serial: &str, seed: Option<Seed>) -> Option<Self> {
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

/// Where in an account a device is, by its place in the list that holds it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DevicePlace {
    /// The root user has it.
    Root(usize),
    /// This user has it.
    User(usize, usize),
    /// It is a virtual device that no one has.
    Unassigned(usize),
    /// It is a hardware token that no one has.
    Token(usize),
}

impl Account {
    /// Returns where the device with this serial number is.
    pub(crate) fn find_device(&self, partition: Partition, serial: &str) -> Option<DevicePlace> {
        let id = &self.id;
        let mut unassigned = self.unassigned_devices.iter();
        if let Some(place) = unassigned.position(|it| it.serial(partition, id) == serial) {
            return Some(DevicePlace::Unassigned(place));
        }
        if let Some(place) = self
            .hardware_tokens
            .iter()
            .position(|it| it.serial == serial)
        {
            return Some(DevicePlace::Token(place));
        }
        let mut of_root = self.root.mfa.iter();
        if let Some(place) = of_root.position(|it| it.root_serial(partition, id) == serial) {
            return Some(DevicePlace::Root(place));
        }
        let place_of = |user: &User| {
            let mut devices = user.mfa.iter();
            devices.position(|it| it.user_serial(partition, id, &user.name) == serial)
        };
        let mut users = self.users.iter().enumerate();
        users.find_map(|(owner, user)| Some(DevicePlace::User(owner, place_of(user)?)))
    }

    /// Returns what the device at this place makes its codes of.
    pub(crate) fn seed(&self, place: DevicePlace) -> Option<&Seed> {
        match place {
            DevicePlace::Root(it) => self.root.mfa.get(it)?.seed.as_ref(),
            DevicePlace::User(user, it) => self.users.get(user)?.mfa.get(it)?.seed.as_ref(),
            DevicePlace::Unassigned(it) => self.unassigned_devices.get(it)?.seed.as_ref(),
            DevicePlace::Token(it) => Some(&self.hardware_tokens.get(it)?.seed),
        }
    }

    /// Gives a user the device with this serial number, which no one has.
    pub(crate) fn enable_device(
        &mut self,
        partition: Partition,
        serial: &str,
        user: &str,
        enabled: Timestamp,
    ) {
        let (kind, seed) = match self.find_device(partition, serial) {
            Some(DevicePlace::Unassigned(it)) => {
                (DeviceKind::Virtual, self.unassigned_devices.remove(it).seed)
            }
            Some(DevicePlace::Token(it)) => (
                DeviceKind::Hardware,
                Some(self.hardware_tokens.remove(it).seed),
            ),
            Some(DevicePlace::Root(_) | DevicePlace::User(..)) | None => return,
        };
        let Some(user) = self.users.iter_mut().find(|it| it.name == user) else {
            return;
        };
        user.mfa.push(Device {
            kind,
            serial: serial.to_owned(),
            enabled,
            seed,
            ..Device::default()
        });
    }

    /// Takes the device with this serial number from whoever has it. A virtual device and a token of a vendor's are no
    /// one's then; any other is gone.
    pub(crate) fn deactivate_device(&mut self, partition: Partition, serial: &str) {
        let device = match self.find_device(partition, serial) {
            Some(DevicePlace::Root(it)) => self.root.mfa.remove(it),
            Some(DevicePlace::User(user, it)) => match self.users.get_mut(user) {
                Some(user) => user.mfa.remove(it),
                None => return,
            },
            Some(DevicePlace::Unassigned(_) | DevicePlace::Token(_)) | None => return,
        };
        match (device.kind, device.seed) {
            (DeviceKind::Virtual, seed) => {
                let device = UnassignedDevice::of_serial(serial, seed);
                self.unassigned_devices.extend(device);
            }
            (DeviceKind::Hardware, Some(seed)) => self.hardware_tokens.push(HardwareToken {
                serial: serial.to_owned(),
                seed,
            }),
            (DeviceKind::Hardware | DeviceKind::Fido | DeviceKind::Sms | DeviceKind::Raw, _) => {}
        }
    }
}
