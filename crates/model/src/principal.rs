//! The principals that can sign in to an account: its root user and its IAM users.

use serde::{Deserialize, Serialize};

use crate::{Arn, Fact, FidoCertifications, GapId, Listing, MfaDevice, PolicySetId, Timestamp};

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
    /// When the password was last used to sign in.
    #[serde(
        default = "unasked::root_use",
        skip_serializing_if = "Fact::is_unasked"
    )]
    pub password_last_used: Fact<LastUse>,
    /// When any of the access keys was last used, whether it is still there or not.
    #[serde(
        default = "unasked::root_use",
        skip_serializing_if = "Fact::is_unasked"
    )]
    pub access_key_last_used: Fact<LastUse>,
    /// Whether at least one MFA device is enabled.
    pub mfa: Fact<MfaStatus>,
    /// Whether an authenticator app is among the enabled MFA devices.
    #[serde(
        default = "unasked::root_virtual_mfa_devices",
        skip_serializing_if = "Fact::is_unasked"
    )]
    pub virtual_mfa_device: Fact<Presence>,
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
    /// When the password was set or last changed; `None` if AWS has no record of it.
    #[serde(
        default = "unasked::password_use",
        skip_serializing_if = "Fact::is_unasked"
    )]
    pub password_last_changed: Fact<Option<Timestamp>>,
    /// Whether at least one MFA device is enabled.
    pub mfa: Fact<MfaStatus>,
    /// The enabled MFA devices, as far as they were asked for.
    pub mfa_devices: Listing<MfaDevice>,
    /// The certifications of the passkeys and security keys among them; `None` where they were not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fido_certifications: Option<Fact<Vec<FidoCertifications>>>,
    /// The access keys, active or not.
    pub access_keys: Fact<Vec<AccessKey>>,
    /// Whether there is an active signing certificate.
    #[serde(
        default = "unasked::signing_certificates",
        skip_serializing_if = "Fact::is_unasked"
    )]
    pub signing_certificate: Fact<Presence>,
    /// The credentials for single services, active or not.
    #[serde(
        default = "unasked::service_specific_credentials",
        skip_serializing_if = "Fact::is_unasked"
    )]
    pub service_specific_credentials: Fact<Vec<ServiceSpecificCredential>>,
    /// The names of the policies attached to the user itself, or written into it.
    #[serde(
        default = "unasked::direct_policies",
        skip_serializing_if = "Fact::is_unasked"
    )]
    pub direct_policies: Fact<Vec<Box<str>>>,
    /// Whether the user is an administrator. Asked only of users that can act without MFA.
    #[serde(
        default = "unasked::administrator_access",
        skip_serializing_if = "Fact::is_unasked"
    )]
    pub administrator_access: Fact<AdministratorAccess>,
    /// The policies that apply to the user, in the record's table.
    #[serde(
        default = "unasked::user_policies",
        skip_serializing_if = "Fact::is_unasked"
    )]
    pub policies: Fact<PolicySetId>,
}

impl RootUser {
    /// Returns a root user of whom nothing was seen, for one reason.
    pub const fn unseen(gap: GapId) -> Self {
        Self {
            password: Fact::Unknown(gap),
            access_key: Fact::Unknown(gap),
            signing_certificate: Fact::Unknown(gap),
            password_last_used: Fact::Unknown(gap),
            access_key_last_used: Fact::Unknown(gap),
            mfa: Fact::Unknown(gap),
            virtual_mfa_device: Fact::Unknown(gap),
            mfa_devices: Listing::unseen(gap),
        }
    }
}

