//! Policy variables: `${aws:username}` stands for a value of the request.

use super::{
    caller::{Request, Value},
    glob::{Glob, Token},
};
use crate::Version;

/// Whether `*` and `?` stand for other text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wildcards {
    Stand,
    AreText,
}

/// A pattern with its variables replaced.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Resolved {
    /// The pattern; a variable whose value is not known stands as any text.
    pub(super) glob: Glob,
    /// The first variable whose value is not known.
    pub(super) vague: Option<String>,
}

/// Tells whether a text has variables of which a value is to be known.
pub(super) fn has_variables(text: &str, version: Version) -> bool {
    let mut rest = text;
    while version == Version::V2012
        && let Some((_, after)) = rest.split_once("${")
    {
        match after.split_once('}') {
            Some(("*" | "?" | "$", left)) => rest = left,
            Some(_) => return true,
            None => return false,
        }
    }
    false
}

/// Replaces variables, which documents of the older version do not have.
///
/// Source: "IAM policy elements: Variables and tags" in the IAM user guide.
pub(super) fn resolve(
    text: &str,
    version: Version,
    wildcards: Wildcards,
    request: &Request<'_>,
) -> Resolved {
    let mut glob = Glob::default();
    let mut vague = None;
    let plain = |it: &str| match wildcards {
        Wildcards::Stand => Glob::new(it).0,
        Wildcards::AreText => Glob::literal(it).0,
    };
    let mut rest = text;
    while version == Version::V2012
        && let Some((before, after)) = rest.split_once("${")
        && let Some((variable, left)) = after.split_once('}')
    {
        glob.0.extend(plain(before));
        rest = left;
        if matches!(variable, "*" | "?" | "$") {
            glob.0.extend(variable.chars().map(Token::Char));
            continue;
        }
        let (name, default) = match variable.split_once(',') {
            Some((name, default)) => (name.trim(), Some(default.trim())),
            None => (variable.trim(), None),
        };
        match (request.value(name), default) {
            (Value::Known(_, known), _) => glob.0.extend(Glob::literal(&known).0),
            (Value::Absent, Some(default)) => {
                let bare = default.trim_matches('\'');
                glob.0.extend(Glob::literal(bare).0);
            }
            _ => {
                glob.0.push(Token::Any);
                vague.get_or_insert_with(|| name.to_owned());
            }
        }
    }
    glob.0.extend(plain(rest));
    Resolved { glob, vague }
}
