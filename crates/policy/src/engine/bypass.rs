//! Whether statements that mean to enforce MFA leak.

use super::{
    actions::ActionSet,
    caller::{Caller, Request},
    condition::Truth,
    decision::Decision,
    hang::Hang,
    mfa::{Credential, MfaContext, Way, ways},
    origin::Cite,
    policy_set::{Placed, PolicySet},
    resource::Resources,
    self_service::SelfService,
};
use crate::{Effect, Selection};

/// How many leaks are told at most. A document of thousands of statements has more than anybody reads.
const MOST: usize = 64;

/// Whether statements that mean to enforce MFA leak.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Bypass {
    /// No statement asks for MFA.
    NotAttempted,
    /// These do, and nothing gets past them.
    Tight(Vec<Cite>),
    /// Something gets past, for certain.
    Leaks(Vec<Leak>),
    /// Something may.
    Unclear(Vec<Leak>),
}

/// What gets past a statement that asks for MFA.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Leak {
    /// The statement.
    pub statement: Cite,
    /// How.
    pub context: MfaContext,
    /// What.
    pub actions: ActionSet,
    /// Why.
    pub kind: LeakKind,
}

/// Why a statement that asks for MFA leaks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LeakKind {
    /// A denial whose condition does not hold in this context, although it does in another one without MFA.
    Skipped,
    /// A denial that exempts more than self service.
    Exempts,
    /// A denial that is on other resources.
    OtherResources,
    /// An allowing statement whose condition holds in this context, although it does not in another one without MFA.
    Admits,
    /// An allowing statement asks for MFA; this one allows the same without.
    AllowedBy(Cite),
    /// A denial that also hangs on this.
    Hangs(Hang),
}

/// What asks for MFA in some way.
struct Asking<'a> {
    placed: Placed<'a>,
    /// Whether it holds: with access keys, in a session without MFA, in one with.
    truth: [Truth; 3],
}

impl PolicySet {
    /// Tells whether statements that mean to enforce MFA leak, for a user with these credentials.
    pub fn bypass(
        &self,
        credentials: &[Credential],
        self_service: &SelfService,
        caller: Option<&Caller>,
    ) -> Bypass {
        self.bypass_by(&ways(credentials), self_service, caller)
    }

    pub(super) fn bypass_by(
        &self,
        ways: &[Way],
        self_service: &SelfService,
        caller: Option<&Caller>,
    ) -> Bypass {
        let asking = asked(self, caller);
        if asking.is_empty() {
            return Bypass::NotAttempted;
        }
        let (mut certain, mut perhaps) = (Vec::new(), Vec::new());
        for way in ways {
            let context = way.context();
            let scope = self_service.beyond_by(*way, self.universe());
            let request = Request {
                mfa: context,
                caller,
            };
            let decision = self.decide_within(&request, &scope);
            for it in &asking {
                if certain.len() >= MOST {
                    return Bypass::Leaks(certain);
                }
                let mut found = Found {
                    it,
                    context,
                    request: &request,
                    decision: &decision,
                    certain: &mut certain,
                    perhaps: &mut perhaps,
                };
                match it.placed.clause.effect {
                    Effect::Deny => found.past_denial(),
                    Effect::Allow => found.past_allowance(),
                }
            }
        }
        if !certain.is_empty() {
            Bypass::Leaks(certain)
        } else if !perhaps.is_empty() {
            Bypass::Unclear(perhaps)
        } else {
            Bypass::Tight(asking.iter().map(|it| it.placed.cite()).collect())
        }
    }
}

/// Returns the statements that ask for MFA.
pub(super) fn asking(set: &PolicySet) -> Vec<Cite> {
    let asking = asked(set, None);
    asking.iter().map(|it| it.placed.cite()).collect()
}

fn asked<'a>(set: &'a PolicySet, caller: Option<&Caller>) -> Vec<Asking<'a>> {
    let mentioning = set.placed().filter(|it| it.clause.mentions_mfa());
    let with_truth = mentioning.map(|placed| Asking {
        placed,
        truth: MfaContext::ALL.map(|mfa| placed.clause.truth(&Request { mfa, caller })),
    });
    with_truth.filter(Asking::tells_mfa_from_none).collect()
}

