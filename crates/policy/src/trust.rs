//! Whom a role's trust policy lets in without MFA.

mod condition;

#[cfg(test)]
mod tests;

use self::condition::{Demand, demand, only_roles_and_services};
use crate::{Document, Effect, Principal, PrincipalKind, Selection, Statement};

/// The action that a role is assumed by. `sts:AssumeRoleWithSAML` and `sts:AssumeRoleWithWebIdentity` are for those
/// whom an identity provider vouches for.
const ASSUME_ROLE: &str = "sts:AssumeRole";

/// Whom a trust policy lets in, of those who could show MFA to AWS: IAM users, and accounts, whose users they are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Trust {
    /// None of them: the role is for services, other roles and people of identity providers.
    NotForUsers,
    /// Some, and all of them with MFA only.
    WithMfa,
    /// These without.
    WithoutMfa(Vec<Unprotected>),
    /// Nobody can tell; why, as a sentence fragment.
    Unclear(String),
}

/// A principal that is let in without MFA.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unprotected {
    /// The principal.
    pub principal: Principal,
    /// Whether something else is demanded in the place of MFA.
    pub instead: Instead,
}

/// What a statement demands besides, or in the place of, MFA.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Instead {
    /// Nothing that is known of.
    Nothing,
    /// An external id, which tells one customer of a service from another and is no second factor.
    ExternalId,
}

/// Tells whom a role's trust policy lets in without MFA.
///
/// An account's root principal stands for all its users, whatever their policies say: what those demand is up to that
/// account. Roles and their sessions are no finding: MFA does not show in a session that a role assumed. Nor are
/// services, identity providers, and principals that were deleted. A condition on who assumes (`aws:PrincipalArn`
/// of roles alone, `aws:PrincipalIsAWSService`) is heeded.
///
/// MFA is demanded by `Bool` of `aws:MultiFactorAuthPresent` or a comparison of `aws:MultiFactorAuthAge`, of an
/// allowing statement. `BoolIfExists` demands nothing there, since requests by access keys lack the key. A denying
/// statement demands it the other way round: with `BoolIfExists`, and not with `Bool`.
pub fn trust(document: &Document) -> Trust {
    if let Some(element) = document.unrecognized.first() {
        return Trust::Unclear(format!("`{}` is no element of a policy", element.place));
    }
    let mut state = State::default();
    for statement in &document.statements {
        if statement.effect == Effect::Allow && statement.is_about(ASSUME_ROLE) {
            state.allow(statement);
        }
    }
    for statement in &document.statements {
        if statement.effect == Effect::Deny && statement.is_about(ASSUME_ROLE) {
            state.deny(statement);
        }
    }
    // Who is let in for certain stays so, whoever else may be; unless a denial may shut the door.
    match (state.perhaps_shut, state.perhaps_open, state.with_mfa) {
        (Some(why), _, _) => Trust::Unclear(why),
        _ if !state.open.is_empty() => Trust::WithoutMfa(state.open),
        (None, Some(why), _) => Trust::Unclear(why),
        (None, None, Seen::Yes) => Trust::WithMfa,
        (None, None, Seen::No) => Trust::NotForUsers,
    }
}

#[derive(Clone, Copy, Default, Eq, PartialEq)]
enum Seen {
    Yes,
    #[default]
    No,
}

/// What was made out of the statements so far.
#[derive(Default)]
struct State {
    /// Who is let in without MFA.
    open: Vec<Unprotected>,
    /// Whether someone is let in with MFA.
    with_mfa: Seen,
    /// Why it may be that someone else is let in without.
    perhaps_open: Option<String>,
    /// Why it may be that nobody is let in without after all.
    perhaps_shut: Option<String>,
}

impl State {
    fn allow(&mut self, statement: &Statement) {
        if let Some(element) = statement.unrecognized.first() {
            let why = format!("`{}` is no element of a policy", element.place);
            self.perhaps_open.get_or_insert(why);
            return;
        }
        let named = match &statement.principals {
            None => {
                let why = "a statement names no principal".to_owned();
                self.perhaps_open.get_or_insert(why);
                return;
            }
            // Everyone but these is everyone, for whoever is not among them.
            Some(Selection::AllBut(_)) => vec![Principal::Everyone],
            Some(Selection::Only(named)) => named.clone(),
        };
        if only_roles_and_services(&statement.conditions) {
            return;
        }
        for principal in named {
            match principal.kind() {
                PrincipalKind::Everyone
                | PrincipalKind::Account(_)
                | PrincipalKind::IamUser { .. }
                | PrincipalKind::FederatedUser { .. } => self.let_in(principal, statement),
                PrincipalKind::Role
                | PrincipalKind::Service
                | PrincipalKind::Federated
                | PrincipalKind::Deleted => {}
                PrincipalKind::Unrecognized => {
                    let why = format!("what the principal `{principal}` is cannot be told");
                    self.perhaps_open.get_or_insert(why);
                }
            }
        }
    }

    fn let_in(&mut self, principal: Principal, statement: &Statement) {
        match demand(Effect::Allow, &statement.conditions) {
            Demand::Mfa => self.with_mfa = Seen::Yes,
            Demand::Unclear(why) => {
                self.perhaps_open.get_or_insert(why);
            }
            Demand::Nothing => {
                let external = statement
                    .conditions
                    .iter()
                    .any(|it| it.has_key("sts:ExternalId"));
                let instead = if external {
                    Instead::ExternalId
                } else {
                    Instead::Nothing
                };
                let open = Unprotected { principal, instead };
                if !self.open.contains(&open) {
                    self.open.push(open);
                }
            }
        }
    }

    /// Takes away what a denial takes away for certain. One that only some requests meet takes nothing.
    fn deny(&mut self, statement: &Statement) {
        if self.open.is_empty() {
            return;
        }
        if let Some(element) = statement.unrecognized.first() {
            let why = format!("`{}` is no element of a policy", element.place);
            self.perhaps_shut.get_or_insert(why);
            return;
        }
        let demanded = match demand(Effect::Deny, &statement.conditions) {
            Demand::Nothing if statement.conditions.is_empty() => Seen::No,
            Demand::Nothing => return,
            Demand::Mfa if statement.conditions.len() == 1 => Seen::Yes,
            Demand::Mfa => {
                let why = "a denial without MFA has further conditions".to_owned();
                self.perhaps_shut.get_or_insert(why);
                return;
            }
            Demand::Unclear(why) => {
                self.perhaps_shut.get_or_insert(why);
                return;
            }
        };
        let named = match &statement.principals {
            Some(Selection::Only(named)) => named,
            Some(Selection::AllBut(_)) | None => {
                let why = "a denial does not name the principals that it is about".to_owned();
                self.perhaps_shut.get_or_insert(why);
                return;
            }
        };
        let before = self.open.len();
        self.open
            .retain(|it| !named.iter().any(|by| is_of(by, &it.principal)));
        if demanded == Seen::Yes && self.open.len() < before {
            self.with_mfa = Seen::Yes;
        }
    }
}

/// Tells whether a denial of one principal is one of another.
fn is_of(denied: &Principal, principal: &Principal) -> bool {
    use PrincipalKind as Kind;
    match (denied.kind(), principal.kind()) {
        (Kind::Everyone, _) => true,
        (Kind::Account(denied), Kind::Account(account) | Kind::IamUser { account }) => {
            denied == account
        }
        _ => denied == principal,
    }
}
