//! The conditions of policy statements, as far as this simulator can judge them.

use std::cmp::Ordering;

use serde_json::Value;

use crate::policy::{Question, Told, texts};
use crate::variables::{matches_with, replaced};

/// One key of a statement's `Condition`.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    operator: String,
    /// As the policy writes it.
    name: String,
    /// The same in small letters, since its case does not matter.
    key: String,
    values: Vec<String>,
}

impl Condition {
    /// Reads a statement's conditions, which it may lack.
    pub(crate) fn read(statement: &Value) -> Option<Vec<Self>> {
        let mut conditions = Vec::new();
        let Some(condition) = statement.get("Condition") else {
            return Some(conditions);
        };
        for (operator, keys) in condition.as_object()? {
            for (key, values) in keys.as_object()? {
                conditions.push(Self {
                    operator: operator.clone(),
                    name: key.clone(),
                    key: key.to_ascii_lowercase(),
                    values: values_of(values)?,
                });
            }
        }
        Some(conditions)
    }

    /// Returns the name of the key.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Tells whether the condition holds, or nothing if this simulator cannot judge it.
    pub(crate) fn holds(&self, question: &Question) -> Option<bool> {
        let actual = match question.told(&self.key) {
            Told::Value(value) => Some(value),
            Told::Absent => None,
            Told::Unknown => return None,
        };
        if self.operator == "Null" {
            return Some(
                self.values
                    .iter()
                    .any(|it| (it == "true") == actual.is_none()),
            );
        }
        let (operator, if_absent) = match self.operator.strip_suffix("IfExists") {
            Some(operator) => (operator, true),
            None => (self.operator.as_str(), false),
        };
        let comparison = Comparison::of(operator)?;
        let negated = comparison.is_negated();
        let Some(actual) = actual else {
            return Some(if_absent || negated);
        };
        let mut agrees = false;
        for expected in &self.values {
            agrees |= comparison.agrees(expected, &actual, question)?;
        }
        Some(agrees != negated)
    }
}

/// How an operator compares, `IfExists` aside.
#[derive(Clone, Copy, Debug)]
enum Comparison {
    Equal {
        negated: bool,
    },
    Like {
        negated: bool,
    },
    Bool,
    Number {
        orders: &'static [Ordering],
        negated: bool,
    },
}

impl Comparison {
    fn of(operator: &str) -> Option<Self> {
        use Ordering::{Equal, Greater, Less};
        let number = |orders, negated| Self::Number { orders, negated };
        Some(match operator {
            "StringEquals" => Self::Equal { negated: false },
            "StringNotEquals" => Self::Equal { negated: true },
            // AWS defines `ArnEquals` to be `ArnLike`.
            "StringLike" | "ArnLike" | "ArnEquals" => Self::Like { negated: false },
            "StringNotLike" | "ArnNotLike" | "ArnNotEquals" => Self::Like { negated: true },
            "Bool" => Self::Bool,
            "NumericEquals" => number(&[Equal], false),
            "NumericNotEquals" => number(&[Equal], true),
            "NumericLessThan" => number(&[Less], false),
            "NumericLessThanEquals" => number(&[Less, Equal], false),
            "NumericGreaterThan" => number(&[Greater], false),
            "NumericGreaterThanEquals" => number(&[Greater, Equal], false),
            _ => return None,
        })
    }

    fn is_negated(self) -> bool {
        match self {
            Self::Equal { negated } | Self::Like { negated } | Self::Number { negated, .. } => {
                negated
            }
            Self::Bool => false,
        }
    }

    /// Tells whether the value of a key agrees with one that the policy names, negation aside.
    fn agrees(self, expected: &str, actual: &str, question: &Question) -> Option<bool> {
        Some(match self {
            Self::Equal { .. } => replaced(expected, question).is_some_and(|it| it == actual),
            Self::Like { .. } => matches_with(expected, actual, question),
            Self::Bool => expected.eq_ignore_ascii_case(actual),
            Self::Number { orders, .. } => {
                let number = |text: &str| text.trim().parse::<i64>().ok();
                orders.contains(&number(actual)?.cmp(&number(expected)?))
            }
        })
    }
}

/// Reads a condition's values; AWS takes `true` for `"true"`, and `3600` for `"3600"`.
fn values_of(values: &Value) -> Option<Vec<String>> {
    match values {
        Value::Bool(value) => Some(vec![value.to_string()]),
        Value::Number(value) => Some(vec![value.to_string()]),
        Value::Array(values) => {
            let values: Option<Vec<_>> = values.iter().map(values_of).collect();
            Some(values?.concat())
        }
        Value::Null | Value::String(_) | Value::Object(_) => texts(values),
    }
}
