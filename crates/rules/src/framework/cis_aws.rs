//! The CIS AWS Foundations Benchmark, from 1.2.0 to 7.0.0: one table, since most recommendations only moved.

use super::{ANSWERED, Answer, Bound, FrameworkVersion, Implied, Level, Requirement};
use crate::SettingValue;

/// Declares the versions.
macro_rules! versions {
    ($($name:ident $version:literal $settings:ident,)+) => {
        $(pub(super) static $name: FrameworkVersion = FrameworkVersion {
            framework: "cis-aws",
            version: $version,
            requirements: || of($version),
            settings: $settings,
        };)+
    };
}

versions! {
    V1_2_0 "1.2.0" UNUSED_90,
    V1_4_0 "1.4.0" UNUSED_45,
    V1_5_0 "1.5.0" UNUSED_45,
    V2_0_0 "2.0.0" UNUSED_45,
    V3_0_0 "3.0.0" UNUSED_45,
    V4_0_1 "4.0.1" UNUSED_45,
    V5_0_0 "5.0.0" UNUSED_45,
    V6_0_0 "6.0.0" UNUSED_45,
    V7_0_0 "7.0.0" UNUSED_45,
}

static UNUSED_45: &[Implied] = &[
    unused("iam-user-unused-password", 45),
    unused("iam-user-unused-access-key", 45),
    ROTATION,
    LENGTH,
    REUSE,
];

static UNUSED_90: &[Implied] = &[
    unused("iam-user-unused-password", 90),
    unused("iam-user-unused-access-key", 90),
    ROTATION,
    LENGTH,
    REUSE,
];

const ROTATION: Implied = unused("iam-user-access-key-rotation", 90);

const LENGTH: Implied = Implied {
    rule: "account-password-policy",
    key: "min-length",
    value: SettingValue::Number(14),
};

const REUSE: Implied = Implied {
    rule: "account-password-policy",
    key: "reuse",
    value: SettingValue::Number(24),
};

const fn unused(rule: &'static str, days: u32) -> Implied {
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

/// A recommendation, and where it stands in each version.
struct Item {
    requirement: Requirement,
    /// In 1.2.0; in 1.4.0 to 4.0.1, which agree; in 5.0.0; in 6.0.0; in 7.0.0. Empty where it is not in the version.
    ids: [&'static str; 5],
}

fn of(version: &str) -> Vec<Requirement> {
    let column = match version {
        "1.2.0" => 0,
        "5.0.0" => 2,
        "6.0.0" => 3,
        "7.0.0" => 4,
        _ => 1,
    };
    let here = |item: &Item| {
        let id = item.ids.get(column).copied().filter(|it| !it.is_empty())?;
        Some(Requirement {
            id,
            ..item.requirement
        })
    };
    let mut requirements: Vec<_> = ITEMS.iter().filter_map(here).collect();
    requirements.sort_by_key(|it| number(it.id));
    requirements
}

/// Orders 1.9 before 1.10.
fn number(id: &str) -> Vec<u32> {
    id.split('.')
        .map(|it| it.parse().unwrap_or_default())
        .collect()
}

const fn asked(title: &'static str) -> Requirement {
    Requirement { title, ..ANSWERED }
}

static ITEMS: &[Item] = &[
    Item {
        requirement: Requirement {
            level: Level::Two,
            ..asked("Root credentials of member accounts are managed centrally, and removed")
        },
        ids: ["", "", "", "", "2.1.1"],
    },
    Item {
        requirement: Requirement {
            level: Level::Two,
            answer: Answer::NotByUs(
                "which actions policies of the organization must forbid is not a question of sign-in",
            ),
            ..asked("The organization's policies set bounds to its accounts")
        },
        ids: ["", "", "", "", "2.1.2"],
    },
    Item {
        requirement: asked("The root user has no access key"),
        ids: ["1.12", "1.4", "1.3", "2.3", "2.4"],
    },
    Item {
        requirement: asked("The root user has MFA"),
        ids: ["1.13", "1.5", "1.4", "2.4", "2.5"],
    },
    Item {
        requirement: Requirement {
            level: Level::Two,
            // Without any device there is none that is hardware.
            also: &["root-user-mfa"],
            ..asked("The root user's MFA is hardware")
        },
        ids: ["1.14", "1.6", "1.5", "2.5", "2.6"],
    },
    Item {
        requirement: asked("The root user is not in everyday use"),
        ids: ["1.1", "1.7", "1.6", "2.6", "2.7"],
    },
    Item {
        requirement: Requirement {
            bounds: &[Bound {
                rule: "account-password-policy",
                key: "min-length",
                min: 14,
                max: u32::MAX,
            }],
            ..asked("Passwords have at least 14 characters")
        },
        ids: ["1.9", "1.8", "1.7", "2.7", "2.8"],
    },
    Item {
        requirement: Requirement {
            bounds: &[Bound {
                rule: "account-password-policy",
                key: "reuse",
                min: 24,
                max: u32::MAX,
            }],
            ..asked("The last 24 passwords are refused")
        },
        ids: ["1.10", "1.9", "1.8", "2.8", "2.9"],
    },
    Item {
        requirement: asked("Every IAM user with a console password has MFA"),
        ids: ["1.2", "1.10", "1.9", "2.9", "2.10"],
    },
    Item {
        requirement: asked("No access key is made along with a console user"),
        ids: ["1.21", "1.11", "1.10", "2.10", ""],
    },
    Item {
        requirement: Requirement {
            bounds: &[
                within("iam-user-unused-password", 90),
                within("iam-user-unused-access-key", 90),
            ],
            ..asked("Credentials unused for 90 days are switched off")
        },
        ids: ["1.3", "", "", "", ""],
    },
    Item {
        requirement: Requirement {
            bounds: &[
                within("iam-user-unused-password", 45),
                within("iam-user-unused-access-key", 45),
            ],
            ..asked("Credentials unused for 45 days are switched off")
        },
        ids: ["", "1.12", "1.11", "2.11", "2.11"],
    },
    Item {
        requirement: asked("An IAM user has at most one active access key"),
        ids: ["", "1.13", "1.12", "2.12", ""],
    },
    Item {
        requirement: Requirement {
            bounds: &[within("iam-user-access-key-rotation", 90)],
            ..asked("Access keys are replaced within 90 days")
        },
        ids: ["1.4", "1.14", "1.13", "2.13", "2.12"],
    },
    Item {
        requirement: asked("IAM users have their permissions through groups alone"),
        ids: ["1.16", "1.15", "1.14", "2.14", "2.13"],
    },
    Item {
        requirement: Requirement {
            answer: Answer::NotByUs("who may open support cases is not a question of sign-in"),
            ..asked("There is a role for support cases")
        },
        ids: ["1.20", "1.17", "1.16", "2.16", "2.15"],
    },
    Item {
        requirement: Requirement {
            level: Level::Two,
            answer: Answer::InPart(
                "accounts of organizations that do not use Identity Center are not judged",
            ),
            ..asked("People sign in through one identity provider")
        },
        ids: ["", "1.21", "1.20", "2.20", "2.19"],
    },
];
