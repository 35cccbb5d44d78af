//! What an account and its organization have set, beside credentials.

use serde::{Deserialize, Serialize};

use crate::Arn;

/// An account's password policy, as far as it bears on how passwords are chosen.
///
/// Source: `PasswordPolicy` in the IAM API reference. AWS's own default, which applies where none is set, asks for
/// eight characters and remembers none.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordPolicy {
    /// None is set: AWS's default applies.
    Default,
    /// The account has its own.
    Custom {
        /// The least number of characters.
        minimum_length: u32,
        /// How many former passwords may not be used again; `None` if every one may.
        reuse_prevention: Option<u32>,
        /// The days after which a password must be changed; `None` if it need not be.
        max_age_days: Option<u32>,
    },
}

/// The features of central root access, of which each organization enables its own.
///
/// Source: `ListOrganizationsFeatures` in the IAM API reference.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct OrganizationFeatures {
    /// `RootCredentialsManagement`: root credentials of member accounts are managed centrally.
    pub root_credentials_management: FeatureState,
    /// `RootSessions`: privileged tasks are done in member accounts by sessions of the root user.
    pub root_sessions: FeatureState,
}

/// Whether a feature is enabled.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeatureState {
    /// It is.
    Enabled,
    /// It is not.
    NotEnabled,
}

/// An IAM role.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct IamRole {
    /// The name, unique in its account without regard to case.
    pub name: Box<str>,
    /// The Amazon Resource Name, which holds the path.
    pub arn: Arn,
    /// The trust policy, a JSON document, not URL-encoded.
    pub trust_policy: Box<str>,
}
