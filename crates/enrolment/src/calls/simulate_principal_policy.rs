use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::{
    Client,
    types::{ContextEntry, ContextKeyTypeEnum},
};

use crate::who::MfaContext;

api_call! {
    /// Tells before anything is made whether the caller may do what follows, where this call itself is allowed.
    {
        service: Service::Iam,
        operation: "SimulatePrincipalPolicy",
        actions: &["iam:SimulatePrincipalPolicy"],
        site: Site::Enrolment,
        resource: Resource::User,
        feeds: &[],
        without: "a missing permission is found by the call that lacks it",
    }
}

/// What the policies say to an action.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Simulated {
    pub(crate) action: String,
    pub(crate) decision: Decision,
}

/// What the policies say.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Decision {
    Allowed,
    /// No policy allows it.
    NotAllowed,
    /// A policy denies it.
    Denied,
    /// It hangs on something the simulation was not told.
    Unclear,
}

/// Returns what the policies of `principal` say to `actions` on `resource`.
pub(crate) async fn simulate_principal_policy(
    iam: &Client,
    principal: &str,
    actions: &[&str],
    resource: &str,
    mfa: MfaContext,
) -> Result<Vec<Simulated>, Trouble> {
    let mut asked = iam
        .simulate_principal_policy()
        .policy_source_arn(principal)
        .resource_arns(resource)
        .set_action_names(Some(actions.iter().map(|it| (*it).to_owned()).collect()));
    // A long-term key's requests have no such key at all, which is not the same as `false`.
    if mfa == MfaContext::Present {
        let entry = ContextEntry::builder()
            .context_key_name("aws:MultiFactorAuthPresent")
            .context_key_type(ContextKeyTypeEnum::Boolean)
            .context_key_values("true");
        asked = asked.context_entries(entry.build());
    }
    let items: Result<Vec<_>, _> = asked.into_paginator().items().send().collect().await;
    let items = items.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    Ok(items.iter().map(|it| simulated(it, mfa)).collect())
}

fn simulated(it: &aws_sdk_iam::types::EvaluationResult, mfa: MfaContext) -> Simulated {
    let missing = it.missing_context_values();
    let only_mfa = missing
        .iter()
        .all(|key| key.to_ascii_lowercase().starts_with("aws:multifactorauth"));
    // That the key for MFA is missing is the truth where the caller has a long-term key.
    let told = missing.is_empty() || (only_mfa && mfa == MfaContext::Absent);
    let decision = match it.eval_decision().as_str() {
        "allowed" => Decision::Allowed,
        _ if !told => Decision::Unclear,
        "explicitDeny" => Decision::Denied,
        "implicitDeny" => Decision::NotAllowed,
        _ => Decision::Unclear,
    };
    Simulated {
        action: it.eval_action_name().to_owned(),
        decision,
    }
}
