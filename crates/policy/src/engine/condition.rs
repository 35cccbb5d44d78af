//! Whether a condition holds, as far as the request is known.

mod operator;

use self::operator::{Family, Operator, Sense};
use super::{
    caller::{Kind, Request, Value},
    glob::{Case, Glob, Token},
    hang::Hang,
    mfa::MfaContext,
    variables::{Wildcards, resolve},
};
use crate::{Condition, IfAbsent, Qualifier, Version};

/// Whether something holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Truth {
    /// It does, whatever is not known.
    Holds,
    /// It does not.
    Fails,
    /// It hangs on this.
    Hangs(Hang),
}

impl Truth {
    const fn of(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }

    fn not(self) -> Self {
        match self {
            Self::Holds => Self::Fails,
            Self::Fails => Self::Holds,
            Self::Hangs(on) => Self::Hangs(on),
        }
    }

    /// Tells whether it holds or may.
    pub(super) const fn may_hold(&self) -> bool {
        !matches!(self, Self::Fails)
    }
}

/// Tells whether a condition holds of anybody's request with an access key, and in a session without MFA.
pub(crate) fn without_mfa(condition: &Condition) -> [Truth; 2] {
    [MfaContext::Absent, MfaContext::False].map(|mfa| {
        let request = Request { mfa, caller: None };
        holds(condition, Version::V2012, &request)
    })
}

/// Tells whether all conditions of a statement hold.
pub(super) fn all_hold(conditions: &[Condition], version: Version, request: &Request<'_>) -> Truth {
    let mut hangs = None;
    for condition in conditions {
        match holds(condition, version, request) {
            Truth::Fails => return Truth::Fails,
            Truth::Hangs(on) => {
                hangs.get_or_insert(on);
            }
            // A variable without a value may make the whole statement void.
            Truth::Holds => {
                let resolved = |it: &String| resolve(it, version, Wildcards::AreText, request);
                let vague = condition.values.iter().find_map(|it| resolved(it).vague);
                hangs = hangs.or(vague.map(Hang::Variable));
            }
        }
    }
    hangs.map_or(Truth::Holds, Truth::Hangs)
}

/// Tells whether the language has a condition's operator.
pub(super) fn is_known(condition: &Condition) -> bool {
    Operator::named(&condition.operator).is_some()
}

/// Source: "IAM JSON policy elements: Condition operators", and "Multivalued context keys", in the IAM user guide.
fn holds(condition: &Condition, version: Version, request: &Request<'_>) -> Truth {
    let unclear = || {
        Truth::Hangs(Hang::Operator {
            operator: condition.operator.clone(),
            key: condition.key.clone(),
        })
    };
    let Some(operator) = Operator::named(&condition.operator) else {
        return unclear();
    };
    if condition.values.is_empty() {
        return unclear();
    }
    let value = request.value(&condition.key);
    if operator.family == Family::Null {
        if condition.if_absent == IfAbsent::Holds || condition.qualifier != Qualifier::Single {
            return unclear();
        }
        return null(condition, &value).unwrap_or_else(unclear);
    }
    match value {
        Value::Absent => by_absence(condition, operator),
        Value::Known(kind, value) => {
            let value = Glob::literal(&value);
            known(condition, operator, kind, &value, version, request).unwrap_or_else(unclear)
        }
        Value::Like(kind, pattern) => {
            let value = Glob::new(pattern);
            known(condition, operator, kind, &value, version, request).unwrap_or_else(unclear)
        }
        Value::Listed(value) if condition.qualifier != Qualifier::Single => {
            let value = Glob::literal(&value);
            known(condition, operator, Kind::Text, &value, version, request).unwrap_or_else(unclear)
        }
        Value::Listed(_) => unclear(),
        Value::Present => present(condition, operator),
        Value::Unknown => match (
            by_absence(condition, operator),
            present(condition, operator),
        ) {
            (Truth::Holds, Truth::Holds) => Truth::Holds,
            (Truth::Fails, Truth::Fails) => Truth::Fails,
            _ => Truth::Hangs(Hang::Key(condition.key.clone())),
        },
    }
}

