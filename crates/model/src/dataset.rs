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
    /// When the root user's password and access keys were last used.
    RootUse,
    /// Whether an authenticator app is among the root user's MFA devices.
    RootVirtualMfaDevices,
    /// When an IAM user's password was last used and changed.
    PasswordUse,
    /// When an IAM user's access keys were last used.
    AccessKeyUse,
    /// Whether an IAM user has an active signing certificate.
    SigningCertificates,
    /// An IAM user's credentials for single services: Git passwords, API keys of Amazon Bedrock.
    ServiceSpecificCredentials,
    /// The policies attached to an IAM user itself, or written into it.
    DirectPolicies,
    /// Whether an IAM user that can act without MFA is an administrator.
    AdministratorAccess,
    /// The policies that apply to an IAM user: its own, its groups' and its permissions boundary.
    UserPolicies,
    /// The service control policies over the account.
    ServiceControlPolicies,
    /// The account's password policy.
    PasswordPolicy,
    /// Virtual MFA devices that belong to nobody.
    UnassignedVirtualMfaDevices,
    /// Who may assume the account's roles.
    RoleTrust,
    /// The features of central root access that the organization has enabled.
    OrganizationFeatures,
    /// Whether the organization uses IAM Identity Center.
    IdentityCenter,
    /// The account's tag that names its owner.
    OwnerTag,
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
        Self::RootUse,
        Self::RootVirtualMfaDevices,
        Self::PasswordUse,
        Self::AccessKeyUse,
        Self::SigningCertificates,
        Self::ServiceSpecificCredentials,
        Self::DirectPolicies,
        Self::AdministratorAccess,
        Self::UserPolicies,
        Self::ServiceControlPolicies,
        Self::PasswordPolicy,
        Self::UnassignedVirtualMfaDevices,
        Self::RoleTrust,
        Self::OrganizationFeatures,
        Self::IdentityCenter,
        Self::OwnerTag,
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
            Self::RootUse => "root-use",
            Self::RootVirtualMfaDevices => "root-virtual-mfa-devices",
            Self::PasswordUse => "password-use",
            Self::AccessKeyUse => "access-key-use",
            Self::SigningCertificates => "signing-certificates",
            Self::ServiceSpecificCredentials => "service-specific-credentials",
            Self::DirectPolicies => "direct-policies",
            Self::AdministratorAccess => "administrator-access",
            Self::UserPolicies => "user-policies",
            Self::ServiceControlPolicies => "service-control-policies",
            Self::PasswordPolicy => "password-policy",
            Self::UnassignedVirtualMfaDevices => "unassigned-virtual-mfa-devices",
            Self::RoleTrust => "role-trust",
            Self::OrganizationFeatures => "organization-features",
            Self::IdentityCenter => "identity-center",
            Self::OwnerTag => "owner-tag",
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
            Self::RootUse => "root user's last use",
            Self::RootVirtualMfaDevices => "root virtual MFA devices",
            Self::PasswordUse => "password use",
            Self::AccessKeyUse => "access key use",
            Self::SigningCertificates => "signing certificates",
            Self::ServiceSpecificCredentials => "service-specific credentials",
            Self::DirectPolicies => "users' own policies",
            Self::AdministratorAccess => "administrator access",
            Self::UserPolicies => "users' policies",
            Self::ServiceControlPolicies => "service control policies",
            Self::PasswordPolicy => "password policy",
            Self::UnassignedVirtualMfaDevices => "unassigned virtual MFA devices",
            Self::RoleTrust => "role trust policies",
            Self::OrganizationFeatures => "organization features",
            Self::IdentityCenter => "Identity Center",
            Self::OwnerTag => "owner tags",
        })
    }
}
