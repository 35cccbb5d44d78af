//! What IAM says of users' policies, groups and roles: the form that live answers and saved evidence share.

use std::collections::BTreeSet;

use model::{Arn, Dataset, Timestamp};
use policy::Document;
use serde::de::IgnoredAny;

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
pub(crate) const DATASETS: [Dataset; 4] = [
    Dataset::DirectPolicies,
    Dataset::AdministratorAccess,
    Dataset::UserPolicies,
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

/// A policy document as it is written, and as it is read; or why it is not, as a sentence fragment.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// As JSON.
    pub(crate) json: Result<String, String>,
    /// As far as it takes to tell an administrator.
    pub(crate) document: Result<Document, String>,
}

impl Text {
    /// Returns a document that was not had.
    pub(crate) fn none(why: String) -> Self {
        Self {
            json: Err(why.clone()),
            document: Err(why),
        }
    }
}

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
    match decoded(text) {
        Ok(json) => parse(&json),
        Err(why) => Text::none(why),
    }
}

/// Reads a document that is to be JSON.
pub(crate) fn parse(json: &str) -> Text {
    let is_json = serde_json::from_str::<IgnoredAny>(json);
    Text {
        json: match is_json {
            Ok(_) => Ok(json.to_owned()),
            Err(error) => Err(format!("the document is not JSON: {error}")),
        },
        document: Document::parse(json).map_err(|it| it.to_string()),
    }
}

/// Tells whether a text is JSON.
pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Returns the JSON of a document as IAM's answers hold it: URL-encoded, and by some clients' doing twice.
pub(crate) fn decoded(text: Option<&str>) -> Result<String, String> {
    let text = text.ok_or("the answer has no document")?;
    let once = policy::url_decoded(text).map_err(|it| it.to_string())?;
    if is_json(&once) {
        return Ok(once);
    }
    let twice = policy::url_decoded(&once).ok().filter(|it| is_json(it));
    Ok(twice.unwrap_or(once))
}
