//! The operators of conditions.

use super::{Case, Wildcards};

/// An operator, without its qualifier and `IfExists`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Operator {
    pub(super) family: Family,
    pub(super) sense: Sense,
}

/// What an operator compares.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Family {
    Text {
        wildcards: Wildcards,
        case: Case,
    },
    Arn,
    Switch,
    Null,
    /// Numbers, dates, addresses, bytes: no key of that kind has a value that is known.
    Other,
}

/// Whether a value must match, or none may.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Sense {
    Positive,
    Negative,
}

impl Operator {
    /// Returns the operator of a name, whose case does not count.
    pub(super) fn named(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let text = |wildcards, case| Family::Text { wildcards, case };
        let (family, sense) = match lower.as_str() {
            "stringequals" => (text(Wildcards::AreText, Case::Counts), Sense::Positive),
            "stringnotequals" => (text(Wildcards::AreText, Case::Counts), Sense::Negative),
            "stringequalsignorecase" => (text(Wildcards::AreText, Case::Ignored), Sense::Positive),
            "stringnotequalsignorecase" => {
                (text(Wildcards::AreText, Case::Ignored), Sense::Negative)
            }
            "stringlike" => (text(Wildcards::Stand, Case::Counts), Sense::Positive),
            "stringnotlike" => (text(Wildcards::Stand, Case::Counts), Sense::Negative),
            "arnequals" | "arnlike" => (Family::Arn, Sense::Positive),
            "arnnotequals" | "arnnotlike" => (Family::Arn, Sense::Negative),
            "bool" => (Family::Switch, Sense::Positive),
            "null" => (Family::Null, Sense::Positive),
            "numericequals"
            | "numericlessthan"
            | "numericlessthanequals"
            | "numericgreaterthan"
            | "numericgreaterthanequals"
            | "dateequals"
            | "datelessthan"
            | "datelessthanequals"
            | "dategreaterthan"
            | "dategreaterthanequals"
            | "ipaddress"
            | "binaryequals" => (Family::Other, Sense::Positive),
            "numericnotequals" | "datenotequals" | "notipaddress" => {
                (Family::Other, Sense::Negative)
            }
            _ => return None,
        };
        Some(Self { family, sense })
    }
}
