//! The conditions of policy statements, as far as this simulator can judge them.

use serde_json::Value;

use crate::policy::{Question, texts};
use crate::wildcard::matches;

/// One key of a statement's `Condition`.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    operator: String,
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
                    key: key.to_ascii_lowercase(),
                    values: values_of(values)?,
                });
            }
        }
        Some(conditions)
    }

    /// Tells whether the condition holds, or nothing if this simulator cannot judge it.
    pub(crate) fn holds(&self, question: &Question) -> Option<bool> {
        let actual = match self.key.as_str() {
            "aws:principalorgid" => question.organization,
            "aws:principalarn" => Some(question.principal.as_ref()),
            // AWS sets it in sessions of `AssumeRoot` and nowhere else.
            "aws:assumedroot" => question.assumed_root.then_some("true"),
            "sts:externalid" => question.external_id,
            "sts:taskpolicyarn" => question.task_policy,
            _ => return None,
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
        let (wild, negated) = match operator {
            "StringEquals" | "Bool" => (false, false),
            "StringNotEquals" => (false, true),
            // AWS defines `ArnEquals` to be `ArnLike`.
            "StringLike" | "ArnLike" | "ArnEquals" => (true, false),
            "StringNotLike" | "ArnNotLike" | "ArnNotEquals" => (true, true),
            _ => return None,
        };
        let Some(actual) = actual else {
            return Some(if_absent || negated);
        };
        let equal = |expected: &String| {
            if wild {
                matches(expected, actual)
            } else {
                expected == actual
            }
        };
        Some(self.values.iter().any(equal) != negated)
    }
}

/// Reads a condition's values; AWS takes `true` for `"true"`.
fn values_of(values: &Value) -> Option<Vec<String>> {
    match values {
        Value::Bool(value) => Some(vec![value.to_string()]),
        Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            texts(values)
        }
    }
}
