//! Groups and managed policies.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::partition::Partition;

/// A group of IAM users.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its path, with a slash at both ends.
    pub path: String,
    /// The policies attached to it: names of the account's own, or ARNs.
    pub policies: Vec<String>,
    /// The policies written into it, as JSON by name.
    pub inline_policies: BTreeMap<String, String>,
}

impl Default for Group {
    fn default() -> Self {
        Self {
            name: String::new(),
            path: "/".into(),
            policies: Vec::new(),
            inline_policies: BTreeMap::new(),
        }
    }
}

/// A managed policy of the account's own.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ManagedPolicy {
    /// Its name.
    pub name: String,
    /// Its path, with a slash at both ends.
    pub path: String,
    /// What its version in force says, as JSON.
    pub document: String,
    /// What an earlier version says, as JSON; without it, there was none.
    pub earlier: Option<String>,
}

impl Default for ManagedPolicy {
    fn default() -> Self {
        Self {
            name: String::new(),
            path: "/".into(),
            document: String::new(),
            earlier: None,
        }
    }
}

/// AWS's own policies that are served with their documents, as far as these are short.
pub(crate) const AWS_POLICIES: [(&str, &str); 4] = [
    (
        "AdministratorAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    ),
    (
        "AWSDenyAll",
        r#"{"Version":"2012-10-17","Statement":[{"Sid":"DenyAll","Effect":"Deny","Action":["*"],"Resource":"*"}]}"#,
    ),
    (
        "IAMUserChangePassword",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:ChangePassword"],"Resource":["arn:aws:iam::*:user/${aws:username}"]},{"Effect":"Allow","Action":["iam:GetAccountPasswordPolicy"],"Resource":"*"}]}"#,
    ),
    (
        "PowerUserAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},{"Effect":"Allow","Action":["account:GetAccountInformation","account:GetPrimaryEmail","account:ListRegions","iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles","organizations:DescribeOrganization"],"Resource":"*"}]}"#,
    ),
];

/// Returns the name of a policy of AWS's own that an ARN names.
pub(crate) fn aws_policy(partition: Partition, arn: &str) -> Option<&str> {
    let rest = arn.strip_prefix("arn:")?.strip_prefix(partition.name())?;
    let path = rest.strip_prefix(":iam::aws:policy/")?;
    path.rsplit('/').next()
}
