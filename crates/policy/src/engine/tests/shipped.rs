//! The policies that are recommended enforce, and let people enrol.

use super::*;
use crate::engine::{Bypass, Certainty, Request, self_management_policy, service_control_policy};

fn certainty(set: &PolicySet, mfa: MfaContext, action: &str) -> Certainty {
    let caller = alice();
    let request = Request {
        mfa,
        caller: Some(&caller),
    };
    set.decide(&request).ruling(action).certainty()
}

/// Enrolling a first device, and opening a session with it.
const TO_ENROL: [&str; 6] = [
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:GetUser",
    "iam:ResyncMFADevice",
];

fn prove(set: &PolicySet, may_with_mfa: &[&str]) {
    assert!(is_enforced(set), "{:?}", enforcement(set));
    let bypass = set.bypass(&BOTH, &SelfService::default(), Some(&alice()));
    assert!(matches!(bypass, Bypass::Tight(_)), "{bypass:?}");
    for mfa in MfaContext::ALL {
        for action in TO_ENROL {
            let found = certainty(set, mfa, action);
            assert_eq!(found, Certainty::SurelyAllowed, "{action} {mfa}");
        }
    }
    for action in may_with_mfa {
        for mfa in WITHOUT_MFA {
            assert_eq!(
                certainty(set, mfa, action),
                Certainty::SurelyNot,
                "{action}"
            );
        }
        let found = certainty(set, MfaContext::True, action);
        assert_eq!(found, Certainty::SurelyAllowed, "{action}");
    }
}

#[test]
fn the_policy_for_users_enforces_and_leaves_enrolment() {
    let own = || at(Level::User, "self", &self_management_policy(&["aws"]));
    let with_rights = PolicySet::new(
        vec![own(), at(Level::User, "admin", &document(&[ADMIN]))],
        None,
        ServiceControl::None,
    );
    prove(
        &with_rights,
        &[
            "iam:DeactivateMFADevice",
            "s3:GetObject",
            "iam:CreateUser",
            "sts:AssumeRole",
        ],
    );
    let alone = PolicySet::new(vec![own()], None, ServiceControl::None);
    prove(
        &alone,
        &[
            "iam:DeactivateMFADevice",
            "iam:CreateAccessKey",
            "iam:ChangePassword",
        ],
    );
    let other = certainty(&alone, MfaContext::True, "iam:CreateUser");
    assert_eq!(other, Certainty::SurelyNot);
}

#[test]
fn the_service_control_policy_enforces_and_leaves_enrolment() {
    let full = document(&[r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#]);
    let shipped = service_control_policy();
    let level = || {
        scp(
            "the root",
            &[("FullAWSAccess", &full), ("shipped", &shipped)],
        )
    };
    let set = PolicySet::new(
        vec![at(Level::User, "admin", &document(&[ADMIN]))],
        None,
        ServiceControl::Levels(vec![level()]),
    );
    prove(
        &set,
        &["iam:DeactivateMFADevice", "s3:GetObject", "iam:CreateUser"],
    );
    assert!(shipped.len() < 5_120, "the greatest size AWS takes");
    let anybody = set.enforcement(&BOTH, &SelfService::default(), None);
    assert!(
        matches!(*anybody, Enforcement::Enforced { .. }),
        "whoever the user is"
    );
}

#[test]
fn every_partition_has_its_arns() {
    for partition in ["aws", "aws-us-gov", "aws-cn"] {
        let text = self_management_policy(&[partition]);
        assert!(text.contains(&format!("arn:{partition}:iam::*:user/${{aws:username}}")));
        assert!(text.contains(&format!("arn:{partition}:iam::*:mfa/*")));
    }
    assert_eq!(
        self_management_policy(&[]),
        self_management_policy(&["aws"])
    );
    assert!(self_management_policy(&["aws"]).len() < 6_144);
}
