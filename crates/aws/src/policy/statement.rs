//! The statements of a policy, before any form is chosen to write them in.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{ApiCall, Resource};

/// How a form writes what ARNs are made of: as it is, or as a reference to a parameter.
pub(super) struct Words<'a> {
    /// The partition.
    pub(super) partition: &'a str,
    /// The audit role's path and name, with a slash at the beginning.
    pub(super) role: &'a str,
    /// The users whose devices are managed: their paths and names behind `user`.
    pub(super) users: &'a [&'a str],
}

impl Words<'_> {
    fn arn(&self, rest: &str) -> String {
        format!("arn:{}:{rest}", self.partition)
    }
}

/// A statement that allows actions on a resource.
pub(super) struct Statement {
    /// Its name.
    pub(super) sid: &'static str,
    /// What it allows, in alphabetical order.
    pub(super) actions: BTreeSet<&'static str>,
    /// On what: ARNs, or `*`.
    pub(super) resources: Vec<String>,
    /// The context key that must equal an ARN, and the ARN.
    pub(super) condition: Option<(&'static str, String)>,
}

impl Statement {
    /// Returns the statement as JSON, with its ARNs as `arn` writes them.
    pub(super) fn to_json(&self, arn: impl Fn(&str) -> Value) -> Value {
        let written = |it: &String| match it.as_str() {
            "*" => json!("*"),
            it => arn(it),
        };
        let resource = match self.resources.as_slice() {
            [only] => written(only),
            several => several.iter().map(written).collect(),
        };
        let mut json = json!({
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": self.actions,
            "Resource": resource,
        });
        if let (Some(map), Some((key, value))) = (json.as_object_mut(), &self.condition) {
            let condition = json!({ "StringEquals": { *key: arn(value) } });
            map.insert("Condition".to_owned(), condition);
        }
        json
    }
}

/// Returns the statements that permit exactly `calls`: one for each resource.
pub(super) fn statements(calls: &[&'static ApiCall], words: &Words<'_>) -> Vec<Statement> {
    let mut actions: BTreeMap<Resource, BTreeSet<&'static str>> = BTreeMap::new();
    for call in calls.iter().filter(|it| !it.actions.is_empty()) {
        actions
            .entry(call.resource)
            .or_default()
            .extend(call.actions);
    }
    let statement = |(on, actions)| {
        let (sid, resources, condition) = match on {
            Resource::Any => ("Read", vec!["*".to_owned()], None),
            Resource::AuditRole => (
                "EnterAccounts",
                vec![words.arn(&format!("iam::*:role{}", words.role))],
                None,
            ),
            Resource::MemberRoot => (
                "AuditRootUsers",
                vec![words.arn("iam::*:root")],
                Some(("sts:TaskPolicyArn", words.arn(AUDIT_ROOT))),
            ),
            Resource::User => {
                let user = |it: &&str| words.arn(&format!("iam::*:user{it}"));
                (
                    "ManageDevicesOfUsers",
                    words.users.iter().map(user).collect(),
                    None,
                )
            }
            Resource::VirtualMfaDevice => (
                "ManageVirtualDevices",
                vec![words.arn("iam::*:mfa/*")],
                None,
            ),
        };
        Statement {
            sid,
            actions,
            resources,
            condition,
        }
    };
    actions.into_iter().map(statement).collect()
}

/// The AWS managed policy that shrinks a session of a root user to reading its credentials; `sts:AssumeRoot` with
/// any other could also delete them, or unlock buckets and queues.
///
/// Source: "Perform a privileged task on an AWS Organizations member account" in the IAM user guide.
const AUDIT_ROOT: &str = "iam::aws:policy/root-task/IAMAuditRootUserCredentials";
