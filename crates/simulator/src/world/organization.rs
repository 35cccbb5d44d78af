//! The organization: its units, its service control policies, and who asks.

use serde::Deserialize;

use super::time::Timestamp;

/// An organization, and how it answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own in the file"
)]
pub struct Organization {
    /// Such as `o-a1b2c3d4e5`.
    pub id: String,
    /// Such as `r-a1b2`.
    pub root_id: String,
    /// The management account's id.
    pub management_account: String,
    /// The ids of the accounts that may list the organization besides the management account.
    pub delegated_administrators: Vec<String>,
    /// Those of the delegated administrators that are IAM's, who may use centralized root access; without it, all.
    pub iam_administrators: Option<Vec<String>>,
    /// `ALL`, or `CONSOLIDATED_BILLING` for an organization that has neither policies nor trusted access.
    pub feature_set: String,
    /// Its root has the policy type `SERVICE_CONTROL_POLICY` disabled, so that no such policy is attached.
    pub service_control_policies_disabled: bool,
    /// The services with trusted access, such as `iam.amazonaws.com`.
    pub trusted_services: Vec<String>,
    /// The enabled features of centralized root access, such as `RootCredentialsManagement`.
    pub features: Vec<String>,
    /// Accounts are served without `State`.
    pub omit_state: bool,
    /// Accounts are served without `Status`, which AWS has announced to retire.
    pub omit_status: bool,
    /// Accounts are served without `Paths`.
    pub omit_paths: bool,
    /// Every page of a listing is preceded by an empty page with a token.
    pub empty_pages: bool,
}

impl Organization {
    /// Tells whether an account may manage the root users of the members: it is the management account, or IAM's
    /// delegated administrator.
    pub(crate) fn manages_root(&self, account: &str) -> bool {
        let administrators = self
            .iam_administrators
            .as_ref()
            .unwrap_or(&self.delegated_administrators);
        self.management_account == account || administrators.iter().any(|it| it == account)
    }

    /// Tells whether service control policies hold in the organization.
    pub(crate) fn has_service_control_policies(&self) -> bool {
        self.feature_set == "ALL" && !self.service_control_policies_disabled
    }

    /// Tells whether the services of IAM may work in the organization.
    pub(crate) fn trusts_iam(&self) -> bool {
        self.trusted_services
            .iter()
            .any(|it| it == "iam.amazonaws.com")
    }
}

impl Default for Organization {
    fn default() -> Self {
        Self {
            id: "o-a1b2c3d4e5".into(),
            root_id: "r-a1b2".into(),
            management_account: String::new(),
            delegated_administrators: Vec::new(),
            iam_administrators: None,
            feature_set: "ALL".into(),
            service_control_policies_disabled: false,
            trusted_services: Vec::new(),
            features: Vec::new(),
            omit_state: false,
            omit_status: false,
            omit_paths: false,
            empty_pages: false,
        }
    }
}

/// An organizational unit, named in paths such as `Workloads/Prod`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct OrganizationalUnit {
    /// The last part of its path; without a slash.
    pub name: String,
    /// The path of the unit that holds it; empty for the organization's root.
    pub parent: String,
}

impl OrganizationalUnit {
    /// Returns the path by which accounts and policies name this unit.
    pub fn path(&self) -> String {
        if self.parent.is_empty() {
            self.name.clone()
        } else {
            format!("{}/{}", self.parent, self.name)
        }
    }
}

/// A service control policy that denies actions to the principals of some accounts. One of several with the same
/// identifier attaches the first one's document to one more target.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServiceControlPolicy {
    /// Such as `p-a1b2c3d4`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// An account id, the path of a unit, or nothing for the whole organization.
    pub target: String,
    /// The denied actions, which may hold the wildcards `*` and `?`.
    pub deny: Vec<String>,
    /// A policy as JSON, of which the denials count; their conditions may name `aws:PrincipalArn` and `aws:AssumedRoot`.
    pub policy: Option<String>,
    /// `FullAWSAccess` is not attached to the target besides this one. The answers tell so; the simulator allows what it
    /// allowed.
    pub replaces_full_access: bool,
}

impl ServiceControlPolicy {
    /// Returns the document that `DescribePolicy` shows.
    pub(crate) fn document(&self) -> String {
        let of_denials = || {
            serde_json::json!({
                "Version": "2012-10-17",
                "Statement": [{ "Effect": "Deny", "Action": self.deny, "Resource": "*" }],
            })
            .to_string()
        };
        self.policy.clone().unwrap_or_else(of_denials)
    }
}

/// The principal whose access key the simulator prints.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Caller {
    /// The account it belongs to; if empty, the management account, or else the first account.
    pub account: String,
    /// Its ARN; if empty, the IAM user `mfaudit` of that account.
    pub arn: String,
    /// Its identity-based policy as JSON; without it, everything is allowed.
    pub policy: Option<String>,
}

/// When an account joined, and how, as `ListAccounts` tells it.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Joined {
    /// `CREATED` or `INVITED`.
    pub method: String,
    /// When.
    pub at: Timestamp,
}

impl Default for Joined {
    fn default() -> Self {
        Self {
            method: "CREATED".into(),
            at: Timestamp::default(),
        }
    }
}
