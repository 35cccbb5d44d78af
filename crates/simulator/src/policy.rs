//! Policy documents: what they say about one request.

use std::borrow::Cow;

use serde_json::Value;

use crate::condition::Condition;
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
    /// The ARN of the task policy that `AssumeRoot` is asked for.
    pub(crate) task_policy: Option<&'a str>,
    /// The principal is a session of `AssumeRoot`.
    pub(crate) assumed_root: bool,
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
        let conditions = Condition::read(value)?;
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

/// Reads one text or a list of them.
pub(crate) fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(values) => values
            .iter()
            .map(|it| it.as_str().map(str::to_owned))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}
