//! Patterns of resources.
//!
//! What is said of them errs to the safe side. That one covers another is said only where it is certain: part by part
//! of an ARN, letters in their case. That they overlap is said where it may be: over the whole text, in any case.

use super::{
    caller::Request,
    glob::{Case, Glob, Token},
    variables::{Wildcards, has_variables, resolve},
};
use crate::{Pattern, Selection, Version};

/// A pattern of resources, with its variables replaced.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Resource {
    /// As it is written.
    pub(super) text: Box<str>,
    /// The whole. Where AWS completes a short ARN, and to what, is not told of every element: it may be anything.
    whole: Glob,
    /// Whether it is `*`.
    breadth: Breadth,
    /// The six parts of an ARN.
    parts: Vec<Glob>,
    /// The variable of which nobody knows the value.
    pub(super) vague: Option<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Breadth {
    All,
    Some,
}

/// Which resources a statement is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Resources {
    /// All.
    All,
    /// These.
    Only(Vec<Resource>),
    /// All but these.
    AllBut(Vec<Resource>),
}

/// Which resources a statement is about, before anybody asks.
#[derive(Clone, Debug)]
pub(super) enum Template {
    /// The same, whoever asks.
    Fixed(Resources),
    /// As variables have it.
    Variable(Selection<Pattern>, Version),
}

impl Resource {
    pub(super) fn new(text: &str) -> Self {
        Self::of(text, Glob::new(text), None)
    }

    /// Returns a kind of resources: ARNs of six parts, of which the last alone may hold colons.
    pub(super) fn kind(text: &str) -> Self {
        let mut whole = Glob::new(text);
        let mut colons = 0;
        for token in &mut whole.0 {
            match token {
                Token::Char(':') => colons += 1,
                Token::Any if colons < 5 => *token = Token::Part,
                Token::Any | Token::Part | Token::One | Token::Char(_) => {}
            }
        }
        Self::of(text, whole, None)
    }

    fn of(text: &str, mut whole: Glob, vague: Option<String>) -> Self {
        let breadth = if whole.is_any() && vague.is_none() {
            Breadth::All
        } else {
            Breadth::Some
        };
        let mut parts: Vec<Glob> = Vec::new();
        if whole.0.starts_with(&Glob::literal("arn:").0) {
            let split = whole.0.splitn(6, |it| *it == Token::Char(':'));
            parts = split.map(|it| Glob(it.to_vec())).collect();
            if parts.len() < 6 {
                if whole.0.last() == Some(&Token::Any) {
                    parts.resize(6, Glob(vec![Token::Any]));
                } else {
                    parts.clear();
                }
                whole = Glob(vec![Token::Any]);
            }
        }
        let text = text.into();
        Self {
            text,
            whole,
            breadth,
            parts,
            vague,
        }
    }

    /// Tells whether it is every resource.
    pub(super) const fn is_all(&self) -> bool {
        matches!(self.breadth, Breadth::All)
    }

    /// Tells whether every resource of another pattern is one of this, for certain.
    pub(super) fn covers(&self, other: &Self) -> bool {
        if self.vague.is_some() {
            return false;
        }
        let parts = || self.parts.iter().zip(&other.parts);
        self.is_all()
            || !self.parts.is_empty()
                && self.parts.len() == other.parts.len()
                && parts().all(|(one, other)| one.covers(other, Case::Counts))
    }

    /// Tells whether a resource may be of both patterns.
    pub(super) fn may_meet(&self, other: &Self) -> bool {
        if self.whole.is_any() || other.whole.is_any() {
            return true;
        }
        // As long as no star can reach into another part, the parts stand beside each other.
        for (one, other) in self.parts.iter().zip(&other.parts) {
            if one.has_star() || other.has_star() {
                break;
            }
            if !one.overlaps(other, Case::Ignored) {
                return false;
            }
        }
        self.whole.overlaps(&other.whole, Case::Ignored)
    }

    /// Tells whether there are resources of both patterns, for certain.
    pub(super) fn meets(&self, other: &Self) -> bool {
        if self.vague.is_some() || other.vague.is_some() {
            return false;
        }
        let parts = || self.parts.iter().zip(&other.parts);
        self.is_all()
            || other.is_all()
            || !self.parts.is_empty()
                && self.parts.len() == other.parts.len()
                && parts().all(|(one, other)| one.overlaps(other, Case::Counts))
    }

    /// Returns a resource of both patterns.
    pub(super) fn common(&self, other: &Self) -> Option<String> {
        if self.is_all() || other.is_all() {
            return self.whole.common(&other.whole);
        }
        let parts = self.parts.iter().zip(&other.parts);
        let common: Option<Vec<_>> = parts.map(|(one, other)| one.common(other)).collect();
        common.map(|it| it.join(":"))
    }
}

impl Resources {
    /// Returns the first variable of which nobody knows the value.
    pub(super) fn vague(&self) -> Option<&str> {
        let (Self::Only(these) | Self::AllBut(these)) = self else {
            return None;
        };
        these.iter().find_map(|it| it.vague.as_deref())
    }
}

impl Template {
    pub(super) fn new(selection: &Selection<Pattern>, version: Version) -> Self {
        let (Selection::Only(patterns) | Selection::AllBut(patterns)) = selection;
        if patterns
            .iter()
            .any(|it| has_variables(it.as_str(), version))
        {
            return Self::Variable(selection.clone(), version);
        }
        // Nothing in it hangs on the request.
        let nobody = Request {
            mfa: super::MfaContext::Absent,
            caller: None,
        };
        Self::Fixed(resources(selection, version, &nobody))
    }

    pub(super) fn all() -> Self {
        Self::Fixed(Resources::All)
    }

    pub(super) const fn depends_on_caller(&self) -> bool {
        matches!(self, Self::Variable(..))
    }
}

/// Replaces the variables of a statement's resources.
pub(super) fn resources(
    selection: &Selection<Pattern>,
    version: Version,
    request: &Request<'_>,
) -> Resources {
    let all = |patterns: &[Pattern]| -> Vec<Resource> {
        let one = |it: &Pattern| {
            let resolved = resolve(it.as_str(), version, Wildcards::Stand, request);
            Resource::of(it.as_str(), resolved.glob, resolved.vague)
        };
        patterns.iter().map(one).collect()
    };
    match selection {
        Selection::Only(patterns) => {
            let these = all(patterns);
            if these.iter().any(Resource::is_all) {
                Resources::All
            } else {
                Resources::Only(these)
            }
        }
        Selection::AllBut(patterns) if patterns.is_empty() => Resources::All,
        Selection::AllBut(patterns) => Resources::AllBut(all(patterns)),
    }
}
