//! The policies that decide what IAM users may do.

use serde::{Deserialize, Serialize};

/// An index into a record's table of policies.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct PolicyId(pub u32);

/// An index into a record's table of policy sets.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct PolicySetId(pub u32);

/// A policy of an account, or one of AWS's that is attached in it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Policy {
    /// The ARN of a managed policy, or the name of one that is written into a user or group.
    pub name: Box<str>,
    /// What it says.
    pub text: PolicyText,
}

/// A policy's document, or why there is none.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyText {
    /// The document, as JSON, not URL-encoded.
    Document(Box<str>),
    /// It was not had, or is no text; why, as a sentence fragment.
    Unread(Box<str>),
}

/// The policies that apply to an IAM user by itself and its groups. Users of the same policies share one.
#[derive(Clone, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct PolicySet {
    /// Those that allow and deny, each with how it comes to apply.
    pub policies: Vec<(PolicyPath, PolicyId)>,
    /// The permissions boundary, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boundary: Option<PolicyId>,
}

/// How a policy comes to apply to an IAM user.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyPath {
    /// It is written into the user.
    UserInline,
    /// It is attached to the user.
    User,
    /// It is written into this group.
    GroupInline(Box<str>),
    /// It is attached to this group.
    Group(Box<str>),
}

/// The service control policies that are attached at one level of an organization.
///
/// An account's chain has a level for the root, for each organizational unit above the account, and for the account. What a
/// level does not allow is denied to all below; the management account has no chain.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ScpLevel {
    /// The root (`r-…`), organizational unit (`ou-…`) or account.
    pub target: Box<str>,
    /// The identifiers of its policies, whose documents are the snapshot's: `p-…`.
    pub policies: Vec<Box<str>>,
}

/// A service control policy of the organization.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ServiceControlPolicy {
    /// The identifier: `p-…`.
    pub id: Box<str>,
    /// The name that people gave it.
    pub name: Box<str>,
    /// What it says.
    pub text: PolicyText,
}
