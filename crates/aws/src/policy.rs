//! The least-privilege policies, derived from a registry of declared calls.

use std::collections::{BTreeMap, BTreeSet};

use model::Dataset;
use serde_json::{Value, json};

use crate::{ApiCall, Resource, Site};

/// What a policy must name beyond actions.
#[derive(Clone, Debug)]
pub struct Names {
    /// The partition's name, `aws`.
    pub partition: String,
    /// The audit role's name with its path: `mfaudit-audit`, `security/mfaudit-audit`.
    pub role: String,
}

/// Which calls a policy permits.
#[derive(Clone, Copy, Debug)]
pub struct Selection<'a> {
    /// The registry.
    pub calls: &'static [&'static ApiCall],
    /// The sites whose calls are permitted.
    pub sites: &'a [Site],
    /// The datasets whose calls are permitted; `None` for all. Calls that feed no dataset are always permitted.
    pub datasets: Option<&'a BTreeSet<Dataset>>,
}

impl Selection<'_> {
    /// Returns the selected calls.
    pub fn calls(&self) -> impl Iterator<Item = &'static ApiCall> {
        let is_wanted = |call: &&ApiCall| {
            let feeds = self.datasets.is_none_or(|wanted| {
                call.feeds.is_empty() || call.feeds.iter().any(|it| wanted.contains(it))
            });
            self.sites.contains(&call.site) && feeds
        };
        self.calls.iter().copied().filter(move |it| is_wanted(it))
    }
}

/// Returns the policy document that permits exactly the selected calls.
pub fn document(selection: &Selection<'_>, names: &Names) -> Value {
    permitting(&selection.calls().collect::<Vec<_>>(), names)
}

/// Returns the policy document that permits exactly `calls`.
pub fn permitting(calls: &[&'static ApiCall], names: &Names) -> Value {
    let resource = |resource| match resource {
        Resource::Any => json!("*"),
        Resource::AuditRole => json!(format!(
            "arn:{}:iam::*:role/{}",
            names.partition, names.role
        )),
        Resource::MemberRoot => json!(format!("arn:{}:iam::*:root", names.partition)),
    };
    json!({ "Version": "2012-10-17", "Statement": statements(calls, resource) })
}

/// Returns the `CloudFormation` template of the audit role: for a `StackSet` that reaches every member account, or,
/// since `StackSets` do not deploy to the management account, for a plain stack there.
pub fn cloudformation(selection: &Selection<'_>, description: &str, defaults: &Defaults) -> Value {
    let role_in_every_account = json!({
        "Fn::Sub": "arn:${AWS::Partition}:iam::*:role${RolePath}${RoleName}"
    });
    let resource = |resource| match resource {
        Resource::Any => json!("*"),
        Resource::AuditRole => role_in_every_account.clone(),
        Resource::MemberRoot => json!({ "Fn::Sub": "arn:${AWS::Partition}:iam::*:root" }),
    };
    let organization = json!({ "Ref": "OrganizationId" });
    let trust_condition = json!({ "Fn::If": [
        "HasExternalId",
        { "aws:PrincipalOrgID": organization, "sts:ExternalId": { "Ref": "ExternalId" } },
        { "aws:PrincipalOrgID": organization },
    ]});
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": description,
        "Parameters": parameters(defaults),
        "Conditions": {
            "HasExternalId": { "Fn::Not": [{ "Fn::Equals": [{ "Ref": "ExternalId" }, ""] }] }
        },
        "Resources": { "AuditRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": { "Ref": "RoleName" },
                "Path": { "Ref": "RolePath" },
                "Description": "Read-only role of mfaudit, which reports who can sign in without MFA",
                "MaxSessionDuration": 3600,
                "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow",
                    "Principal": { "AWS": { "Ref": "AuditPrincipalArn" } },
                    "Action": "sts:AssumeRole",
                    "Condition": { "StringEquals": trust_condition },
                }]},
                "Policies": [{
                    "PolicyName": "mfaudit",
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": statements(&selection.calls().collect::<Vec<_>>(), resource),
                    },
                }],
            },
        }},
        "Outputs": { "RoleArn": {
            "Description": "The role that mfaudit assumes",
            "Value": { "Fn::GetAtt": ["AuditRole", "Arn"] },
        }},
    })
}

/// What a template's parameters are if nobody sets them.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// The ARN of the principal that audits.
    pub audit_principal_arn: Option<String>,
    /// The organization.
    pub organization_id: Option<String>,
    /// The external id.
    pub external_id: Option<String>,
    /// The role's name.
    pub role_name: String,
    /// The role's path, with a slash at both ends.
    pub role_path: String,
}

fn parameters(defaults: &Defaults) -> Value {
    let parameter = |description: &str, pattern: &str, default: Option<&str>| {
        let mut it =
            json!({ "Type": "String", "Description": description, "AllowedPattern": pattern });
        if let (Some(map), Some(default)) = (it.as_object_mut(), default) {
            map.insert("Default".to_owned(), json!(default));
        }
        it
    };
    let external_id = defaults.external_id.as_deref().unwrap_or_default();
    json!({
        "AuditPrincipalArn": parameter(
            "ARN of the role or user that runs mfaudit; nobody else may assume this role",
            "^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/.+$",
            defaults.audit_principal_arn.as_deref(),
        ),
        "OrganizationId": parameter(
            "The organization the audit principal must be in",
            "^o-[a-z0-9]{10,32}$",
            defaults.organization_id.as_deref(),
        ),
        "ExternalId": parameter(
            "External id the audit principal must give; empty for none",
            "^([A-Za-z0-9+=,.@:/-]{2,1224})?$",
            Some(external_id),
        ),
        "RoleName": parameter("Name of the role", "^[A-Za-z0-9+=,.@_-]{1,64}$", Some(&defaults.role_name)),
        "RolePath": parameter("Path of the role", "^/([!-~]+/)?$", Some(&defaults.role_path)),
    })
}

/// One statement for each resource, actions in alphabetical order.
fn statements(calls: &[&'static ApiCall], resource: impl Fn(Resource) -> Value) -> Value {
    let mut actions: BTreeMap<Resource, BTreeSet<&str>> = BTreeMap::new();
    for call in calls.iter().filter(|it| !it.actions.is_empty()) {
        actions
            .entry(call.resource)
            .or_default()
            .extend(call.actions);
    }
    let statement = |(on, actions): (&Resource, &BTreeSet<&str>)| {
        let sid = match on {
            Resource::Any => "Read",
            Resource::AuditRole => "EnterAccounts",
            Resource::MemberRoot => "AuditRootUsers",
        };
        json!({ "Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource(*on) })
    };
    actions.iter().map(statement).collect()
}
