//! What a trust policy's conditions demand of whoever assumes the role.

use crate::{
    Condition, Effect, IfAbsent, Qualifier,
    engine::{Truth, without_mfa},
};

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
        if !condition.has_key(PRESENT) && !condition.has_key(AGE) {
            continue;
        }
        match (effect, without_mfa(condition)) {
            (Effect::Allow, [Truth::Fails, Truth::Fails])
            | (Effect::Deny, [Truth::Holds, Truth::Holds]) => return Demand::Mfa,
            (_, [Truth::Hangs(on), _] | [_, Truth::Hangs(on)]) => {
                unclear.get_or_insert_with(|| format!("{on} cannot be told"));
            }
            _ => {}
        }
    }
    unclear.map_or(Demand::Nothing, Demand::Unclear)
}

fn holds_if_absent(condition: &Condition) -> bool {
    condition.if_absent == IfAbsent::Holds || condition.qualifier == Qualifier::ForAllValues
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
