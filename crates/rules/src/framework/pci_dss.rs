//! PCI DSS: the requirements that Security Hub (3.2.1, 4.0.1) and public mappings (4.0) relate to IAM credentials.

use super::{ANSWERED, Answer, Bound, FrameworkVersion, Implied, Requirement};
use crate::SettingValue;

pub(super) static V4_0_1: FrameworkVersion = FrameworkVersion {
    framework: "pci-dss",
    version: "4.0.1",
    requirements: || OF_4.to_vec(),
    settings: IDLE_90,
};

pub(super) static V4_0: FrameworkVersion = FrameworkVersion {
    framework: "pci-dss",
    version: "4.0",
    requirements: || OF_4.to_vec(),
    settings: IDLE_90,
};

pub(super) static V3_2_1: FrameworkVersion = FrameworkVersion {
    framework: "pci-dss",
    version: "3.2.1",
    requirements: || OF_3.to_vec(),
    settings: IDLE_90,
};

static IDLE_90: &[Implied] = &[
    days("iam-user-unused-password", 90),
    days("iam-user-unused-access-key", 90),
    days("iam-user-access-key-rotation", 90),
];

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

const IDLE: &[Bound] = &[
    within("iam-user-unused-password", 90),
    within("iam-user-unused-access-key", 90),
];

/// Passwords that expire are asked for only if the rule is told to.
const EXPIRY: &[Bound] = &[
    policy("max-age-days", 1, 90),
    within("iam-user-access-key-rotation", 90),
];

const fn asked(id: &'static str, title: &'static str) -> Requirement {
    Requirement {
        id,
        title,
        ..ANSWERED
    }
}

const fn bounded(id: &'static str, title: &'static str, bounds: &'static [Bound]) -> Requirement {
    Requirement {
        bounds,
        ..asked(id, title)
    }
}

static OF_4: &[Requirement] = &[
    asked("7.2.1", "There is a model of who may do what"),
    asked("7.2.2", "Access follows function and need"),
    asked("7.2.3", "Privileges are approved"),
    bounded("7.2.4", "Access is reviewed", IDLE),
    asked("7.2.5", "Accounts of programs may do what they need"),
    bounded("7.2.5.1", "Access of programs is reviewed", IDLE),
    asked("7.3.1", "An access control system restrains everyone"),
    asked("7.3.2", "It enforces what was assigned"),
    asked("7.3.3", "It denies what was not"),
    asked("8.2.1", "Everyone has an identity of their own"),
    asked("8.2.2", "Shared accounts are an exception"),
    asked("8.2.4", "Identities are made and changed under control"),
    asked("8.2.5", "Who has left has no access"),
    bounded("8.2.6", "Accounts idle for 90 days are switched off", IDLE),
    asked("8.2.7", "Outsiders' accounts are under control"),
    Requirement {
        answer: Answer::InPart("how long a session lasts is not looked at"),
        ..asked("8.2.8", "Idle sessions end")
    },
    Requirement {
        answer: Answer::InPart("AWS decides how many attempts lock a user out"),
        ..asked("8.3.4", "Attempts to sign in are limited")
    },
    asked("8.3.5", "First passwords are changed at first use"),
    bounded(
        "8.3.6",
        "Passwords have at least 12 characters",
        &[policy("min-length", 12, u32::MAX)],
    ),
    bounded(
        "8.3.7",
        "The last four passwords are refused",
        &[policy("reuse", 4, u32::MAX)],
    ),
    bounded(
        "8.3.9",
        "Passwords that are the only factor expire within 90 days",
        EXPIRY,
    ),
    bounded(
        "8.3.10.1",
        "Customers' passwords expire within 90 days",
        EXPIRY,
    ),
    asked("8.3.11", "Tokens and certificates belong to one person"),
    asked("8.4.1", "Administrators have MFA"),
    asked("8.4.2", "Everyone with access to card data has MFA"),
    asked("8.4.3", "Everyone from outside the network has MFA"),
    bounded("8.6.3", "Passwords of programs are protected", EXPIRY),
    bounded("A3.4.1", "Access is reviewed twice a year", IDLE),
];

static OF_3: &[Requirement] = &[
    asked("2.1", "Vendors' defaults are changed"),
    asked("2.2", "Systems are hardened by a standard"),
    asked("7.2.1", "An access control system covers all components"),
    asked("8.1", "Identities are managed"),
    bounded("8.1.4", "Accounts idle for 90 days are removed", IDLE),
    asked("8.3", "Administrators and outsiders have MFA"),
    asked("8.3.1", "Administrators have MFA"),
    asked("8.3.2", "Everyone from outside the network has MFA"),
    asked("8.6", "Other means of authentication belong to one person"),
];
