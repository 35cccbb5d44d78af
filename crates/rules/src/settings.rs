//! What users may set of rules, and how a rule declares it.

use std::fmt;

use crate::catalog;

/// What users may set of rules: a field for each rule that has settings, of a type declared in the rule's file. The
/// defaults are what the rules' pages say.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// Of `root-user-mfa`.
    pub root_user_mfa: catalog::root_user_mfa::Settings,
    /// Of `root-user-hardware-mfa`.
    pub root_user_hardware_mfa: catalog::root_user_hardware_mfa::Settings,
    /// Of `root-user-phishing-resistant-mfa`.
    pub root_user_phishing_resistant_mfa: catalog::root_user_phishing_resistant_mfa::Settings,
    /// Of `root-user-recent-use`.
    pub root_user_recent_use: catalog::root_user_recent_use::Settings,
    /// Of `account-password-policy`.
    pub account_password_policy: catalog::account_password_policy::Settings,
    /// Of `iam-user-phishing-resistant-mfa`.
    pub iam_user_phishing_resistant_mfa: catalog::iam_user_phishing_resistant_mfa::Settings,
    /// Of `iam-user-hardware-mfa`.
    pub iam_user_hardware_mfa: catalog::iam_user_hardware_mfa::Settings,
    /// Of `iam-user-fido-certification`.
    pub iam_user_fido_certification: catalog::iam_user_fido_certification::Settings,
    /// Of `iam-user-unused-password`.
    pub iam_user_unused_password: catalog::iam_user_unused_password::Settings,
    /// Of `iam-user-unused-access-key`.
    pub iam_user_unused_access_key: catalog::iam_user_unused_access_key::Settings,
    /// Of `iam-user-access-key-rotation`.
    pub iam_user_access_key_rotation: catalog::iam_user_access_key_rotation::Settings,
    /// Of `iam-user-single-access-key`.
    pub iam_user_single_access_key: catalog::iam_user_single_access_key::Settings,
    /// Of `iam-user-initial-access-key`.
    pub iam_user_initial_access_key: catalog::iam_user_initial_access_key::Settings,
    /// Of `iam-user-mfa-enforced`.
    pub iam_user_mfa_enforced: catalog::iam_user_mfa_enforced::Settings,
}

/// A setting of a rule, as the rule's file declares it: the configuration, its schema and the rule's page are made
/// from it.
#[derive(Debug)]
pub struct Setting {
    /// The key in the rule's section of the configuration, in kebab case.
    pub key: &'static str,
    /// What it sets, as a sentence without a full stop.
    pub about: &'static str,
    /// What it may be.
    pub kind: SettingKind,
    /// Reads it.
    pub get: fn(&Settings) -> SettingValue,
    /// Sets it. A value of another kind, or out of bounds, changes nothing: whoever reads it from a file checks first.
    pub set: fn(&mut Settings, SettingValue),
}

/// What a setting may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SettingKind {
    /// A whole number within bounds, both included.
    Number {
        /// The least.
        min: u32,
        /// The greatest.
        max: u32,
    },
    /// On or off.
    Switch,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of actions of AWS, or patterns of them: `iam:ListMFADevices`, `iam:List*`.
    Actions,
}

/// The value of a setting.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SettingValue {
    /// A number.
    Number(u32),
    /// On, or off.
    Switch(bool),
    /// A word of the setting's choice.
    Choice(&'static str),
    /// Actions, or patterns of them. They live as long as the run, as rules do.
    Actions(&'static [&'static str]),
}

/// Writes the value as the configuration has it.
impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Switch(on) => write!(f, "{on}"),
            Self::Choice(word) => f.write_str(word),
            Self::Actions(actions) => {
                let quoted: Vec<_> = actions.iter().map(|it| format!("\"{it}\"")).collect();
                write!(f, "[{}]", quoted.join(", "))
            }
        }
    }
}
