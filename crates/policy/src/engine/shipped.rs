//! The policies that are recommended: they enforce MFA, and leave users what it takes to enrol.

use serde::Serialize;
use serde_json::{Value, json};

use super::self_service::SelfService;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: &'static str,
    effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_action: Option<Vec<&'static str>>,
    resource: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Value>,
}

/// Returns the policy by which users enrol and keep their own devices, and without MFA can do nothing else, for accounts of
/// these partitions: `aws` where none is named.
pub fn self_management_policy(partitions: &[&str]) -> String {
    let partitions = if partitions.is_empty() {
        &["aws"]
    } else {
        partitions
    };
    let arns = |resources: &[&str]| -> Vec<String> {
        let of = |partition: &&str| {
            let arn = |it: &&str| format!("arn:{partition}:iam::*:{it}");
            resources.iter().map(arn).collect::<Vec<_>>()
        };
        partitions.iter().flat_map(of).collect()
    };
    // A user's ARN holds its path, if it has one.
    let own_user = arns(&["user/${aws:username}", "user/*/${aws:username}"]);
    let own = |sid, actions: &[&'static str]| allow(sid, actions, own_user.clone());
    let document = Document {
        version: "2012-10-17",
        statement: vec![
            allow(
                "SeeWhatBelongsToNoUser",
                &[
                    "iam:GetAccountPasswordPolicy",
                    "iam:GetAccountSummary",
                    "iam:ListVirtualMFADevices",
                ],
                vec!["*".to_owned()],
            ),
            own("ChangeOwnPassword", &["iam:ChangePassword", "iam:GetUser"]),
            own(
                "KeepOwnAccessKeys",
                &[
                    "iam:CreateAccessKey",
                    "iam:DeleteAccessKey",
                    "iam:ListAccessKeys",
                    "iam:UpdateAccessKey",
                ],
            ),
            own(
                "KeepOwnSigningCertificates",
                &[
                    "iam:DeleteSigningCertificate",
                    "iam:ListSigningCertificates",
                    "iam:UpdateSigningCertificate",
                    "iam:UploadSigningCertificate",
                ],
            ),
            own(
                "KeepOwnSshKeys",
                &[
                    "iam:DeleteSSHPublicKey",
                    "iam:GetSSHPublicKey",
                    "iam:ListSSHPublicKeys",
                    "iam:UpdateSSHPublicKey",
                    "iam:UploadSSHPublicKey",
                ],
            ),
            own(
                "KeepOwnServiceCredentials",
                &[
                    "iam:CreateServiceSpecificCredential",
                    "iam:DeleteServiceSpecificCredential",
                    "iam:ListServiceSpecificCredentials",
                    "iam:ResetServiceSpecificCredential",
                    "iam:UpdateServiceSpecificCredential",
                ],
            ),
            // Devices may have any name; one that is in use cannot be deleted.
            allow(
                "MakeVirtualDevices",
                &["iam:CreateVirtualMFADevice", "iam:DeleteVirtualMFADevice"],
                arns(&["mfa/*"]),
            ),
            own(
                "KeepOwnDevices",
                &[
                    "iam:DeactivateMFADevice",
                    "iam:EnableMFADevice",
                    "iam:GetMFADevice",
                    "iam:ListMFADevices",
                    "iam:ResyncMFADevice",
                ],
            ),
            Statement {
                // The key is absent where a long-term access key signs, which `Bool` alone would let through.
                condition: Some(json!({
                    "BoolIfExists": { "aws:MultiFactorAuthPresent": "false" }
                })),
                ..nothing_else()
            },
        ],
    };
    text(&document)
}

/// Returns the service control policy under which IAM users can do nothing without MFA but enrol a device. It lets alone
/// roles, whose sessions carry no MFA, and what AWS's services do on a user's behalf, where the key does not tell.
pub fn service_control_policy() -> String {
    text(&Document {
        version: "2012-10-17",
        statement: vec![Statement {
            condition: Some(json!({
                "ArnLike": { "aws:PrincipalArn": "arn:*:iam::*:user/*" },
                "BoolIfExists": {
                    "aws:MultiFactorAuthPresent": "false",
                    "aws:ViaAWSService": "false",
                },
            })),
            ..nothing_else()
        }],
    })
}

fn text(document: &Document) -> String {
    // Nothing in it can fail to be written.
    let text = serde_json::to_string_pretty(document).unwrap_or_default();
    format!("{text}\n")
}

/// Whatever else stands here than self service, a stolen password or key may do.
fn nothing_else() -> Statement {
    Statement {
        sid: "NothingElseWithoutMfa",
        effect: "Deny",
        action: None,
        not_action: Some(SelfService::default_actions().to_vec()),
        resource: vec!["*".to_owned()],
        condition: None,
    }
}

fn allow(sid: &'static str, actions: &[&'static str], resource: Vec<String>) -> Statement {
    Statement {
        sid,
        effect: "Allow",
        action: Some(actions.to_vec()),
        not_action: None,
        resource,
        condition: None,
    }
}
