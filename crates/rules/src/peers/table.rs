//! Which checks of other tools judge what our rules judge.

use super::{
    Peer, PeerAnswer, Tool,
    deviations::{
        BOTH_KINDS, DENIED_IS_PASSED, DEVICE_ALONE, INVERTED, MANAGED_POLICY_OF_GROUPS,
        NEVER_USED_IS_PASSED, NEVER_USED_IS_SKIPPED, NOT_APPLICABLE_WITHOUT_CREDENTIALS, ONE_DAY,
        PASSED_WITHOUT_CREDENTIALS, ROOT_IN_A_NAME,
    },
};

/// Writes the rows under their rules.
macro_rules! peers {
    ($($rule:literal { $($tool:ident: [$($check:literal),+] [$($deviation:ident),*],)+ })+) => {
        &[$($(Peer {
            rule: $rule,
            tool: Tool::$tool,
            checks: &[$($check),+],
            deviations: &[$($deviation),*],
        },)+)+]
    };
}

/// A row for each rule and tool that has a check.
///
/// Names and deviations are those of Prowler 5.46, Security Hub's IAM controls, AWS Config's managed rules, and the
/// compliance mod of Steampipe as their public sources have them.
pub(super) static PEERS: &[Peer] = peers! {
    "root-user-mfa" {
        Prowler: ["iam_root_mfa_enabled"] [],
        SecurityHub: ["IAM.9"] [PASSED_WITHOUT_CREDENTIALS],
        AwsConfig: ["root-account-mfa-enabled"] [NOT_APPLICABLE_WITHOUT_CREDENTIALS],
        Steampipe: ["iam_root_user_mfa_enabled", "iam_root_user_account_console_access_mfa_enabled"] [],
        ScoutSuite: ["root MFA"] [DEVICE_ALONE],
        Cloudsploit: ["root MFA"] [DEVICE_ALONE],
    }
    "root-user-hardware-mfa" {
        Prowler: ["iam_root_hardware_mfa_enabled"] [ROOT_IN_A_NAME],
        SecurityHub: ["IAM.6"] [PASSED_WITHOUT_CREDENTIALS],
        AwsConfig: ["root-account-hardware-mfa-enabled"] [NOT_APPLICABLE_WITHOUT_CREDENTIALS],
        Steampipe: ["iam_root_user_hardware_mfa_enabled"] [],
    }
    "root-user-access-key" {
        Prowler: ["iam_no_root_access_key"] [],
        SecurityHub: ["IAM.4"] [],
        AwsConfig: ["iam-root-access-key-check"] [],
        Steampipe: ["iam_root_user_no_access_keys"] [],
    }
    "root-user-recent-use" {
        Prowler: ["iam_avoid_root_usage"] [ONE_DAY],
        Steampipe: ["iam_root_last_used"] [INVERTED],
    }
    "organization-root-credentials-management" {
        Prowler: ["iam_root_credentials_management_enabled"] [],
    }
    "iam-user-console-mfa" {
        Prowler: ["iam_user_mfa_enabled_console_access"] [DENIED_IS_PASSED],
        SecurityHub: ["IAM.5"] [],
        AwsConfig: ["mfa-enabled-for-iam-console-access"] [],
        Steampipe: ["iam_user_console_access_mfa_enabled"] [],
    }
    "iam-user-mfa" {
        SecurityHub: ["IAM.19"] [],
        AwsConfig: ["iam-user-mfa-enabled"] [],
        Steampipe: ["iam_user_mfa_enabled"] [],
    }
    "iam-user-admin-mfa" {
        Prowler: ["iam_administrator_access_with_mfa"] [MANAGED_POLICY_OF_GROUPS],
        Steampipe: ["iam_user_with_administrator_access_mfa_enabled"] [],
    }
    "iam-user-hardware-mfa" {
        Prowler: ["iam_user_hardware_mfa_enabled"] [BOTH_KINDS],
        Steampipe: ["iam_user_hardware_mfa_enabled"] [],
    }
    "iam-user-unused-password" {
        Prowler: ["iam_user_console_access_unused"] [NEVER_USED_IS_PASSED],
        SecurityHub: ["IAM.8", "IAM.22"] [],
        AwsConfig: ["iam-user-unused-credentials-check"] [],
        Steampipe: ["iam_user_unused_credentials_90"] [],
    }
    "iam-user-unused-access-key" {
        Prowler: ["iam_user_accesskey_unused"] [NEVER_USED_IS_SKIPPED],
        SecurityHub: ["IAM.8", "IAM.22"] [],
        AwsConfig: ["iam-user-unused-credentials-check"] [],
        Steampipe: ["iam_user_unused_credentials_90"] [],
    }
    "iam-user-access-key-rotation" {
        Prowler: ["iam_rotate_access_key_90_days"] [],
        SecurityHub: ["IAM.3"] [],
        AwsConfig: ["access-keys-rotated"] [],
        Steampipe: ["iam_user_access_key_age_90"] [],
    }
    "iam-user-single-access-key" {
        Prowler: ["iam_user_two_active_access_key"] [],
    }
    "iam-user-initial-access-key" {
        Prowler: ["iam_user_no_setup_initial_access_key"] [],
    }
    "iam-user-direct-policy" {
        Prowler: ["iam_policy_attached_only_to_group_or_roles"] [],
        SecurityHub: ["IAM.2"] [],
        AwsConfig: ["iam-user-no-policies-check"] [],
    }
    "account-password-policy" {
        Prowler: ["iam_password_policy_minimum_length_14", "iam_password_policy_reuse_24"] [],
        SecurityHub: ["IAM.7", "IAM.15", "IAM.16"] [],
        AwsConfig: ["iam-password-policy"] [],
    }
};

/// Rules of which it is known that a tool has nothing like them.
static WITHOUT: &[(&str, &[Tool])] = &[
    ("root-user-phishing-resistant-mfa", THREE),
    (
        "root-user-recent-use",
        &[Tool::SecurityHub, Tool::AwsConfig],
    ),
    ("root-user-credentials-removed", THREE),
    (
        "organization-root-credentials-management",
        &[Tool::SecurityHub, Tool::AwsConfig],
    ),
    ("organization-root-sessions", THREE),
    ("iam-user-mfa", &[Tool::Prowler]),
    ("iam-user-access-key-mfa", THREE),
    ("iam-user-admin-mfa", &[Tool::SecurityHub, Tool::AwsConfig]),
    ("iam-user-phishing-resistant-mfa", THREE),
    (
        "iam-user-hardware-mfa",
        &[Tool::SecurityHub, Tool::AwsConfig],
    ),
    ("iam-user-sms-mfa", THREE),
    ("iam-user-fido-certification", THREE),
];

const THREE: &[Tool] = &[Tool::Prowler, Tool::SecurityHub, Tool::AwsConfig];

/// Returns what is known of a tool that is in no row of a rule.
pub(super) fn without_check(rule: &str, tool: Tool) -> PeerAnswer {
    let mut without = WITHOUT.iter();
    if without.any(|(of, tools)| *of == rule && tools.contains(&tool)) {
        PeerAnswer::NoCheck
    } else {
        PeerAnswer::NotKnown
    }
}
