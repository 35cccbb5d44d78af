//! The principals that can sign in to an account: its root user and its IAM users.

use serde::{Deserialize, Serialize};

use crate::{Arn, Fact, FidoCertifications, Listing, MfaDevice, Timestamp};

/// The root user of an account, which is not an IAM user.
///
/// A root user may have no credentials at all: then it cannot sign in, and needs no MFA.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct RootUser {
    /// Whether a password is set.
    pub password: Fact<ConsolePassword>,
    /// Whether there is an access key.
    pub access_key: Fact<Presence>,
    /// Whether there is a signing certificate.
    pub signing_certificate: Fact<Presence>,
    /// Whether at least one MFA device is enabled.
    pub mfa: Fact<MfaStatus>,
    /// The enabled MFA devices, as far as they can be seen.
    pub mfa_devices: Listing<MfaDevice>,
}

/// An IAM user.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct IamUser {
    /// The name, unique in its account without regard to case.
    pub name: Box<str>,
    /// The Amazon Resource Name, which holds the path.
    pub arn: Arn,
    /// When the user was created.
    pub created_at: Fact<Timestamp>,
    /// Whether a console password is set.
    pub password: Fact<ConsolePassword>,
    /// When the password was last used to sign in.
    pub password_last_used: Fact<LastUse>,
    /// Whether at least one MFA device is enabled.
    pub mfa: Fact<MfaStatus>,
    /// The enabled MFA devices, as far as they were asked for.
    pub mfa_devices: Listing<MfaDevice>,
    /// The certifications of the passkeys and security keys among them; `None` where they were not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fido_certifications: Option<Fact<Vec<FidoCertifications>>>,
    /// The access keys, active or not.
    pub access_keys: Fact<Vec<AccessKey>>,
}

/// Whether a principal can sign in to the console with a password.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsolePassword {
    /// A password is set.
    Set,
    /// No password is set.
    NotSet,
}

/// Whether a principal has at least one MFA device enabled. It says nothing about the kind of device.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MfaStatus {
    /// At least one device is enabled.
    Enabled,
    /// No device is enabled.
    NotEnabled,
}

/// Whether a credential exists.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// It exists.
    Present,
    /// It does not exist.
    Absent,
}

/// When a credential was last used.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LastUse {
    /// At this time. AWS records it to within minutes.
    At(Timestamp),
    /// Never, as far as AWS's records go (for passwords, back to 2014-10-20).
    NeverRecorded,
}

/// An access key.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct AccessKey {
    /// Whether it can be used.
    pub status: AccessKeyStatus,
    /// When it was created or last changed; `None` where the source does not say.
    pub created_at: Option<Timestamp>,
    /// When it was last used; `None` where the source does not say.
    pub last_used: Option<LastUse>,
}

/// Whether an access key can be used.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccessKeyStatus {
    /// It can be used.
    Active,
    /// It exists and is switched off, or has expired.
    Inactive,
}
