//! Whether a user's policies let it do everything in its account.

mod reach;

#[cfg(test)]
mod tests;

use self::reach::{Reach, reach};
use crate::{Document, Effect, Pattern, Selection, Statement};

/// AWS's own policy for administrators, without the partition: `arn:aws:iam::aws:policy/AdministratorAccess`.
pub const ADMINISTRATOR_ACCESS: &str = "policy/AdministratorAccess";

/// A policy that applies to a user.
#[derive(Clone, Debug)]
pub struct IdentityPolicy<'a> {
    /// What it is, as a phrase that fits behind "by": `the policy AdministratorAccess of the group ops`.
    pub what: String,
    /// What it says.
    pub contents: Contents<'a>,
}

/// What a policy says, as far as it is known.
#[derive(Clone, Debug)]
pub enum Contents<'a> {
    /// This.
    Document(&'a Document),
    /// What AWS's `AdministratorAccess` does, whose document is not at hand and does not change.
    AdministratorAccess,
    /// Nobody can tell; why, as a sentence fragment.
    Unread(String),
}

/// Whether a user may do everything in its account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Administration {
    /// It may; by what.
    Yes(String),
    /// It may not.
    No,
    /// Nobody can tell; why, as a sentence fragment.
    Unclear(String),
}

/// Tells whether an ARN is that of AWS's own `AdministratorAccess`, in whatever partition.
pub fn is_administrator_access(arn: &str) -> bool {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    matches!(parts.as_slice(), ["arn", _, "iam", "", "aws", it] if *it == ADMINISTRATOR_ACCESS)
}

/// Tells whether policies give everything, and a permissions boundary, where there is one, leaves it.
///
/// Everything is every action on every resource, without a condition. It may be put together: all but some actions
/// here, those there. Powers that only lead to everything (all of IAM) are not it; nor is all but IAM, as in AWS's
/// own `PowerUserAccess`. It is taken away by a statement that denies everything without a condition, and by nothing
/// less: who may do everything but some things is an administrator still.
pub fn administration(
    policies: &[IdentityPolicy<'_>],
    boundary: Option<&IdentityPolicy<'_>>,
) -> Administration {
    let granted = given(policies);
    let Some(boundary) = boundary else {
        return granted;
    };
    match (granted, given(std::slice::from_ref(boundary))) {
        (Administration::No, _) | (_, Administration::No) => Administration::No,
        (Administration::Unclear(why), _) | (_, Administration::Unclear(why)) => {
            Administration::Unclear(why)
        }
        (granted, Administration::Yes(_)) => granted,
    }
}

/// What was made out of one user's policies so far.
#[derive(Default)]
struct Tally<'a> {
    /// The first policy that gives everything.
    everything: Option<String>,
    /// Why it may be that everything is given.
    perhaps: Option<String>,
    /// Why it may be that everything is taken away.
    perhaps_denied: Option<String>,
    /// Actions that are given on every resource without a condition.
    actions: Vec<&'a Pattern>,
    /// Policies that give all actions but these on every resource without a condition.
    all_but: Vec<(String, &'a [Pattern])>,
}

fn given(policies: &[IdentityPolicy<'_>]) -> Administration {
    let mut tally = Tally::default();
    for policy in policies {
        match &policy.contents {
            Contents::AdministratorAccess => {
                tally.everything.get_or_insert_with(|| policy.what.clone());
            }
            Contents::Unread(why) => {
                let why = format!("{} cannot be read: {why}", policy.what);
                tally.perhaps_denied.get_or_insert_with(|| why.clone());
                tally.perhaps.get_or_insert(why);
            }
            Contents::Document(document) => {
                for statement in &document.statements {
                    let reach = reach(statement);
                    match statement.effect {
                        Effect::Deny if denies_all(statement, reach) => return Administration::No,
                        Effect::Deny => tally.denied(policy, statement, reach),
                        Effect::Allow => tally.allowed(policy, statement, reach),
                    }
                }
            }
        }
    }
    tally.outcome()
}

fn denies_all(statement: &Statement, reach: Reach) -> bool {
    reach == Reach::Everything
        && statement.conditions.is_empty()
        && statement.unrecognized.is_empty()
}

impl<'a> Tally<'a> {
    /// A denial under a condition leaves an administrator what it is; one of nearly everything may not.
    fn denied(&mut self, policy: &IdentityPolicy<'_>, statement: &Statement, reach: Reach) {
        let nearly = reach == Reach::NearlyEverything && statement.conditions.is_empty();
        if nearly || reach != Reach::Less && !statement.unrecognized.is_empty() {
            let why = format!("{} denies nearly everything", policy.what);
            self.perhaps_denied.get_or_insert(why);
        }
    }

    fn allowed(&mut self, policy: &IdentityPolicy<'_>, statement: &'a Statement, reach: Reach) {
        if !statement.unrecognized.is_empty() {
            if reach != Reach::Less {
                let why = format!(
                    "{} allows everything with an element that is not known",
                    policy.what
                );
                self.perhaps.get_or_insert(why);
            }
            return;
        }
        if !statement.conditions.is_empty() {
            if reach != Reach::Less {
                let why = format!("{} allows everything under a condition", policy.what);
                self.perhaps.get_or_insert(why);
            }
            return;
        }
        match reach {
            Reach::Everything => {
                self.everything.get_or_insert_with(|| policy.what.clone());
            }
            Reach::NearlyEverything => {
                let why = format!("{} allows nearly everything", policy.what);
                self.perhaps.get_or_insert(why);
            }
            Reach::Less => {}
        }
        if reach::is_on_every_resource(statement) {
            match &statement.actions {
                Selection::Only(patterns) => self.actions.extend(patterns),
                Selection::AllBut(patterns) => {
                    self.all_but.push((policy.what.clone(), patterns));
                }
            }
        }
    }

    fn outcome(self) -> Administration {
        let is_given = |it: &Pattern| self.actions.iter().any(|by| by.covers_actions_of(it));
        let together = || {
            let whole = self
                .all_but
                .iter()
                .find(|(_, all)| all.iter().all(&is_given));
            whole.map(|(what, _)| format!("{what} together with other policies"))
        };
        let everything = self.everything.clone().or_else(together);
        match (everything, self.perhaps_denied, self.perhaps) {
            (Some(how), None, _) => Administration::Yes(how),
            (Some(_), Some(why), _) | (None, _, Some(why)) => Administration::Unclear(why),
            (None, _, None) => Administration::No,
        }
    }
}
