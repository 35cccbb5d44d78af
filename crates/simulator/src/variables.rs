//! Variables in policies, such as `${aws:username}`: what they stand for is no pattern, whatever it looks like.

use std::borrow::Cow;

use crate::policy::Question;
use crate::wildcard::{Sign, matches, matches_signs};

/// A part of a text with variables.
enum Part<'a> {
    /// As the policy has it.
    Written(&'a str),
    /// What a variable stands for.
    Value(Cow<'a, str>),
}

/// Tells whether a text matches a pattern in which variables may stand. One without a value matches nothing.
pub(crate) fn matches_with(pattern: &str, text: &str, question: &Question) -> bool {
    if !pattern.contains("${") {
        return matches(pattern, text);
    }
    let Some(parts) = parts(pattern, question) else {
        return false;
    };
    let mut signs = Vec::new();
    for part in &parts {
        match part {
            Part::Written(text) => signs.extend(text.chars().map(Sign::of)),
            Part::Value(text) => signs.extend(text.chars().map(Sign::Just)),
        }
    }
    matches_signs(signs.iter().copied(), text)
}

/// Returns a text with its variables replaced, or nothing if one of them has no value.
pub(crate) fn replaced<'a>(text: &'a str, question: &'a Question) -> Option<Cow<'a, str>> {
    if !text.contains("${") {
        return Some(Cow::Borrowed(text));
    }
    let parts = parts(text, question)?;
    let texts = parts.iter().map(|part| match part {
        Part::Written(text) => *text,
        Part::Value(text) => text.as_ref(),
    });
    Some(Cow::Owned(texts.collect()))
}

fn parts<'a>(text: &'a str, question: &'a Question) -> Option<Vec<Part<'a>>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((variable, after)) = after.split_once('}') else {
            break;
        };
        parts.push(Part::Written(before));
        parts.push(Part::Value(value(variable, question)?));
        rest = after;
    }
    parts.push(Part::Written(rest));
    Some(parts)
}

fn value<'a>(variable: &'a str, question: &'a Question) -> Option<Cow<'a, str>> {
    if let "*" | "?" | "$" = variable {
        return Some(Cow::Borrowed(variable));
    }
    let (key, usual) = match variable.split_once(',') {
        Some((key, usual)) => (key, usual.trim().strip_prefix('\'')),
        None => (variable, None),
    };
    let usual = usual.and_then(|it| it.strip_suffix('\''));
    let told = question.told(&key.trim().to_ascii_lowercase());
    told.value().or(usual.map(Cow::Borrowed))
}