impl Asking<'_> {
    /// A denial that spares those with MFA, or an allowance for those with it, and not so without.
    fn tells_mfa_from_none(&self) -> bool {
        let [absent, without, with] = &self.truth;
        match self.placed.clause.effect {
            Effect::Deny => {
                !matches!(with, Truth::Holds) && (absent.may_hold() || without.may_hold())
            }
            Effect::Allow => with.may_hold() && (!absent.may_hold() || !without.may_hold()),
        }
    }
}

/// What is found of one statement in one context.
struct Found<'a, 'b> {
    it: &'b Asking<'a>,
    context: MfaContext,
    request: &'b Request<'b>,
    decision: &'b Decision<'a>,
    certain: &'b mut Vec<Leak>,
    perhaps: &'b mut Vec<Leak>,
}

impl Found<'_, '_> {
    fn truth(&self) -> Truth {
        let truth = self.it.truth.get(self.context.number());
        truth.cloned().unwrap_or(Truth::Fails)
    }

    fn past_denial(&mut self) {
        let actions = self.it.placed.actions.clone();
        let all_but = matches!(self.it.placed.clause.selection, Selection::AllBut(_));
        match self.truth() {
            Truth::Fails => return self.leak(&actions, &LeakKind::Skipped),
            Truth::Hangs(on) => {
                let past = actions.clone().and(self.decision.possibly());
                if !past.is_empty() && self.perhaps.len() < MOST {
                    let leak = self.of(past, LeakKind::Hangs(on));
                    self.perhaps.push(leak);
                }
            }
            Truth::Holds => {
                let resources = self.it.placed.clause.resources(self.request);
                if !matches!(*resources, Resources::All) {
                    self.leak(&actions, &LeakKind::OtherResources);
                }
            }
        }
        if all_but {
            let exempt = ActionSet::all(actions.universe()).without(&actions);
            self.leak(&exempt, &LeakKind::Exempts);
        }
    }

    fn past_allowance(&mut self) {
        let actions = self.it.placed.actions.clone();
        match self.truth() {
            Truth::Holds => self.leak(&actions, &LeakKind::Admits),
            Truth::Hangs(on) => {
                let past = actions.and(self.decision.possibly());
                if !past.is_empty() && self.perhaps.len() < MOST {
                    let leak = self.of(past, LeakKind::Hangs(on));
                    self.perhaps.push(leak);
                }
            }
            Truth::Fails => {
                // Who allows the same without.
                let same_layer = |it: &&super::rough::Live<'_>| {
                    it.is(Effect::Allow) && it.placed.layer == self.it.placed.layer
                };
                for it in self.decision.live.iter().filter(same_layer) {
                    if self.is_full(&actions) {
                        return;
                    }
                    if it.placed.actions.meets(&actions) {
                        let same = it.placed.actions.clone().and(&actions);
                        self.leak(&same, &LeakKind::AllowedBy(it.placed.cite()));
                    }
                }
            }
        }
    }

    /// Tells whether nothing more of these actions is to be told.
    fn is_full(&self, actions: &ActionSet) -> bool {
        let surely = actions.meets(self.decision.surely());
        self.certain.len() >= MOST || !surely && self.perhaps.len() >= MOST
    }

    fn leak(&mut self, actions: &ActionSet, kind: &LeakKind) {
        let past = actions.clone().and(self.decision.surely());
        if !past.is_empty() {
            let leak = self.of(past, kind.clone());
            self.certain.push(leak);
            return;
        }
        let past = actions.clone().and(self.decision.possibly());
        if !past.is_empty() && self.perhaps.len() < MOST {
            let leak = self.of(past, kind.clone());
            self.perhaps.push(leak);
        }
    }

    fn of(&self, actions: ActionSet, kind: LeakKind) -> Leak {
        Leak {
            statement: self.it.placed.cite(),
            context: self.context,
            actions,
            kind,
        }
    }
}
