//! The policy by which users enrol and keep their own devices, and without MFA can do nothing else.

use std::collections::BTreeSet;

use model::Partition;
use serde::Serialize;
use serde_json::{Value, json};

/// The file's name.
pub(super) const FILE: &str = "self-manage-mfa-policy.json";

/// What a user may do without MFA: what it takes to enrol a device and to begin a session with it. Whatever else stands
/// here, a stolen password or key may do.
const WITHOUT_MFA: [&str; 8] = [
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
];

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

/// Returns the policy for accounts of these partitions.
pub(super) fn text(partitions: &BTreeSet<Partition>) -> String {
    let commercial = BTreeSet::from([Partition::commercial()]);
    let partitions = if partitions.is_empty() {
        &commercial
    } else {
        partitions
    };
    let arns = |resources: &[&str]| -> Vec<String> {
        let of = |partition: &Partition| {
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
                sid: "NothingElseWithoutMfa",
                effect: "Deny",
                action: None,
                not_action: Some(WITHOUT_MFA.to_vec()),
                resource: vec!["*".to_owned()],
                // The key is absent where a long-term access key signs, which `Bool` alone would let through.
                condition: Some(json!({
                    "BoolIfExists": { "aws:MultiFactorAuthPresent": "false" }
                })),
            },
        ],
    };
    // Nothing in it can fail to be written.
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    format!("{text}\n")
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use model::Partition;
    use serde_json::Value;

    use super::text;

    fn of(partitions: &[&str]) -> Value {
        let partitions: BTreeSet<_> = partitions.iter().map(|it| Partition::new(it)).collect();
        serde_json::from_str(&text(&partitions)).unwrap()
    }

    #[test]
    fn every_arn_is_of_the_partition() {
        for partition in ["aws", "aws-us-gov", "aws-cn"] {
            let document = of(&[partition]);
            let statements = document["Statement"].as_array().unwrap();
            let resources = statements
                .iter()
                .flat_map(|it| it["Resource"].as_array().unwrap());
            let arns: Vec<_> = resources
                .map(|it| it.as_str().unwrap())
                .filter(|it| *it != "*")
                .collect();
            assert!(arns.contains(&&*format!("arn:{partition}:iam::*:user/${{aws:username}}")));
            assert!(arns.contains(&&*format!(
                "arn:{partition}:iam::*:user/*/${{aws:username}}"
            )));
            let start = format!("arn:{partition}:iam::*:");
            assert!(arns.iter().all(|it| it.starts_with(&start)), "{arns:?}");
        }
        assert_eq!(of(&[]), of(&["aws"]));
    }

    #[test]
    fn nothing_that_undoes_mfa_or_makes_a_key_is_allowed_without_it() {
        let document = of(&["aws"]);
        let deny = document["Statement"].as_array().unwrap().last().unwrap();
        assert_eq!(deny["Effect"], "Deny");
        let exempt = deny["NotAction"].to_string();
        for action in [
            "DeactivateMFADevice",
            "DeleteVirtualMFADevice",
            "CreateAccessKey",
            "ChangePassword",
            "*",
        ] {
            assert!(!exempt.contains(action), "{action}");
        }
    }
}
