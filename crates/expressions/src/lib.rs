//! What users may say of a principal or an account in an expression, and whether it is known to hold.
//!
//! An expression is of the Common Expression Language, less what could hide that a fact was not seen. It is checked
//! against the documented subject when it is read: names, types, and every way in which its computation could fail.
//! The facts it names are taken from its syntax tree, and it is computed only where all of them were seen. So no
//! operator can turn a missing fact into a verdict.

mod check;
mod expression;
mod fields;
mod given;
mod limits;
mod macros;
mod mistake;
mod needs;
mod operators;
mod read;
mod schema;
mod step;
mod types;

#[cfg(test)]
mod tests;

pub use crate::{
    expression::Expression,
    given::Given,
    mistake::Mistake,
    read::{Facts, Subject},
    schema::schema,
    step::{Step, place},
};

/// The kinds of subject that expressions speak of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SubjectKind {
    /// An IAM user, as `user`.
    IamUser,
    /// An account's root user, as `root`.
    RootUser,
    /// An account, as `account`.
    Account,
}

impl SubjectKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::IamUser, Self::RootUser, Self::Account];

    /// Returns the stable kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::IamUser => "iam-user",
            Self::RootUser => "root-user",
            Self::Account => "account",
        }
    }

    /// Returns the name that stands for the subject in expressions.
    pub const fn variable(self) -> &'static str {
        match self {
            Self::IamUser => "user",
            Self::RootUser => "root",
            Self::Account => "account",
        }
    }

    /// Returns what may be said of it.
    pub(crate) const fn object(self) -> &'static fields::Object {
        match self {
            Self::IamUser => &fields::IAM_USER,
            Self::RootUser => &fields::ROOT_USER,
            Self::Account => &fields::ACCOUNT,
        }
    }

    /// Returns the dataset that stands for the subject where a gap is of no fact.
    pub(crate) const fn dataset(self) -> model::Dataset {
        match self {
            Self::IamUser | Self::Account => model::Dataset::IamUsers,
            Self::RootUser => model::Dataset::RootCredentials,
        }
    }
}
