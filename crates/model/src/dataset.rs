//! The kinds of fact a record can hold.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of fact: the unit in which coverage is counted and permissions are granted.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dataset {
    /// Whether the root user has a password, an access key or a signing certificate.
    RootCredentials,
    /// Whether any MFA device is enabled for the root user.
    RootMfa,
    /// The root user's MFA devices and their kinds.
    RootMfaDevices,
    /// Which IAM users exist.
    IamUsers,
    /// Whether an IAM user has a console password (IAM calls it a login profile).
    LoginProfiles,
    /// Whether any MFA device is enabled for an IAM user.
    MfaStatus,
    /// An IAM user's MFA devices and their kinds.
    MfaDevices,
    /// The certifications of an IAM user's passkeys and security keys.
    FidoCertifications,
    /// An IAM user's access keys.
    AccessKeys,
    /// The account's identity providers, through which people sign in elsewhere.
    IdentityProviders,
}

impl Dataset {
    /// Every dataset, in the order reports list them.
    pub const ALL: &[Self] = &[
        Self::RootCredentials,
        Self::RootMfa,
        Self::RootMfaDevices,
        Self::IamUsers,
        Self::LoginProfiles,
        Self::MfaStatus,
        Self::MfaDevices,
        Self::FidoCertifications,
        Self::AccessKeys,
        Self::IdentityProviders,
    ];

    /// Returns the stable kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RootCredentials => "root-credentials",
            Self::RootMfa => "root-mfa",
            Self::RootMfaDevices => "root-mfa-devices",
            Self::IamUsers => "iam-users",
            Self::LoginProfiles => "login-profiles",
            Self::MfaStatus => "mfa-status",
            Self::MfaDevices => "mfa-devices",
            Self::FidoCertifications => "fido-certifications",
            Self::AccessKeys => "access-keys",
            Self::IdentityProviders => "identity-providers",
        }
    }
}

/// Writes the dataset as a noun phrase that fits "… could not be read".
impl fmt::Display for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RootCredentials => "root credentials",
            Self::RootMfa => "root MFA status",
            Self::RootMfaDevices => "root MFA devices",
            Self::IamUsers => "IAM users",
            Self::LoginProfiles => "console passwords",
            Self::MfaStatus => "MFA status",
            Self::MfaDevices => "MFA devices",
            Self::FidoCertifications => "security keys' certifications",
            Self::AccessKeys => "access keys",
            Self::IdentityProviders => "identity providers",
        })
    }
}
