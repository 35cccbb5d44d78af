//! The IAM policy language: reads documents as they are written, and tells what they come to.
//!
//! [`Document::parse`] reads a document without judging it: what it does not know is kept and named. On top stand two
//! analyses, each of which rather says that something is unclear than claims what a document does not say:
//! [`administration`], whether a user's policies let it do everything, and [`trust`], whom a role's trust policy lets
//! in without MFA. [`engine`] decides what policies together allow an IAM user, with and without MFA. Nothing here knows of
//! AWS's API.

mod administrator;
mod document;
pub mod engine;
mod json;
mod parse;
mod pattern;
mod percent;
mod principal;
mod trust;

pub use crate::{
    administrator::{
        ADMINISTRATOR_ACCESS, Administration, Contents, IdentityPolicy, administration,
        is_administrator_access,
    },
    document::{
        Condition, Document, Effect, Element, IfAbsent, Qualifier, Selection, Statement, Version,
    },
    parse::PolicyError,
    pattern::Pattern,
    percent::{NotUrlEncoded, url_decoded},
    principal::{Principal, PrincipalKind},
    trust::{Instead, Trust, Unprotected, trust},
};
