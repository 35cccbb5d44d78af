//! What users may set of rules, and how a rule declares it.

/// What users may set of rules: a field for each rule that has settings, of a type declared in the rule's file. The
/// defaults are what the rules' pages say.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Settings {}

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
}
