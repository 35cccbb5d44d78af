//! Where an account's devices are, and how they change hands.

use super::account::Account;
use super::devices::{Device, DeviceKind, HardwareToken, Seed, UnassignedDevice};
use super::partition::Partition;
use super::time::Timestamp;
use super::user::User;

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
