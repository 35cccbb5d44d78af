//! Where a statement comes from.

use std::fmt;

use crate::Effect;

/// How a policy comes to apply to a user.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// Inline in the user.
    UserInline,
    /// A managed policy that is attached to the user.
    User,
    /// Inline in this group.
    GroupInline(String),
    /// A managed policy that is attached to this group.
    Group(String),
    /// The user's permissions boundary.
    Boundary,
    /// The trust policy of a role, which is the policy: it lets a user in by itself.
    Trust,
    /// A service control policy of this target: the root, an organizational unit or the account.
    ServiceControl(String),
}

/// A policy, and how it comes to apply.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Origin {
    /// Its ARN, identifier or name.
    pub policy: String,
    /// How it comes to apply.
    pub level: Level,
}

/// A statement, and where it stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cite {
    /// The policy.
    pub origin: Origin,
    /// Which of its statements, from zero.
    pub statement: usize,
    /// The statement's identifier.
    pub sid: Option<String>,
    /// What the statement does.
    pub effect: Effect,
}

/// What each must allow an action, for it to be allowed.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Layer {
    /// The policies of the user and its groups.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// The service control policies of this target.
    ServiceControl(String),
}

/// Writes the policy as a phrase that fits behind "of".
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let policy = &self.policy;
        match &self.level {
            Level::UserInline => write!(f, "the user's own policy {policy}"),
            Level::User => write!(f, "the policy {policy}"),
            Level::GroupInline(group) => write!(f, "the group {group}'s own policy {policy}"),
            Level::Group(group) => write!(f, "the policy {policy} of the group {group}"),
            Level::Boundary => write!(f, "the permissions boundary {policy}"),
            Level::Trust => write!(f, "the trust policy of the role {policy}"),
            Level::ServiceControl(target) => {
                write!(f, "the service control policy {policy} of {target}")
            }
        }
    }
}

/// Writes the statement as a noun phrase: `the statement DenyAll of the policy …`.
impl fmt::Display for Cite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sid {
            Some(sid) => write!(f, "the statement {sid}")?,
            None => write!(f, "the statement [{}]", self.statement)?,
        }
        write!(f, " of {}", self.origin)
    }
}

/// Writes the layer as a noun phrase.
impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identity => f.write_str("the policies of the user and its groups"),
            Self::Boundary => f.write_str("the permissions boundary"),
            Self::ServiceControl(target) => {
                write!(f, "the service control policies of {target}")
            }
        }
    }
}
