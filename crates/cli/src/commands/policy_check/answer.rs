//! What documents come to without MFA.

use policy::engine::{
    ActionSet, Bypass, Credential, Enforcement, Hang, Leak, MfaContext, PolicySet, Request,
    SelfService,
};
use serde::Serialize;

/// How many actions are named of a set.
const NAMED: usize = 10;
/// How many leaks, and elements that are not known, are told.
const MOST: usize = 50;

/// What documents come to without MFA. Keys are added, never renamed.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    /// The version of the document's form.
    pub(super) version: u32,
    pub(super) outcome: Outcome,
    /// Why, as a sentence without its end.
    pub(super) reason: String,
    /// What was assumed besides the documents.
    pub(super) assumed: Vec<&'static str>,
    pub(super) contexts: Vec<InContext>,
    pub(super) leaks: Vec<LeakTold>,
    /// How many more leaks there are than are told.
    pub(super) more_leaks: usize,
    /// What in the documents cannot be decided.
    pub(super) not_known: Vec<NotKnown>,
    pub(super) more_not_known: usize,
}

/// Whether MFA is enforced.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
    Enforced,
    NotEnforced,
    Unclear,
}

/// What can be done in one context beyond self service.
#[derive(Debug, Serialize)]
pub(super) struct InContext {
    /// `access-key` or `session-without-mfa`.
    pub(super) context: &'static str,
    /// What is allowed for certain.
    pub(super) surely: Actions,
    /// What may be allowed.
    pub(super) possibly: Actions,
}

/// A set of actions.
#[derive(Debug, Serialize)]
pub(super) struct Actions {
    pub(super) count: usize,
    pub(super) examples: Vec<String>,
}

/// What gets past a statement that asks for MFA.
#[derive(Debug, Serialize)]
pub(super) struct LeakTold {
    policy: String,
    statement: usize,
    sid: Option<String>,
    context: &'static str,
    certain: Certain,
    actions: Actions,
    /// What happens, as a sentence without its end.
    pub(super) text: String,
    /// What to change.
    pub(super) to_change: String,
}

/// Whether a leak is certain.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Certain {
    Surely,
    Possibly,
}

/// Something in a document that cannot be decided.
#[derive(Debug, Serialize)]
pub(super) struct NotKnown {
    pub(super) file: String,
    /// What it is, with its place.
    pub(super) what: String,
}

impl Answer {
    pub(super) fn new(
        set: &PolicySet,
        self_service: &SelfService,
        assumed: Vec<&'static str>,
        unknown: &[(String, Hang)],
    ) -> Self {
        let credentials = [Credential::Password, Credential::AccessKey];
        let enforcement = set.enforcement(&credentials, self_service, None);
        let (certain, leaks) = match set.bypass(&credentials, self_service, None) {
            Bypass::Leaks(leaks) => (Certain::Surely, leaks),
            Bypass::Unclear(leaks) => (Certain::Possibly, leaks),
            Bypass::NotAttempted | Bypass::Tight(_) => (Certain::Surely, Vec::new()),
        };
        let outcome = match *enforcement {
            Enforcement::NoCredentials | Enforcement::Enforced { .. } => Outcome::Enforced,
            Enforcement::NotEnforced { .. } => Outcome::NotEnforced,
            Enforcement::Unclear { .. } => Outcome::Unclear,
        };
        let told: Vec<_> = leaks
            .iter()
            .take(MOST)
            .map(|it| leak(it, certain))
            .collect();
        let not_known = unknown.iter().take(MOST).map(|(file, what)| NotKnown {
            file: file.clone(),
            what: what.to_string(),
        });
        let not_known: Vec<_> = not_known.collect();
        Self {
            version: 1,
            outcome,
            reason: reason(&enforcement),
            assumed,
            contexts: [MfaContext::Absent, MfaContext::False]
                .map(|it| in_context(set, self_service, it))
                .into(),
            more_leaks: leaks.len() - told.len(),
            leaks: told,
            more_not_known: unknown.len() - not_known.len(),
            not_known,
        }
    }

    pub(super) const fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// The leaks are told apart.
fn reason(enforcement: &Enforcement) -> String {
    match enforcement {
        Enforcement::NotEnforced {
            context,
            actions,
            allowed_by,
            ..
        } => {
            let by = allowed_by.as_ref().map(|it| format!(", by {it}"));
            let named = actions.examples(3).join(", ");
            format!("{named} can be done {context}{}", by.unwrap_or_default())
        }
        Enforcement::NoCredentials | Enforcement::Enforced { .. } | Enforcement::Unclear { .. } => {
            enforcement.to_string()
        }
    }
}

fn in_context(set: &PolicySet, self_service: &SelfService, mfa: MfaContext) -> InContext {
    let scope = self_service.beyond(set.universe());
    let decision = set.decide_within(&Request { mfa, caller: None }, &scope);
    InContext {
        context: context(mfa),
        surely: actions(decision.surely()),
        possibly: actions(decision.possibly()),
    }
}

const fn context(mfa: MfaContext) -> &'static str {
    match mfa {
        MfaContext::Absent => "access-key",
        MfaContext::False => "session-without-mfa",
        MfaContext::True => "session-with-mfa",
    }
}

fn actions(set: &ActionSet) -> Actions {
    let mut examples = set.examples(NAMED);
    if examples.is_empty() {
        examples = set.names().take(NAMED).collect();
    }
    Actions {
        count: set.len(),
        examples,
    }
}

fn leak(it: &Leak, certain: Certain) -> LeakTold {
    LeakTold {
        policy: it.statement.origin.policy.clone(),
        statement: it.statement.statement,
        sid: it.statement.sid.clone(),
        context: context(it.context),
        certain,
        actions: actions(&it.actions),
        text: it.to_string(),
        to_change: it.remedy(),
    }
}
