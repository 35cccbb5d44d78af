//! Whether a user can do nothing without MFA but enrol a device.

use std::sync::{Arc, PoisonError};

use super::{
    actions::ActionSet,
    bypass::{self, Bypass, Leak},
    caller::{Caller, Request},
    decision::{Decision, Ruling},
    hang::Hang,
    mfa::{Credential, MfaContext, Way, ways},
    origin::Cite,
    policy_set::PolicySet,
    rough::rough,
    self_service::SelfService,
};
use crate::Effect;

/// Whether a user can do nothing without MFA but enrol a device.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Enforcement {
    /// It has no credential that acts without MFA.
    NoCredentials,
    /// It can do nothing else.
    Enforced {
        /// The statements that deny it; none, where nothing else is allowed at all.
        by: Vec<Cite>,
    },
    /// It can.
    NotEnforced {
        /// How.
        context: MfaContext,
        /// Some of what it can do: all that is certain without regard to resources, or else all that is certain.
        actions: ActionSet,
        /// By this.
        allowed_by: Option<Cite>,
        /// Why it is not denied.
        because: Missing,
    },
    /// Nobody can tell.
    Unclear {
        /// How it may be able to.
        context: MfaContext,
        /// What it may be able to do.
        actions: ActionSet,
        /// An action of these, and what it hangs on.
        example: String,
        /// What it hangs on.
        hangs_on: Hang,
        /// In this.
        by: Option<Cite>,
    },
}

/// Why something is not denied without MFA.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Missing {
    /// No statement asks for MFA.
    NoStatement,
    /// These do, and leak.
    Leaks(Vec<Leak>),
    /// Statements ask for MFA, of other actions.
    OtherActions(Vec<Cite>),
}

/// What was decided for users of whom nothing is known but their policies.
#[derive(Debug)]
pub(super) struct Memo {
    ways: Vec<Way>,
    self_service: SelfService,
    outcome: Arc<Enforcement>,
}

impl PolicySet {
    /// Tells whether a user with these credentials can do nothing without MFA but what is for self service.
    ///
    /// What was decided for one user is remembered for others of the same policies, unless it hangs on who the user is.
    pub fn enforcement(
        &self,
        credentials: &[Credential],
        self_service: &SelfService,
        caller: Option<&Caller>,
    ) -> Arc<Enforcement> {
        let ways = ways(credentials);
        let of_anybody = self.remembered(&ways, self_service);
        let is_unclear = matches!(*of_anybody, Enforcement::Unclear { .. });
        if is_unclear && caller.is_some() && self.depends_on_caller() {
            return Arc::new(self.enforced(&ways, self_service, caller));
        }
        of_anybody
    }

    fn remembered(&self, ways: &[Way], self_service: &SelfService) -> Arc<Enforcement> {
        let memo = || self.memo.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |it: &&Memo| it.ways == ways && it.self_service.is_same(self_service);
        if let Some(known) = memo().iter().find(is_same) {
            return Arc::clone(&known.outcome);
        }
        let outcome = Arc::new(self.enforced(ways, self_service, None));
        memo().push(Memo {
            ways: ways.to_vec(),
            self_service: self_service.clone(),
            outcome: Arc::clone(&outcome),
        });
        outcome
    }

    fn enforced(
        &self,
        ways: &[Way],
        self_service: &SelfService,
        caller: Option<&Caller>,
    ) -> Enforcement {
        if ways.is_empty() {
            return Enforcement::NoCredentials;
        }
        let mut unclear = None;
        let mut by = Vec::new();
        for way in ways {
            let scope = self_service.beyond_by(*way, self.universe());
            let request = Request {
                mfa: way.context(),
                caller,
            };
            let mut rough = rough(self, &request);
            rough.surely = rough.surely.and(&scope);
            if !rough.surely.is_empty() {
                // What else is certain, resources included, changes nothing.
                rough.possibly = rough.surely.clone();
            }
            let decision = Decision::finish(self, rough, &scope);
            if !decision.surely().is_empty() {
                return self.not_enforced(*way, &decision, self_service, caller);
            }
            if decision.possibly().is_empty() {
                enforcing(&decision, &scope, &mut by);
            } else if unclear.is_none() {
                unclear = unclear_by(way.context(), &decision);
            }
        }
        unclear.unwrap_or(Enforcement::Enforced { by })
    }

    fn not_enforced(
        &self,
        way: Way,
        decision: &Decision<'_>,
        self_service: &SelfService,
        caller: Option<&Caller>,
    ) -> Enforcement {
        let actions = decision.surely().clone();
        let allowed_by = match decision.ruling_at(actions.places().next().unwrap_or_default()) {
            Ruling::Allowed { by, .. } => by,
            Ruling::Hangs { .. } | Ruling::Denied(_) | Ruling::NotAllowed(_) => None,
        };
        let because = match self.bypass_by(&[way], self_service, caller) {
            Bypass::Leaks(leaks) => Missing::Leaks(leaks),
            Bypass::NotAttempted => Missing::NoStatement,
            Bypass::Tight(by) => Missing::OtherActions(by),
            Bypass::Unclear(_) => Missing::OtherActions(bypass::asking(self)),
        };
        Enforcement::NotEnforced {
            context: way.context(),
            actions,
            allowed_by,
            because,
        }
    }
}

/// Adds the statements that deny what would be allowed otherwise.
fn enforcing(decision: &Decision<'_>, scope: &ActionSet, by: &mut Vec<Cite>) {
    for it in &decision.live {
        let is_denial = it.is(Effect::Deny) && it.placed.clause.mentions_mfa();
        if !is_denial || it.placed.actions.clone().and(scope).is_empty() {
            continue;
        }
        let cite = it.placed.cite();
        if !by.contains(&cite) {
            by.push(cite);
        }
    }
}

fn unclear_by(context: MfaContext, decision: &Decision<'_>) -> Option<Enforcement> {
    let actions = decision.possibly().clone();
    let example = actions.examples(1).into_iter().next();
    let example = example.or_else(|| actions.names().next())?;
    let place = actions.universe().place(&example);
    let place = if actions.has(place) {
        place
    } else {
        actions.places().next()?
    };
    let (hangs_on, by) = match decision.ruling_at(place) {
        Ruling::Hangs { on, by } => (on, by),
        Ruling::Allowed { .. } | Ruling::Denied(_) | Ruling::NotAllowed(_) => return None,
    };
    Some(Enforcement::Unclear {
        context,
        actions,
        example,
        hangs_on,
        by,
    })
}
