//! A policy document as it is written.

use crate::{Pattern, Principal};

/// A policy document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Document {
    /// The version of the language.
    pub version: Version,
    /// Its identifier, which means nothing.
    pub id: Option<String>,
    /// What it says.
    pub statements: Vec<Statement>,
    /// Elements that the language does not have.
    pub unrecognized: Vec<Element>,
}

/// A version of the policy language.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Version {
    /// `2008-10-17`, which is meant where a document names none: `${…}` is plain text.
    #[default]
    V2008,
    /// `2012-10-17`: `${…}` is a policy variable.
    V2012,
}

/// A statement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Statement {
    /// Its identifier, which means nothing.
    pub sid: Option<String>,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// `Action` or `NotAction`.
    pub actions: Selection<Pattern>,
    /// `Resource` or `NotResource`; a trust policy has neither.
    pub resources: Option<Selection<Pattern>>,
    /// `Principal` or `NotPrincipal`; a policy of a user, group or role has neither.
    pub principals: Option<Selection<Principal>>,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
    /// Elements that the language does not have.
    pub unrecognized: Vec<Element>,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever else allows.
    Deny,
}

/// What a statement is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Selection<T> {
    /// These.
    Only(Vec<T>),
    /// All but these: `NotAction`, `NotResource`, `NotPrincipal`.
    AllBut(Vec<T>),
}

/// One key of one operator of a `Condition`: it holds if any of the values does.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Condition {
    /// What precedes the operator.
    pub qualifier: Qualifier,
    /// The operator, as it is written, without its qualifier and without `IfExists`: `Bool`.
    pub operator: String,
    /// What `IfExists` says.
    pub if_absent: IfAbsent,
    /// The key, as it is written: `aws:MultiFactorAuthPresent`. Case does not count.
    pub key: String,
    /// The values; booleans and numbers as text.
    pub values: Vec<String>,
}

/// How an operator treats a key with several values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Qualifier {
    /// It has one.
    Single,
    /// `ForAllValues:`, which also holds of a key that a request lacks.
    ForAllValues,
    /// `ForAnyValue:`.
    ForAnyValue,
}

/// What an operator makes of a key that a request lacks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IfAbsent {
    /// What the operator says: for most, that the condition does not hold.
    ByOperator,
    /// The condition holds: `…IfExists`.
    Holds,
}

/// An element that the language does not have.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Element {
    /// Where it stands: `Statement[0].Condtion`.
    pub place: String,
    /// Its value, as JSON.
    pub value: String,
}

impl Document {
    /// Returns the elements that the language does not have, wherever they stand.
    pub fn all_unrecognized(&self) -> impl Iterator<Item = &Element> {
        let of_statements = self.statements.iter().flat_map(|it| &it.unrecognized);
        self.unrecognized.iter().chain(of_statements)
    }
}

impl Statement {
    /// Tells whether the statement is about an action, named in full: `sts:AssumeRole`.
    pub fn is_about(&self, action: &str) -> bool {
        match &self.actions {
            Selection::Only(patterns) => patterns.iter().any(|it| it.matches_action(action)),
            Selection::AllBut(patterns) => !patterns.iter().any(|it| it.matches_action(action)),
        }
    }
}

impl Condition {
    /// Tells whether the condition has this operator, in whatever case.
    pub fn has_operator(&self, operator: &str) -> bool {
        self.operator.eq_ignore_ascii_case(operator)
    }

    /// Tells whether the condition is on this key, in whatever case.
    pub fn has_key(&self, key: &str) -> bool {
        self.key.eq_ignore_ascii_case(key)
    }
}
