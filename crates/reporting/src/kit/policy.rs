//! The policy by which users enrol and keep their own devices, and without MFA can do nothing else.

use std::collections::BTreeSet;

use model::Partition;
use policy::engine::self_management_policy;

/// The file's name.
pub(super) const FILE: &str = "self-manage-mfa-policy.json";

/// Returns the policy for accounts of these partitions.
pub(super) fn text(partitions: &BTreeSet<Partition>) -> String {
    let partitions: Vec<_> = partitions.iter().map(ToString::to_string).collect();
    let partitions: Vec<_> = partitions.iter().map(String::as_str).collect();
    self_management_policy(&partitions)
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