impl IamUser {
    /// Returns a user of whom nothing but the name was seen, for one reason.
    pub fn unseen(name: &str, arn: Arn, gap: GapId) -> Self {
        Self {
            name: name.into(),
            arn,
            created_at: Fact::Unknown(gap),
            password: Fact::Unknown(gap),
            password_last_used: Fact::Unknown(gap),
            password_last_changed: Fact::Unknown(gap),
            mfa: Fact::Unknown(gap),
            mfa_devices: Listing::unseen(gap),
            fido_certifications: None,
            access_keys: Fact::Unknown(gap),
            signing_certificate: Fact::Unknown(gap),
            service_specific_credentials: Fact::Unknown(gap),
            direct_policies: Fact::Unknown(gap),
            administrator_access: Fact::Unknown(gap),
            policies: Fact::Unknown(gap),
        }
    }

    /// Tells whether the user is known to have an MFA device, or neither a password nor an active access key.
    pub fn cannot_act_without_mfa(&self) -> bool {
        let has_none = |keys: &Vec<AccessKey>| {
            let mut keys = keys.iter();
            keys.all(|it| it.status != AccessKeyStatus::Active)
        };
        self.mfa.known() == Some(&MfaStatus::Enabled)
            || self.password.known() == Some(&ConsolePassword::NotSet)
                && self.access_keys.known().is_some_and(has_none)
    }
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
    /// The identifier, `AKIA…`, which is no secret; `None` where the source does not say: a credential report numbers
    /// keys only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Box<str>>,
    /// Whether it can be used.
    pub status: AccessKeyStatus,
    /// When it was created or last changed.
    pub created_at: Fact<Timestamp>,
    /// When it was last used.
    #[serde(
        default = "unasked::access_key_use",
        skip_serializing_if = "Fact::is_unasked"
    )]
    pub last_used: Fact<LastUse>,
}

/// A credential of an IAM user for one service: a Git password of `CodeCommit`, a password of Amazon Keyspaces, a
/// long-term API key of Amazon Bedrock.
///
/// Source: `ServiceSpecificCredentialMetadata` in the IAM API reference.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ServiceSpecificCredential {
    /// The identifier.
    pub id: Box<str>,
    /// The service, as AWS names it: `codecommit.amazonaws.com`.
    pub service: Box<str>,
    /// Whether it can be used.
    pub status: AccessKeyStatus,
    /// When it was created; `None` where AWS does not say.
    pub created_at: Option<Timestamp>,
    /// When it ceases to be valid; `None` if never.
    pub expires_at: Option<Timestamp>,
}

/// Whether an IAM user may do everything in its account.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdministratorAccess {
    /// It may; how, as a phrase that fits behind "by": `the policy AdministratorAccess of the group ops`.
    Administrator(Box<str>),
    /// It may not.
    NotAdministrator,
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

/// What a snapshot leaves out: facts that nobody asked for.
mod unasked {
    use super::{AdministratorAccess, LastUse, PolicySetId, Presence, ServiceSpecificCredential};
    use crate::{Dataset, Fact, Timestamp};

    pub(super) const fn root_use() -> Fact<LastUse> {
        Fact::unasked(Dataset::RootUse)
    }

    pub(super) const fn root_virtual_mfa_devices() -> Fact<Presence> {
        Fact::unasked(Dataset::RootVirtualMfaDevices)
    }

    pub(super) const fn password_use() -> Fact<Option<Timestamp>> {
        Fact::unasked(Dataset::PasswordUse)
    }

    pub(super) const fn access_key_use() -> Fact<LastUse> {
        Fact::unasked(Dataset::AccessKeyUse)
    }

    pub(super) const fn signing_certificates() -> Fact<Presence> {
        Fact::unasked(Dataset::SigningCertificates)
    }

    pub(super) const fn service_specific_credentials() -> Fact<Vec<ServiceSpecificCredential>> {
        Fact::unasked(Dataset::ServiceSpecificCredentials)
    }

    pub(super) const fn direct_policies() -> Fact<Vec<Box<str>>> {
        Fact::unasked(Dataset::DirectPolicies)
    }

    pub(super) const fn user_policies() -> Fact<PolicySetId> {
        Fact::unasked(Dataset::UserPolicies)
    }

    pub(super) const fn administrator_access() -> Fact<AdministratorAccess> {
        Fact::unasked(Dataset::AdministratorAccess)
    }
}
