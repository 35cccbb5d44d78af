//! What an explanation tells of the policies over a user.

use model::{IamUser, PolicyPath, Record, ScpLevel};
use policy::engine::{Bypass, Enforcement, MfaContext, Missing, Request};

use super::{
    account::targets,
    organization::RunPolicies,
    reason::{distinct, leak, named},
    user::{judged, leaks_of},
};
use crate::Context;

/// The policies over a user, in words: sentences without their ends.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PoliciesTold {
    /// What can be done without MFA beyond self service, context by context.
    pub without_mfa: Vec<String>,
    /// The statements that decide, and what they do.
    pub decided_by: Vec<String>,
    /// What to change, statement by statement.
    pub to_change: Vec<String>,
}

/// Returns what an explanation tells of the policies over a user; `None` if they were not seen or do not matter.
pub(crate) fn explained(user: &IamUser, context: &Context<'_>) -> Option<PoliciesTold> {
    let judged = judged(user, context).ok()??;
    let mut told = PoliciesTold::default();
    let set = &judged.set.policies;
    for mfa in [MfaContext::Absent, MfaContext::False] {
        let request = Request {
            mfa,
            caller: Some(&judged.caller),
        };
        let scope = judged.self_service().beyond(set.universe());
        let decision = set.decide_within(&request, &scope);
        let part = |what: &str, actions: &policy::engine::ActionSet| {
            if actions.is_empty() {
                format!("nothing {what}")
            } else {
                format!("{} {what}", named(actions))
            }
        };
        let (surely, possibly) = (decision.surely(), decision.possibly());
        told.without_mfa.push(format!(
            "{mfa}: {}, {}",
            part("for certain", surely),
            part("perhaps", possibly)
        ));
    }
    let enforcement = judged.enforcement().ok();
    let bypass = judged.bypass().ok();
    match enforcement.as_ref().map(|it| &*it.outcome) {
        Some(Enforcement::Enforced { by }) => {
            let denies =
                |it: &policy::engine::Cite| format!("{it} denies what is asked without MFA");
            told.decided_by.extend(by.iter().map(denies));
        }
        Some(Enforcement::NotEnforced {
            allowed_by,
            because,
            context,
            actions,
        }) => {
            if let Some(by) = allowed_by {
                told.decided_by
                    .push(format!("{by} allows {context}: {}", named(actions)));
            }
            match because {
                Missing::NoStatement => told.to_change.push(NO_STATEMENT.to_owned()),
                Missing::OtherActions(by) => {
                    let others = by
                        .iter()
                        .map(|it| format!("{it} asks for MFA, of other actions"));
                    told.decided_by.extend(others);
                    told.to_change.push(NO_STATEMENT.to_owned());
                }
                // The bypass tells them.
                Missing::Leaks(_) => {}
            }
        }
        Some(Enforcement::Unclear {
            hangs_on,
            by: Some(by),
            ..
        }) => told.decided_by.push(format!("{by} hangs on {hangs_on}")),
        Some(Enforcement::Unclear { .. } | Enforcement::NoCredentials) | None => {}
    }
    if let Some(bypass) = &bypass {
        for it in distinct(leaks_of(&bypass.outcome)) {
            told.decided_by.push(leak(it));
            told.to_change.push(it.remedy());
        }
        if let Bypass::Tight(by) = &*bypass.outcome
            && told.decided_by.is_empty()
        {
            let tight = by.iter().map(|it| format!("nothing gets past {it}"));
            told.decided_by.extend(tight);
        }
    }
    told.decided_by.dedup();
    told.to_change.dedup();
    Some(told)
}

const NO_STATEMENT: &str = "deny everything but self service by `BoolIfExists` of `aws:MultiFactorAuthPresent` `false`, in a policy of the user or its groups or in a service control policy: `mfaudit policy-check --recommended policy` or `scp` prints one";

/// Names the policies of a user, each with how it comes to apply.
pub(crate) fn policies(record: &Record, id: model::PolicySetId) -> String {
    let Some(set) = record.policy_set(id) else {
        return "not known".to_owned();
    };
    let name = |id| record.policy(id).map_or("not known", |it| &it.name);
    let one = |(path, id): &(PolicyPath, model::PolicyId)| match path {
        PolicyPath::UserInline => format!("{} (in the user)", name(*id)),
        PolicyPath::User => name(*id).to_owned(),
        PolicyPath::GroupInline(group) => format!("{} (in the group {group})", name(*id)),
        PolicyPath::Group(group) => format!("{} (of the group {group})", name(*id)),
    };
    let mut all: Vec<_> = set.policies.iter().map(one).collect();
    all.extend((set.boundary).map(|it| format!("{} (permissions boundary)", name(it))));
    if all.is_empty() {
        "none".to_owned()
    } else {
        all.join(", ")
    }
}

/// Names the service control policies over an account, level by level.
pub(crate) fn chain(record: &Record, over: &[ScpLevel], run: &RunPolicies) -> String {
    let levels = over.iter().zip(targets(record, over)).map(|(it, target)| {
        let names: Vec<_> = it.policies.iter().map(|id| run.name(id)).collect();
        format!("{target}: {}", names.join(", "))
    });
    let levels: Vec<_> = levels.collect();
    if levels.is_empty() {
        "none".to_owned()
    } else {
        levels.join("; ")
    }
}
