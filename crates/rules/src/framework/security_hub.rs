//! The controls of AWS Security Hub CSPM about IAM.

use super::{ANSWERED, Answer, Bound, FrameworkVersion, Implied, Requirement};
use crate::SettingValue;

pub(super) static CONTROLS: FrameworkVersion = FrameworkVersion {
    framework: "aws-security-hub",
    version: "",
    requirements: || REQUIREMENTS.to_vec(),
    settings: &[
        absent_passes("root-user-mfa"),
        absent_passes("root-user-hardware-mfa"),
        // IAM.8, which is of more standards than IAM.22 (45 days).
        days("iam-user-unused-password", 90),
        days("iam-user-unused-access-key", 90),
        days("iam-user-access-key-rotation", 90),
    ],
};

const fn absent_passes(rule: &'static str) -> Implied {
    Implied {
        rule,
        key: "root-absent",
        value: SettingValue::Choice("pass"),
    }
}

const fn days(rule: &'static str, days: u32) -> Implied {
    Implied {
        rule,
        key: "max-days",
        value: SettingValue::Number(days),
    }
}

const fn within(rule: &'static str, days: u32) -> Bound {
    Bound {
        rule,
        key: "max-days",
        min: 0,
        max: days,
    }
}

const fn policy(key: &'static str, min: u32, max: u32) -> Bound {
    Bound {
        rule: "account-password-policy",
        key,
        min,
        max,
    }
}

const fn control(id: &'static str, title: &'static str) -> Requirement {
    Requirement {
        id,
        title,
        ..ANSWERED
    }
}

const fn unanswered(id: &'static str, title: &'static str, why: &'static str) -> Requirement {
    Requirement {
        answer: Answer::NotByUs(why),
        ..control(id, title)
    }
}

const CHARACTERS: &str = "which kinds of character a password must have is not looked at";
const PERMISSIONS: &str = "what policies allow is looked at only as far as it makes administrators";

static REQUIREMENTS: &[Requirement] = &[
    unanswered("IAM.1", "No customer policy allows everything", PERMISSIONS),
    control("IAM.2", "IAM users have no policies of their own"),
    Requirement {
        bounds: &[within("iam-user-access-key-rotation", 90)],
        ..control("IAM.3", "Access keys are replaced within 90 days")
    },
    control("IAM.4", "The root user has no access key"),
    control("IAM.5", "Every IAM user with a console password has MFA"),
    Requirement {
        also: &["root-user-mfa"],
        ..control("IAM.6", "The root user's MFA is hardware")
    },
    Requirement {
        answer: Answer::InPart(CHARACTERS),
        ..control("IAM.7", "The password policy is strong")
    },
    Requirement {
        bounds: &[
            within("iam-user-unused-password", 90),
            within("iam-user-unused-access-key", 90),
        ],
        ..control("IAM.8", "Credentials unused for 90 days are removed")
    },
    control("IAM.9", "The root user has MFA"),
    Requirement {
        answer: Answer::InPart(CHARACTERS),
        ..control("IAM.10", "The password policy is strong, as PCI DSS has it")
    },
    unanswered("IAM.11", "Passwords need an upper-case letter", CHARACTERS),
    unanswered("IAM.12", "Passwords need a lower-case letter", CHARACTERS),
    unanswered("IAM.13", "Passwords need a symbol", CHARACTERS),
    unanswered("IAM.14", "Passwords need a digit", CHARACTERS),
    Requirement {
        bounds: &[policy("min-length", 14, u32::MAX)],
        ..control("IAM.15", "Passwords have at least 14 characters")
    },
    Requirement {
        bounds: &[policy("reuse", 24, u32::MAX)],
        ..control("IAM.16", "The last passwords are refused")
    },
    Requirement {
        bounds: &[policy("max-age-days", 1, 90)],
        ..control("IAM.17", "Passwords expire within 90 days")
    },
    unanswered(
        "IAM.18",
        "There is a role for support cases",
        "who may open support cases is not a question of sign-in",
    ),
    control("IAM.19", "Every IAM user has MFA"),
    Requirement {
        bounds: &[
            within("iam-user-unused-password", 45),
            within("iam-user-unused-access-key", 45),
        ],
        ..control("IAM.22", "Credentials unused for 45 days are removed")
    },
];
