//! What IAM says of users' policies, groups and roles: the form that live answers and saved evidence share.

use std::collections::BTreeSet;

use model::{Arn, Dataset, Timestamp};
use policy::Document;

use crate::assemble::Partial;

/// The answer of `GetAccountAuthorizationDetails`, and what it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Authorization {
    /// The datasets it answers for.
    pub(crate) datasets: BTreeSet<Dataset>,
    /// What it holds.
    pub(crate) details: Partial<Detail>,
}

/// The datasets that the answer can be asked for.
pub(crate) const DATASETS: [Dataset; 3] = [
    Dataset::DirectPolicies,
    Dataset::AdministratorAccess,
    Dataset::RoleTrust,
];

/// An entry of the answer.
#[derive(Clone, Debug)]
pub(crate) enum Detail {
    /// A user.
    User(UserDetail),
    /// A group.
    Group(GroupDetail),
    /// A role.
    Role(RoleDetail),
    /// A managed policy.
    Policy(ManagedPolicy),
}

/// A policy document, or why it cannot be read, as a sentence fragment.
pub(crate) type Text = Result<Document, String>;

/// A user, with what applies to it.
#[derive(Clone, Debug)]
pub(crate) struct UserDetail {
    pub(crate) name: String,
    pub(crate) arn: Arn,
    /// `None` where the answer does not say.
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) policies: Policies,
    /// The names of its groups.
    pub(crate) groups: Vec<String>,
    /// The ARN of the policy that is its permissions boundary.
    pub(crate) boundary: Option<String>,
}

/// A group.
#[derive(Clone, Debug)]
pub(crate) struct GroupDetail {
    pub(crate) name: String,
    pub(crate) policies: Policies,
}

/// The policies of a user or a group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policies {
    /// Those written into it: name and document.
    pub(crate) inline: Vec<(String, Text)>,
    /// Those attached to it: name and ARN.
    pub(crate) attached: Vec<(String, String)>,
}

/// A role.
#[derive(Clone, Debug)]
pub(crate) struct RoleDetail {
    pub(crate) name: String,
    pub(crate) arn: Arn,
    /// The trust policy as JSON, or why it cannot be read.
    pub(crate) trust_policy: Result<String, String>,
}

/// A managed policy.
#[derive(Clone, Debug)]
pub(crate) struct ManagedPolicy {
    pub(crate) arn: String,
    /// Of the version that is in force.
    pub(crate) document: Text,
}

/// Reads a document as IAM's answers hold it.
pub(crate) fn read(text: Option<&str>) -> Text {
    parse(&decoded(text)?)
}

/// Reads a document that is JSON.
pub(crate) fn parse(json: &str) -> Text {
    Document::parse(json).map_err(|it| it.to_string())
}

/// Returns the JSON of a document as IAM's answers hold it.
pub(crate) fn decoded(text: Option<&str>) -> Result<String, String> {
    let text = text.ok_or("the answer has no document")?;
    policy::url_decoded(text).map_err(|it| it.to_string())
}
