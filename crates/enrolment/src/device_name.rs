//! The name of a virtual device, and which one is free.

use std::{collections::BTreeSet, str::FromStr};

use crate::calls::list_virtual_mfa_devices::VirtualDevice;

/// The longest name, by the IAM API reference.
const LONGEST: usize = 226;

/// A virtual device's name with its path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct DeviceName {
    /// Its path, with a slash at both ends.
    pub(crate) path: String,
    /// Its name.
    pub(crate) name: String,
}

/// Why a text is no device's name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct InvalidName(String);

impl std::fmt::Display for InvalidName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidName {}

impl FromStr for DeviceName {
    type Err = InvalidName;

    /// Reads a name, with a path before it if it has one: `alice`, `/team/alice`.
    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let (path, name) = match text.rsplit_once('/') {
            Some((path, name)) => (format!("/{}/", path.trim_matches('/')), name),
            None => ("/".to_owned(), text),
        };
        let path = if path == "//" { "/".to_owned() } else { path };
        let length = name.chars().count();
        if !(1..=LONGEST).contains(&length) || !is_name(name) {
            return Err(InvalidName(format!(
                "a device's name has 1 to {LONGEST} letters, digits and characters of `_+=,.@-`"
            )));
        }
        if path.len() > 512 || !path.bytes().all(|it| (0x21..=0x7e).contains(&it)) {
            return Err(InvalidName(
                "a device's path has up to 512 printable ASCII characters without spaces"
                    .to_owned(),
            ));
        }
        Ok(Self {
            path,
            name: name.to_owned(),
        })
    }
}

impl DeviceName {
    /// Returns the device's serial number in an account.
    pub(crate) fn serial_number(&self, partition: &str, account: &str) -> String {
        format!(
            "arn:{partition}:iam::{account}:mfa{}{}",
            self.path, self.name
        )
    }

    /// Returns the first of a user's usual names that no device has: the user's own, then with a number behind it.
    ///
    /// The user's own comes first, since the older of AWS's policies for self-service allow no other.
    pub(crate) fn free(user: &str, devices: &[VirtualDevice]) -> Self {
        // Names of devices are taken whatever their case, as AWS compares the names of IAM.
        let taken: BTreeSet<String> = devices
            .iter()
            .map(|it| name_of(&it.serial_number).to_lowercase())
            .collect();
        let names = std::iter::once(user.to_owned()).chain((2..).map(|it| format!("{user}-{it}")));
        // There are more names than devices.
        let free = names
            .take(devices.len() + 1)
            .find(|it| !taken.contains(&it.to_lowercase()));
        Self {
            path: "/".to_owned(),
            name: free.unwrap_or_else(|| user.to_owned()),
        }
    }
}

/// Tells whether a virtual device has one of the names that [`DeviceName::free`] gives a user's.
pub(crate) fn is_usual(user: &str, serial_number: &str) -> bool {
    let name = name_of(serial_number);
    let rest = name.strip_prefix(user);
    rest.is_some_and(|rest| {
        let number = rest.strip_prefix('-');
        rest.is_empty()
            || number.is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
    })
}

/// Returns the name of the device with this serial number, without its path.
pub(crate) fn name_of(serial_number: &str) -> &str {
    serial_number.rsplit('/').next().unwrap_or_default()
}

/// Tells whether a text has only the characters that IAM allows in names.
pub(crate) fn is_name(text: &str) -> bool {
    text.bytes()
        .all(|it| it.is_ascii_alphanumeric() || b"_+=,.@-".contains(&it))
}

#[cfg(test)]
mod tests {
    use super::{DeviceName, is_usual};
    use crate::calls::list_virtual_mfa_devices::{Assignment, VirtualDevice};

    #[test]
    fn a_name_may_have_a_path() {
        let read = |text: &str| text.parse::<DeviceName>();
        let serial = |text: &str| read(text).unwrap().serial_number("aws", "111122223333");
        assert_eq!(serial("alice"), "arn:aws:iam::111122223333:mfa/alice");
        assert_eq!(
            serial("/team/x/alice"),
            "arn:aws:iam::111122223333:mfa/team/x/alice"
        );
        assert_eq!(serial("/alice"), "arn:aws:iam::111122223333:mfa/alice");
        for wrong in ["", "team/", "a b", "ålice", "a/ü/b", &"x".repeat(227)] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_first_free_name_is_the_users_own_or_has_a_number() {
        let device = |name: &str| VirtualDevice {
            serial_number: format!("arn:aws:iam::111122223333:mfa/{name}"),
            assignment: Assignment::Assigned,
        };
        let free = |taken: &[&str]| {
            let devices: Vec<_> = taken.iter().map(|it| device(it)).collect();
            DeviceName::free("alice", &devices).name
        };
        assert_eq!(free(&[]), "alice");
        assert_eq!(free(&["bob", "x/Alice"]), "alice-2");
        assert_eq!(free(&["alice", "alice-2", "alice-4"]), "alice-3");
    }

    #[test]
    fn the_usual_names_of_a_user_are_no_one_elses() {
        let usual = |name: &str| is_usual("alice", &format!("arn:aws:iam::1:mfa/{name}"));
        assert!(usual("alice") && usual("alice-2") && usual("team/alice-13"));
        assert!(!usual("alice-") && !usual("alice-phone") && !usual("malice") && !usual("alice2"));
    }
}
