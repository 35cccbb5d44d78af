//! How much a statement is about, its conditions aside.

use crate::{Pattern, Selection, Statement};

/// How much a statement is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reach {
    /// Every action on every resource.
    Everything,
    /// So much that it cannot be told from everything with certainty.
    NearlyEverything,
    /// Less.
    Less,
}

/// Returns how much a statement is about.
pub(super) fn reach(statement: &Statement) -> Reach {
    match (actions(&statement.actions), resources(statement)) {
        (Reach::Less, _) | (_, Reach::Less) => Reach::Less,
        (Reach::Everything, Reach::Everything) => Reach::Everything,
        _ => Reach::NearlyEverything,
    }
}

/// Tells whether a statement is about every resource.
pub(super) fn is_on_every_resource(statement: &Statement) -> bool {
    resources(statement) == Reach::Everything
}

fn actions(selection: &Selection<Pattern>) -> Reach {
    let every = [Pattern::new("*"), Pattern::new("*:*")];
    let is_every =
        |it: &Pattern| it.covers_actions_of(&every[0]) || it.covers_actions_of(&every[1]);
    match selection {
        Selection::Only(patterns) if patterns.iter().any(is_every) => Reach::Everything,
        Selection::Only(patterns) if patterns.iter().any(is_nearly_every_action) => {
            Reach::NearlyEverything
        }
        Selection::Only(_) => Reach::Less,
        Selection::AllBut(patterns) if patterns.is_empty() => Reach::Everything,
        Selection::AllBut(patterns) => {
            let iam = Pattern::new("iam:*");
            if patterns.iter().any(|it| it.covers_actions_of(&iam)) {
                Reach::Less
            } else {
                Reach::NearlyEverything
            }
        }
    }
}

/// Tells whether a pattern is made of wildcards alone: `?*`, `*:?*`.
fn is_nearly_every_action(pattern: &Pattern) -> bool {
    let text = pattern.as_str();
    let (service, name) = text.split_once(':').unwrap_or((text, "*"));
    let open = |it: &str| !it.is_empty() && it.chars().all(|it| matches!(it, '*' | '?'));
    open(service) && open(name)
}

fn resources(statement: &Statement) -> Reach {
    match &statement.resources {
        Some(Selection::Only(patterns)) if patterns.iter().any(Pattern::matches_all) => {
            Reach::Everything
        }
        Some(Selection::Only(patterns)) if patterns.iter().any(is_nearly_every_resource) => {
            Reach::NearlyEverything
        }
        Some(Selection::Only(_)) => Reach::Less,
        Some(Selection::AllBut(patterns)) if patterns.is_empty() => Reach::Everything,
        Some(Selection::AllBut(patterns)) if patterns.iter().any(Pattern::matches_all) => {
            Reach::Less
        }
        // A statement of a user's policy has resources; without, it is not known what it comes to.
        Some(Selection::AllBut(_)) | None => Reach::NearlyEverything,
    }
}

/// Tells whether a pattern names neither a service nor a resource: `arn:*`, `arn:aws:*:*:111122223333:*`.
fn is_nearly_every_resource(pattern: &Pattern) -> bool {
    let mut parts = pattern.as_str().splitn(6, ':');
    let is_open = |it: &str| !it.is_empty() && it.chars().all(|it| matches!(it, '*' | '?'));
    let Some(first) = parts.next() else {
        return false;
    };
    if first != "arn" {
        return is_open(first) && parts.all(is_open);
    }
    // The partition, the service, the Region, the account, the resource: as many as are named.
    let parts: Vec<_> = parts.collect();
    let Some(last) = parts.last() else {
        return false;
    };
    let service_is_open = parts.get(1).is_none_or(|it| is_open(it));
    service_is_open && last.ends_with('*') && (parts.len() < 5 || is_open(last))
}
