//! The JSON of `get-account-authorization-details`, as far as it is read.

use aws::Trouble;
use model::{AccountId, Arn, Dataset};
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::Value;

use super::cli_json::{CliAnswer, Time};
use crate::{
    assemble::Partial,
    authorization::{
        Authorization, Detail, GroupDetail, ManagedPolicy, Policies, RoleDetail, Text, UserDetail,
        decoded, parse, read,
    },
};

/// A user of `UserDetailList`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SavedUser {
    pub(super) user_name: String,
    #[serde(default)]
    pub(super) arn: String,
    create_date: Option<Value>,
    #[serde(default)]
    user_policy_list: Vec<SavedInline>,
    #[serde(default)]
    group_list: Vec<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    attached_managed_policies: Vec<SavedAttached>,
    permissions_boundary: Option<SavedBoundary>,
}

/// A group of `GroupDetailList`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SavedGroup {
    group_name: String,
    #[serde(default)]
    group_policy_list: Vec<SavedInline>,
    #[serde(default, deserialize_with = "one_or_many")]
    attached_managed_policies: Vec<SavedAttached>,
}

/// A role of `RoleDetailList`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SavedRole {
    role_name: String,
    #[serde(default)]
    pub(super) arn: String,
    assume_role_policy_document: Option<Value>,
}

/// A managed policy of `Policies`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SavedPolicy {
    #[serde(default)]
    arn: String,
    #[serde(default)]
    policy_version_list: Vec<SavedVersion>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SavedVersion {
    document: Option<Value>,
    #[serde(default)]
    is_default_version: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SavedInline {
    #[serde(default)]
    policy_name: String,
    policy_document: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SavedAttached {
    #[serde(default)]
    policy_name: String,
    #[serde(default)]
    policy_arn: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SavedBoundary {
    #[serde(default)]
    permissions_boundary_arn: String,
}

/// Reads a list, or the one object that stands for a list in samples that AWS publishes.
fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<SavedAttached>, D::Error> {
    let value = Value::deserialize(from)?;
    let list = if value.is_object() {
        Value::Array(vec![value])
    } else {
        value
    };
    serde_json::from_value(list).map_err(D::Error::custom)
}

/// Tells whether an answer is this operation's. `Policies` alone may be another's.
pub(super) const fn is_authorization(answer: &CliAnswer) -> bool {
    answer.user_detail_list.is_some()
        || answer.group_detail_list.is_some()
        || answer.role_detail_list.is_some()
}

/// Returns the ARNs in the answer that name the account.
pub(super) fn arns(answer: &CliAnswer) -> Vec<Arn> {
    let users = answer.user_detail_list.iter().flatten().map(|it| &it.arn);
    let roles = answer.role_detail_list.iter().flatten().map(|it| &it.arn);
    users
        .chain(roles)
        .filter_map(|it| it.parse().ok())
        .collect()
}

/// Reads the answer. A list that is empty says nothing: it may have been filtered out.
pub(super) fn authorization(
    answer: &CliAnswer,
    account: &AccountId,
    missing: Option<Trouble>,
) -> Authorization {
    let users = answer.user_detail_list.as_deref().unwrap_or_default();
    let roles = answer.role_detail_list.as_deref().unwrap_or_default();
    let groups = answer.group_detail_list.as_deref().unwrap_or_default();
    let managed = answer.policies.as_deref().unwrap_or_default();
    let mut asked = Vec::new();
    if !users.is_empty() {
        asked.extend([
            Dataset::DirectPolicies,
            Dataset::AdministratorAccess,
            Dataset::UserPolicies,
        ]);
    }
    if !roles.is_empty() {
        asked.push(Dataset::RoleTrust);
    }
    let arn = |arn: &str, kind: &str, name: &str| {
        let made = || format!("arn:aws:iam::{account}:{kind}/{name}").parse().ok();
        arn.parse().ok().or_else(made)
    };
    let user = |it: &SavedUser| {
        Some(Detail::User(UserDetail {
            name: it.user_name.clone(),
            arn: arn(&it.arn, "user", &it.user_name)?,
            created_at: it
                .create_date
                .clone()
                .and_then(|it| Time::try_from(it).ok())
                .map(|it| it.0),
            policies: policies(&it.user_policy_list, &it.attached_managed_policies),
            groups: it.group_list.clone(),
            boundary: it
                .permissions_boundary
                .as_ref()
                .map(|it| it.permissions_boundary_arn.clone()),
        }))
    };
    let role = |it: &SavedRole| {
        Some(Detail::Role(RoleDetail {
            name: it.role_name.clone(),
            arn: arn(&it.arn, "role", &it.role_name)?,
            trust_policy: json(it.assume_role_policy_document.as_ref()),
        }))
    };
    let group = |it: &SavedGroup| {
        Detail::Group(GroupDetail {
            name: it.group_name.clone(),
            policies: policies(&it.group_policy_list, &it.attached_managed_policies),
        })
    };
    let policy = |it: &SavedPolicy| {
        let mut versions = it.policy_version_list.iter();
        let in_force = versions.find(|it| it.is_default_version);
        Detail::Policy(ManagedPolicy {
            arn: it.arn.clone(),
            document: document(in_force.and_then(|it| it.document.as_ref())),
        })
    };
    let items = users
        .iter()
        .filter_map(user)
        .chain(groups.iter().map(group))
        .chain(roles.iter().filter_map(role))
        .chain(managed.iter().map(policy));
    Authorization {
        datasets: asked.into_iter().collect(),
        details: Partial {
            items: items.collect(),
            at: None,
            missing,
        },
    }
}

fn policies(inline: &[SavedInline], attached: &[SavedAttached]) -> Policies {
    let inline = inline.iter().map(|it| {
        let document = document(it.policy_document.as_ref());
        (it.policy_name.clone(), document)
    });
    let attached = attached.iter();
    Policies {
        inline: inline.collect(),
        attached: attached
            .map(|it| (it.policy_name.clone(), it.policy_arn.clone()))
            .collect(),
    }
}

fn document(saved: Option<&Value>) -> Text {
    match saved {
        Some(Value::String(text)) if !is_json(text) => read(Some(text)),
        saved => match json(saved) {
            Ok(json) => parse(&json),
            Err(why) => Text::none(why),
        },
    }
}

/// Returns a document as JSON. The command line decodes it to an object; other clients leave it encoded.
fn json(saved: Option<&Value>) -> Result<String, String> {
    match saved {
        None => Err("the answer has no document".to_owned()),
        Some(Value::String(text)) if is_json(text) => Ok(text.clone()),
        Some(Value::String(text)) => decoded(Some(text)),
        Some(other) => Ok(other.to_string()),
    }
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{')
}