/// `Null` asks whether the key is missing.
fn null(condition: &Condition, value: &Value) -> Option<Truth> {
    let asks = |what: &str| {
        let mut values = condition.values.iter();
        values.any(|it| it.eq_ignore_ascii_case(what))
    };
    let (missing, there) = (asks("true"), asks("false"));
    let known = |it: &String| it.eq_ignore_ascii_case("true") || it.eq_ignore_ascii_case("false");
    if !condition.values.iter().all(known) {
        return None;
    }
    Some(match value {
        Value::Absent => Truth::of(missing),
        Value::Known(..) | Value::Like(..) | Value::Listed(_) | Value::Present => Truth::of(there),
        Value::Unknown if missing && there => Truth::Holds,
        Value::Unknown => Truth::Hangs(Hang::Key(condition.key.clone())),
    })
}

fn by_absence(condition: &Condition, operator: Operator) -> Truth {
    if condition.if_absent == IfAbsent::Holds {
        return Truth::Holds;
    }
    match condition.qualifier {
        Qualifier::ForAllValues => Truth::Holds,
        Qualifier::ForAnyValue => Truth::Fails,
        Qualifier::Single => Truth::of(operator.sense == Sense::Negative),
    }
}

/// A key that is there, with a value that nobody knows.
fn present(condition: &Condition, operator: Operator) -> Truth {
    let like = matches!(
        operator.family,
        Family::Text {
            wildcards: Wildcards::Stand,
            ..
        }
    );
    if like && condition.values.iter().any(|it| Glob::new(it).is_any()) {
        return Truth::of(operator.sense == Sense::Positive);
    }
    Truth::Hangs(Hang::Key(condition.key.clone()))
}

fn known(
    condition: &Condition,
    operator: Operator,
    kind: Kind,
    value: &Glob,
    version: Version,
    request: &Request<'_>,
) -> Option<Truth> {
    let suits = match operator.family {
        Family::Text { .. } => kind != Kind::Switch,
        Family::Arn => kind == Kind::Arn,
        Family::Switch => kind == Kind::Switch,
        Family::Null | Family::Other => false,
    };
    if !suits {
        return None;
    }
    let mut hangs = None;
    let mut matched = Truth::Fails;
    for pattern in &condition.values {
        let wildcards = match operator.family {
            Family::Text { wildcards, .. } => wildcards,
            Family::Arn => Wildcards::Stand,
            Family::Switch | Family::Null | Family::Other => Wildcards::AreText,
        };
        let pattern = resolve(pattern, version, wildcards, request);
        if !may_match(&pattern.glob, operator.family, value) {
            continue;
        }
        if let Some(name) = pattern.vague {
            hangs.get_or_insert(Hang::Variable(name));
        } else if matches(&pattern.glob, operator.family, value) {
            matched = Truth::Holds;
            break;
        } else {
            hangs.get_or_insert(Hang::Key(condition.key.clone()));
        }
    }
    if let (Truth::Fails, Some(on)) = (&matched, hangs) {
        matched = Truth::Hangs(on);
    }
    Some(match operator.sense {
        Sense::Positive => matched,
        Sense::Negative => matched.not(),
    })
}

fn case_of(family: Family) -> Case {
    match family {
        Family::Text { case, .. } => case,
        Family::Switch => Case::Ignored,
        Family::Arn | Family::Null | Family::Other => Case::Counts,
    }
}

/// Tells whether a pattern matches a value, whatever that is.
fn matches(pattern: &Glob, family: Family, value: &Glob) -> bool {
    by_parts(pattern, family, value, |one, other| {
        one.covers(other, case_of(family))
    })
}

/// Tells whether a pattern may match a value.
fn may_match(pattern: &Glob, family: Family, value: &Glob) -> bool {
    by_parts(pattern, family, value, |one, other| {
        one.overlaps(other, case_of(family))
    })
}

/// Each of an ARN's six parts is matched by itself.
fn by_parts(
    pattern: &Glob,
    family: Family,
    value: &Glob,
    matches: impl Fn(&Glob, &Glob) -> bool,
) -> bool {
    if family != Family::Arn {
        return matches(pattern, value);
    }
    let parts = |it: &Glob| -> Vec<Glob> {
        let parts = it.0.splitn(6, |it| *it == Token::Char(':'));
        parts.map(|it| Glob(it.to_vec())).collect()
    };
    let (patterns, values) = (parts(pattern), parts(value));
    let mut pairs = patterns.iter().zip(&values);
    patterns.len() == 6 && values.len() == 6 && pairs.all(|(one, other)| matches(one, other))
}
