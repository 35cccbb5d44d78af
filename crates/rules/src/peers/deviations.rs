//! Where other tools are known to say something else of the same facts.

use model::{
    AccessKeyStatus, AdministratorAccess, ConsolePassword, GapReason, LastUse, MfaDeviceKind,
    MfaStatus, Presence,
};

use super::{Case, Deviation};
use crate::Status;

const WITHOUT_CREDENTIALS: fn(&Case<'_>) -> bool = |case| {
    let root = &case.record.root_user;
    root.password.known() == Some(&ConsolePassword::NotSet)
        && root.access_key.known() == Some(&Presence::Absent)
        && root.signing_certificate.known() == Some(&Presence::Absent)
};

/// A root user without credentials has no MFA device as a rule: a tool that asks for the device alone fails it.
pub(super) const DEVICE_ALONE: Deviation = Deviation {
    when: |case| {
        WITHOUT_CREDENTIALS(case)
            && case.record.root_user.mfa.known() == Some(&MfaStatus::NotEnabled)
    },
    says: "FAIL",
    why: "it asks for a device alone, and not whether the root user has any credential to sign in with",
};

pub(super) const PASSED_WITHOUT_CREDENTIALS: Deviation = Deviation {
    when: WITHOUT_CREDENTIALS,
    says: "PASSED",
    why: "it passes an account whose root credentials were removed, where nothing is left to protect",
};

pub(super) const NOT_APPLICABLE_WITHOUT_CREDENTIALS: Deviation = Deviation {
    when: WITHOUT_CREDENTIALS,
    says: "NOT_APPLICABLE",
    why: "the same by its own word: it does not judge an account whose root credentials were removed",
};

/// Prowler looks for `root` anywhere in the owner's ARN.
pub(super) const ROOT_IN_A_NAME: Deviation = Deviation {
    when: |case| {
        let is_like_root = |arn: &str| arn.contains("root");
        let mut users = case.record.iam_users.items.iter();
        case.record.root_user.virtual_mfa_device.known() == Some(&Presence::Absent)
            && users.any(|it| {
                is_like_root(it.arn.as_str())
                    && it
                        .mfa_devices
                        .items
                        .iter()
                        .any(|it| it.kind == MfaDeviceKind::VirtualTotp)
            })
    },
    says: "FAIL",
    why: "it takes every virtual device whose owner's ARN contains `root` for the root user's, and a user's name does",
};

pub(super) const DENIED_IS_PASSED: Deviation = Deviation {
    when: |case| {
        let gap = case.user.and_then(|it| it.password.get().err());
        let gap = gap.and_then(|it| case.record.gap(it));
        gap.is_some_and(|it| {
            it.reason == GapReason::AccessDenied && it.operation == "GetLoginProfile"
        })
    },
    says: "PASS",
    why: "it takes a denied GetLoginProfile for a user without password",
};

pub(super) const NEVER_USED_IS_PASSED: Deviation = Deviation {
    when: |case| {
        let used = case.user.and_then(|it| it.password_last_used.known());
        case.status == Status::Fail && used == Some(&LastUse::NeverRecorded)
    },
    says: "PASS",
    why: "it passes a password that was never used, however old it is",
};

pub(super) const NEVER_USED_IS_SKIPPED: Deviation = Deviation {
    when: |case| {
        let keys = case.user.and_then(|it| it.access_keys.known());
        let mut active = keys
            .into_iter()
            .flatten()
            .filter(|it| it.status == AccessKeyStatus::Active);
        case.status == Status::Fail
            && active.all(|it| it.last_used.known() == Some(&LastUse::NeverRecorded))
    },
    says: "no failure",
    why: "it skips keys that were never used",
};

/// A passkey or hardware token besides an authenticator app or telephone.
pub(super) const BOTH_KINDS: Deviation = Deviation {
    when: |case| {
        let devices = case
            .user
            .map(|it| it.mfa_devices.items.as_slice())
            .unwrap_or_default();
        let has = |kinds: [MfaDeviceKind; 2]| devices.iter().any(|it| kinds.contains(&it.kind));
        case.status == Status::Pass
            && has([MfaDeviceKind::Fido, MfaDeviceKind::HardwareTotp])
            && has([MfaDeviceKind::VirtualTotp, MfaDeviceKind::Sms])
    },
    says: "FAIL",
    why: "it fails a user who has an authenticator app too",
};

pub(super) const MANAGED_POLICY_OF_GROUPS: Deviation = Deviation {
    when: |case| {
        let access = case.user.and_then(|it| it.administrator_access.known());
        let by_group = |how: &str| how.starts_with("the policy AdministratorAccess of the group");
        case.status == Status::Fail
            && matches!(access, Some(AdministratorAccess::Administrator(how)) if !by_group(how))
    },
    says: "no failure",
    why: "it looks for AWS's own AdministratorAccess on groups alone",
};

pub(super) const ONE_DAY: Deviation = Deviation {
    when: |case| case.status == Status::Fail,
    says: "PASS, or FAIL",
    why: "it looks back one day if nothing else is set, and may stop at the first access key",
};

pub(super) const INVERTED: Deviation = Deviation {
    when: |case| matches!(case.status, Status::Pass | Status::Fail),
    says: "the opposite",
    why: "its query inverts the comparison",
};
