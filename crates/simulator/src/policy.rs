//! Policy documents: what they say about one request.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::authenticate::Mfa;
use crate::condition::Condition;
use crate::variables::matches_with;
use crate::wildcard::matches_action;

/// A policy document; by default it says nothing.
#[derive(Clone, Debug, Default)]
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
    /// The name of the principal, if it is an IAM user.
    pub(crate) user_name: Option<&'a str>,
    pub(crate) mfa: Mfa,
    /// What a simulation is told besides, by the names of keys in small letters; it outweighs all else.
    pub(crate) given: Option<&'a BTreeMap<String, String>>,
}

/// What a request says of a condition key.
#[derive(Debug)]
pub(crate) enum Told<'a> {
    Value(Cow<'a, str>),
    /// The request does not have the key.
    Absent,
    /// This simulator does not know the key.
    Unknown,
}

impl<'a> Told<'a> {
    /// Returns the value, if it is told.
    pub(crate) fn value(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Unknown => None,
        }
    }
}

impl<'a> From<Option<Cow<'a, str>>> for Told<'a> {
    fn from(value: Option<Cow<'a, str>>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

impl Question<'_> {
    /// Returns what the request says of a condition key, whose name is in small letters.
    pub(crate) fn told(&self, key: &str) -> Told<'_> {
        if let Some(given) = self.given.and_then(|it| it.get(key)) {
            return Told::Value(Cow::Borrowed(given));
        }
        let text = match key {
            "aws:principalorgid" => self.organization,
            "aws:principalarn" => Some(self.principal.as_ref()),
            // AWS sets it in sessions of `AssumeRoot` and nowhere else.
            "aws:assumedroot" => self.assumed_root.then_some("true"),
            "aws:username" => self.user_name,
            "sts:externalid" => self.external_id,
            "sts:taskpolicyarn" => self.task_policy,
            "aws:multifactorauthpresent" => match self.mfa {
                Mfa::Untold => None,
                Mfa::Absent => Some("false"),
                Mfa::Present(_) => Some("true"),
            },
            "aws:multifactorauthage" => {
                return match self.mfa {
                    Mfa::Present(age) => Told::Value(Cow::Owned(age.to_string())),
                    Mfa::Untold | Mfa::Absent => Told::Absent,
                };
            }
            // What a simulation is not told, it takes to be absent.
            _ if self.given.is_some() => None,
            _ => return Told::Unknown,
        };
        text.map(Cow::Borrowed).into()
    }
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

    /// Returns the names of the keys that the conditions ask for.
    pub(crate) fn condition_keys(&self) -> impl Iterator<Item = &str> {
        let conditions = self.statements.iter().flat_map(|it| &it.conditions);
        conditions.map(Condition::name)
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
                .hold(|pattern| matches_with(pattern, question.resource, question))
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
