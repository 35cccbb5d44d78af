//! The task policies of `AssumeRoot`, which say what a root session may do.

use serde_json::{Value, json};

use crate::policy::Document;
use crate::world::Partition;

/// A managed policy of AWS that a root session can be limited to.
#[derive(Debug)]
pub(super) struct RootTask {
    name: &'static str,
    feature: Feature,
    /// What a session may do, to the root user alone.
    to_root: &'static [&'static str],
    /// What a session may do besides.
    elsewhere: &'static [&'static str],
}

/// A feature of centralized root access, which an organization has to enable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feature {
    CredentialsManagement,
    Sessions,
}

impl Feature {
    /// Returns the name in `EnabledFeatures`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::CredentialsManagement => "RootCredentialsManagement",
            Self::Sessions => "RootSessions",
        }
    }

    /// Returns what AWS says where the feature is not enabled.
    pub(super) fn missing(self) -> &'static str {
        match self {
            Self::CredentialsManagement => {
                "Root credentials management feature is not enabled for your AWS Organization."
            }
            Self::Sessions => "Root sessions feature is not enabled for your AWS Organization.",
        }
    }
}

/// The five that AWS has. Their actions are those of its managed policies (IAM User Guide, "AWS managed policies").
static TASKS: [RootTask; 5] = [
    RootTask {
        name: "IAMAuditRootUserCredentials",
        feature: Feature::CredentialsManagement,
        to_root: &[
            "iam:ListAccessKeys",
            "iam:ListSigningCertificates",
            "iam:GetLoginProfile",
            "iam:ListMFADevices",
            "iam:GetUser",
            "iam:GetAccessKeyLastUsed",
        ],
        elsewhere: &["iam:GetAccountSummary"],
    },
    RootTask {
        name: "IAMCreateRootUserPassword",
        feature: Feature::CredentialsManagement,
        to_root: &["iam:CreateLoginProfile", "iam:GetLoginProfile"],
        elsewhere: &[],
    },
    RootTask {
        name: "IAMDeleteRootUserCredentials",
        feature: Feature::CredentialsManagement,
        to_root: &[
            "iam:DeleteAccessKey",
            "iam:DeleteSigningCertificate",
            "iam:DeleteLoginProfile",
            "iam:DeactivateMFADevice",
            "iam:DeleteVirtualMFADevice",
            "iam:ListAccessKeys",
            "iam:ListSigningCertificates",
            "iam:GetLoginProfile",
            "iam:ListMFADevices",
            "iam:GetUser",
            "iam:GetAccessKeyLastUsed",
        ],
        elsewhere: &[],
    },
    RootTask {
        name: "S3UnlockBucketPolicy",
        feature: Feature::Sessions,
        to_root: &[],
        elsewhere: &[
            "s3:DeleteBucketPolicy",
            "s3:PutBucketPolicy",
            "s3:GetBucketPolicy",
            "s3:ListAllMyBuckets",
        ],
    },
    RootTask {
        name: "SQSUnlockQueuePolicy",
        feature: Feature::Sessions,
        to_root: &[],
        elsewhere: &[
            "sqs:SetQueueAttributes",
            "sqs:GetQueueAttributes",
            "sqs:ListQueues",
            "sqs:GetQueueUrl",
        ],
    },
];

impl RootTask {
    /// Returns the task whose policy has this ARN.
    pub(super) fn find(partition: Partition, arn: &str) -> Option<&'static Self> {
        let rest = arn.strip_prefix("arn:")?.strip_prefix(partition.name())?;
        let name = rest.strip_prefix(":iam::aws:policy/root-task/")?;
        TASKS.iter().find(|it| it.name == name)
    }

    /// Returns the feature without which the task cannot be done.
    pub(super) fn feature(&self) -> Feature {
        self.feature
    }

    /// Returns the session's policy: like AWS's, it denies all but the task, and so lets the root user do that alone.
    pub(super) fn document(&self, partition: Partition) -> Option<Document> {
        let actions: Vec<_> = self.to_root.iter().chain(self.elsewhere).collect();
        let root = format!("arn:{}:iam::*:root", partition.name());
        let statement: Value = json!([
            { "Effect": "Deny", "NotAction": actions, "Resource": "*" },
            { "Effect": "Deny", "Action": self.to_root, "NotResource": root },
            { "Effect": "Allow", "Action": "*", "Resource": "*" },
        ]);
        Document::parse(&json!({ "Statement": statement }).to_string()).ok()
    }
}
