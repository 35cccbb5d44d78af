//! What users may set of rules: a section for each rule that has any.

/// What users may set of rules. The defaults are what the rules' pages say.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Settings {}
