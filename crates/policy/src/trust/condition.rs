//! What a trust policy's conditions demand of whoever assumes the role.

use crate::{Condition, Effect, IfAbsent, Qualifier};

const PRESENT: &str = "aws:MultiFactorAuthPresent";
const AGE: &str = "aws:MultiFactorAuthAge";

/// What conditions demand.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Demand {
    /// MFA.
    Mfa,
    /// Not MFA.
    Nothing,
    /// Nobody can tell; why, as a sentence fragment.
    Unclear(String),
}

/// Returns what the conditions of a statement demand: all of an allowing one must hold, so that one suffices.
pub(super) fn demand(effect: Effect, conditions: &[Condition]) -> Demand {
    let mut unclear = None;
    for condition in conditions {
        let by_key = if condition.has_key(PRESENT) {
            of_presence(effect, condition)
        } else if condition.has_key(AGE) {
            of_age(effect, condition)
        } else {
            Demand::Nothing
        };
        match by_key {
            Demand::Mfa => return Demand::Mfa,
            Demand::Unclear(why) => unclear = unclear.or(Some(why)),
            Demand::Nothing => {}
        }
    }
    unclear.map_or(Demand::Nothing, Demand::Unclear)
}

/// The key is true of a session with MFA, false of one without, and missing where no session is: with access keys.
///
/// Source: "AWS global condition context keys" in the IAM user guide.
fn of_presence(effect: Effect, condition: &Condition) -> Demand {
    let all = |value: &str| {
        !condition.values.is_empty()
            && condition
                .values
                .iter()
                .all(|it| it.eq_ignore_ascii_case(value))
    };
    if condition.has_operator("Null") {
        // A denial where it is missing leaves sessions without MFA; a demand that it be there lets them in.
        return Demand::Nothing;
    }
    if !condition.has_operator("Bool") {
        return unclear(condition);
    }
    match effect {
        Effect::Allow if all("true") && !holds_if_absent(condition) => Demand::Mfa,
        Effect::Deny if all("false") && holds_if_absent(condition) => Demand::Mfa,
        Effect::Allow | Effect::Deny => Demand::Nothing,
    }
}

/// The key is there only where MFA was used: how many seconds ago.
fn of_age(effect: Effect, condition: &Condition) -> Demand {
    let all = |value: &str| condition.values.iter().all(|it| it == value);
    if condition.has_operator("Null") && !condition.values.is_empty() {
        // `Null: true` holds where the key is missing.
        return match effect {
            Effect::Allow if all("false") => Demand::Mfa,
            Effect::Deny if condition.values.iter().any(|it| it == "true") => Demand::Mfa,
            Effect::Allow | Effect::Deny => Demand::Nothing,
        };
    }
    let compares = [
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
        "NumericEquals",
    ];
    if !compares.into_iter().any(|it| condition.has_operator(it)) {
        return unclear(condition);
    }
    match (effect, holds_if_absent(condition)) {
        (Effect::Allow, false) | (Effect::Deny, true) => Demand::Mfa,
        (Effect::Allow, true) | (Effect::Deny, false) => Demand::Nothing,
    }
}

fn holds_if_absent(condition: &Condition) -> bool {
    condition.if_absent == IfAbsent::Holds || condition.qualifier == Qualifier::ForAllValues
}

fn unclear(condition: &Condition) -> Demand {
    let (operator, key) = (&condition.operator, &condition.key);
    Demand::Unclear(format!("what `{operator}` makes of `{key}` cannot be told"))
}

/// Tells whether conditions let in roles, their sessions and services alone, whoever is named.
pub(super) fn only_roles_and_services(conditions: &[Condition]) -> bool {
    conditions.iter().any(|condition| {
        let operators = [
            "StringEquals",
            "StringEqualsIgnoreCase",
            "StringLike",
            "ArnEquals",
            "ArnLike",
        ];
        let each = |holds: fn(&str) -> bool| {
            !condition.values.is_empty() && condition.values.iter().all(|it| holds(it))
        };
        if holds_if_absent(condition) {
            return false;
        }
        if condition.has_operator("Bool") && condition.has_key("aws:PrincipalIsAWSService") {
            return each(|it| it.eq_ignore_ascii_case("true"));
        }
        if !operators.into_iter().any(|it| condition.has_operator(it)) {
            return false;
        }
        if condition.has_key("aws:PrincipalArn") {
            return each(is_role);
        }
        if condition.has_key("aws:PrincipalType") {
            return each(|it| it == "AssumedRole");
        }
        // The unique identifier of a role, before the name of its session.
        condition.has_key("aws:userid") && each(|it| it.starts_with("AROA"))
    })
}

/// Tells whether a pattern of ARNs is of roles alone. What stands before their kind may be open.
fn is_role(pattern: &str) -> bool {
    let parts: Vec<_> = pattern.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", _, _, _, _, resource] => {
            resource.starts_with("role/") || resource.starts_with("assumed-role/")
        }
        _ => false,
    }
}
