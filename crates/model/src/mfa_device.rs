//! MFA devices, and their kind as told by the serial number.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// An MFA device that is enabled for a principal.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct MfaDevice {
    /// The serial number, which is an ARN for all but hardware tokens.
    pub serial_number: Box<str>,
    /// The kind of device.
    pub kind: MfaDeviceKind,
    /// When it was enabled; `None` where AWS's answer does not say.
    pub enabled_at: Option<Timestamp>,
}

impl MfaDevice {
    /// Returns the device with this serial number.
    pub fn new(serial_number: &str, enabled_at: Option<Timestamp>) -> Self {
        let kind = MfaDeviceKind::of(serial_number);
        Self {
            serial_number: serial_number.into(),
            kind,
            enabled_at,
        }
    }
}

/// How a passkey or security key is certified, as the FIDO Alliance's metadata say.
///
/// Source: `GetMFADevice` in the IAM API reference. A certification says what the device is; that there is none says
/// nothing, since synced passkeys and many security keys have no entry.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct FidoCertifications {
    /// The device's serial number, an ARN.
    pub serial_number: Box<str>,
    /// Levels by scheme: `FIDO` to `L1`, `FIDO-FIPS-140-2` to `L2`.
    pub certifications: BTreeMap<String, String>,
}

/// The kind of an MFA device.
///
/// A synced passkey and a hardware security key cannot be told apart by serial number: both are [`Fido`](Self::Fido).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MfaDeviceKind {
    /// A passkey or security key.
    Fido,
    /// A hardware token that shows one-time passwords.
    HardwareTotp,
    /// A telephone that receives text messages, which AWS no longer lets anyone enable.
    Sms,
    /// An authenticator application.
    VirtualTotp,
    /// A serial number of a form this version does not know.
    Unrecognized,
}

impl MfaDeviceKind {
    /// Returns the kind a serial number tells.
    ///
    /// The resource type of the ARN decides (`mfa`, `u2f`, `sms-mfa` in AWS's service reference for IAM); a hardware
    /// token's serial is no ARN. The name behind it is free text and says nothing about the owner.
    pub fn of(serial_number: &str) -> Self {
        let Some(rest) = serial_number.strip_prefix("arn:") else {
            return if serial_number.is_empty() {
                Self::Unrecognized
            } else {
                Self::HardwareTotp
            };
        };
        let resource = rest.splitn(5, ':').nth(4).unwrap_or_default();
        match resource.split('/').next() {
            Some("mfa") => Self::VirtualTotp,
            Some("u2f") => Self::Fido,
            Some("sms-mfa") => Self::Sms,
            _ => Self::Unrecognized,
        }
    }

    /// Tells whether such a device shows one-time codes, with which a session can be opened by API.
    pub const fn shows_codes(self) -> bool {
        matches!(self, Self::VirtualTotp | Self::HardwareTotp)
    }
}

impl fmt::Display for MfaDeviceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fido => "passkey or security key",
            Self::HardwareTotp => "hardware token",
            Self::Sms => "text message",
            Self::VirtualTotp => "authenticator app",
            Self::Unrecognized => "unrecognized device",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::MfaDeviceKind::{self, *};

    #[test]
    fn kinds_are_told_by_serial_number() {
        for (serial, kind) in [
            ("arn:aws:iam::111122223333:mfa/alice", VirtualTotp),
            ("arn:aws:iam::111122223333:mfa/team/u2f/alice", VirtualTotp),
            (
                "arn:aws-cn:iam::111122223333:mfa/root-account-mfa-device",
                VirtualTotp,
            ),
            (
                "arn:aws:iam::111122223333:u2f/user/bob/key-7XNL7NFNLZ123456789EXAMPLE",
                Fido,
            ),
            ("arn:aws:iam::111122223333:u2f/root/key-R1234", Fido),
            ("arn:aws:iam::111122223333:sms-mfa/alice", Sms),
            ("GAHT12345678", HardwareTotp),
            ("arn:aws:iam::111122223333:palm/alice", Unrecognized),
            ("arn:aws", Unrecognized),
            ("", Unrecognized),
        ] {
            assert_eq!(MfaDeviceKind::of(serial), kind, "{serial}");
        }
    }
}
