//! Policy documents: what they say about one request.

use std::borrow::Cow;

use serde_json::Value;

use crate::wildcard::{matches, matches_action};

/// A policy document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    statements: Vec<Statement>,
}

/// What a document says about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opinion {
    Allow,
    Deny,
    Silence,
}

/// What a document is asked about.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    pub(crate) action: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) principal: Cow<'a, str>,
    pub(crate) organization: Option<&'a str>,
    pub(crate) external_id: Option<&'a str>,
}

impl Document {
    /// Reads a document from JSON, or tells what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|it| it.to_string())?;
        let statements = match value.get("Statement") {
            Some(Value::Array(statements)) => statements
                .iter()
                .map(Statement::read)
                .collect::<Option<_>>(),
            Some(statement) => Statement::read(statement).map(|it| vec![it]),
            None => None,
        };
        let statements =
            statements.ok_or("a statement lacks its effect, its action or its resource")?;
        Ok(Self { statements })
    }

    /// Tells what the document says; a denial outweighs all else.
    pub(crate) fn opinion(&self, question: &Question) -> Opinion {
        let said = |effect| {
            self.statements
                .iter()
                .any(|it| it.effect == effect && it.applies(question))
        };
        if said(Opinion::Deny) {
            Opinion::Deny
        } else if said(Opinion::Allow) {
            Opinion::Allow
        } else {
            Opinion::Silence
        }
    }
}

#[derive(Clone, Debug)]
struct Statement {
    effect: Opinion,
    actions: Patterns,
    resources: Patterns,
    conditions: Vec<Condition>,
}

impl Statement {
    fn read(value: &Value) -> Option<Self> {
        let effect = match value.get("Effect")?.as_str()? {
            "Allow" => Opinion::Allow,
            "Deny" => Opinion::Deny,
            _ => return None,
        };
        let actions = Patterns::read(value, "Action", "NotAction")?;
        let resources = Patterns::read(value, "Resource", "NotResource")?;
        let mut conditions = Vec::new();
        if let Some(condition) = value.get("Condition") {
            for (operator, keys) in condition.as_object()? {
                for (key, values) in keys.as_object()? {
                    conditions.push(Condition {
                        operator: operator.clone(),
                        key: key.clone(),
                        values: texts(values)?,
                    });
                }
            }
        }
        Some(Self {
            effect,
            actions,
            resources,
            conditions,
        })
    }

    fn applies(&self, question: &Question) -> bool {
        self.actions
            .hold(|pattern| matches_action(pattern, question.action))
            && self
                .resources
                .hold(|pattern| matches(pattern, question.resource))
            && self.conditions.iter().all(|it| {
                // What cannot be judged must not open a door, nor may it leave one open.
                it.holds(question).unwrap_or(self.effect == Opinion::Deny)
            })
    }
}

#[derive(Clone, Debug)]
struct Patterns {
    negated: bool,
    patterns: Vec<String>,
}

impl Patterns {
    fn read(value: &Value, positive: &str, negative: &str) -> Option<Self> {
        match (value.get(positive), value.get(negative)) {
            (Some(patterns), None) => Some(Self {
                negated: false,
                patterns: texts(patterns)?,
            }),
            (None, Some(patterns)) => Some(Self {
                negated: true,
                patterns: texts(patterns)?,
            }),
            _ => None,
        }
    }

    fn hold(&self, matches: impl Fn(&str) -> bool) -> bool {
        self.patterns.iter().any(|it| matches(it)) != self.negated
    }
}

#[derive(Clone, Debug)]
struct Condition {
    operator: String,
    key: String,
    values: Vec<String>,
}

impl Condition {
    /// Tells whether the condition holds, or nothing if this simulator cannot judge it.
    fn holds(&self, question: &Question) -> Option<bool> {
        let actual = match self.key.to_ascii_lowercase().as_str() {
            "aws:principalorgid" => question.organization,
            "sts:externalid" => question.external_id,
            "aws:principalarn" => Some(question.principal.as_ref()),
            _ => return None,
        };
        let wild = match self.operator.as_str() {
            "StringEquals" => false,
            "StringLike" | "ArnLike" | "ArnEquals" => true,
            _ => return None,
        };
        let equal = |expected: &String, actual: &str| {
            if wild {
                matches(expected, actual)
            } else {
                expected == actual
            }
        };
        Some(actual.is_some_and(|actual| self.values.iter().any(|it| equal(it, actual))))
    }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(values) => values
            .iter()
            .map(|it| it.as_str().map(str::to_owned))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}
