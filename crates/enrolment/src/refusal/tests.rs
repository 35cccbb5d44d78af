//! Every error has words of its own.

use aws::Trouble;
use model::{DenyingPolicy, GapReason, PolicyKind};

use super::{said, words};

fn trouble(operation: &str, code: &str, detail: &str) -> Trouble {
    let reason = if code == "AccessDenied" {
        GapReason::AccessDenied
    } else {
        GapReason::Failed
    };
    Trouble {
        code: code.to_owned(),
        ..Trouble::new(operation, reason, detail)
    }
}

/// Operation, code and message of AWS, then words of the cause and of the next step.
const CASES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "EnableMFADevice",
        "InvalidAuthenticationCode",
        "Authentication code for device is not valid.",
        "consecutive",
        "very next one",
    ),
    (
        "EnableMFADevice",
        "EntityTemporarilyUnmodifiable",
        "",
        "a moment ago",
        "wait a minute",
    ),
    (
        "EnableMFADevice",
        "LimitExceeded",
        "",
        "eight",
        "deactivate",
    ),
    (
        "CreateVirtualMFADevice",
        "LimitExceeded",
        "",
        "account has as many",
        "remove-orphans",
    ),
    (
        "CreateVirtualMFADevice",
        "EntityAlreadyExists",
        "MFA device already exists.",
        "of this name",
        "--name",
    ),
    (
        "EnableMFADevice",
        "EntityAlreadyExists",
        "MFA Device for user x already exists.",
        "for this user already",
        "nothing to do",
    ),
    (
        "EnableMFADevice",
        "EntityAlreadyExists",
        "MFA Device is already in use.",
        "somebody else",
        "another device",
    ),
    (
        "GetUser",
        "NoSuchEntity",
        "The user with name x cannot be found.",
        "no such user",
        "check the name",
    ),
    (
        "EnableMFADevice",
        "NoSuchEntity",
        "MFA device invalid for user.",
        "no such device",
        "serial number",
    ),
    (
        "DeleteVirtualMFADevice",
        "DeleteConflict",
        "MFA VirtualDevice in use. Must deactivate first.",
        "does not delete",
        "deactivate it first",
    ),
    (
        "EnableMFADevice",
        "ConcurrentModification",
        "",
        "somebody else is changing",
        "wait a few seconds",
    ),
    (
        "EnableMFADevice",
        "AccessDenied",
        "To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this user.",
        "opened with MFA",
        "--mfa-serial",
    ),
    (
        "GetSessionToken",
        "AccessDenied",
        "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
        "shows now",
        "resync",
    ),
    (
        "GetSessionToken",
        "AccessDenied",
        "MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA serial number is valid and associated with this user.",
        "does not take a code",
        "three minutes",
    ),
    (
        "EnableMFADevice",
        "AccessDenied",
        "User: arn:aws:iam::1:user/a is not authorized to perform: iam:EnableMFADevice on resource: user a because no identity-based policy allows the iam:EnableMFADevice action",
        "iam:EnableMFADevice",
        "mfaudit-enroll policy",
    ),
    (
        "GetUser",
        "SignatureDoesNotMatch",
        "Signature expired",
        "clock is off",
        "clock",
    ),
];

#[test]
fn every_error_of_these_calls_has_its_own_cause_and_a_next_step() {
    for (operation, code, detail, cause, next) in CASES.iter().copied() {
        let words = words(&trouble(operation, code, detail));
        assert!(
            words.cause.contains(cause),
            "{operation} {code}: {}",
            words.cause
        );
        assert!(
            words.next.contains(next),
            "{operation} {code}: {}",
            words.next
        );
    }
}

#[test]
fn a_denial_names_the_action_and_whose_policy_it_is() {
    let message = "User: arn:aws:iam::1:user/a is not authorized to perform: iam:EnableMFADevice on resource: user a with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o/p";
    let policy = DenyingPolicy {
        kind: PolicyKind::ServiceControl,
        arn: Some("arn:p".to_owned()),
    };
    let denied = Trouble {
        policy: Some(policy),
        ..trouble("EnableMFADevice", "AccessDenied", message)
    };
    let words = words(&denied);
    assert!(
        words
            .cause
            .starts_with("iam:EnableMFADevice is denied by the"),
        "{}",
        words.cause
    );
    assert!(words.cause.ends_with("arn:p"), "{}", words.cause);
    assert!(words.next.contains("organization"), "{}", words.next);
}

#[test]
fn aws_s_own_words_stand_behind_ours() {
    let text = said(
        &trouble("EnableMFADevice", "LimitExceeded", "Too many."),
        "cause",
    );
    assert_eq!(
        text,
        "EnableMFADevice (LimitExceeded): cause; AWS says: Too many"
    );
}
