//! Allows what the policies in force allow, and refuses the rest in AWS's words.

use crate::authenticate::{Mfa, Principal};
use crate::faults::PolicyKind;
use crate::index::Index;
use crate::policy::{Opinion, Question};
use crate::session::{Identity, Key, role_name};
use crate::user_policies::UserPolicies;
use crate::wildcard::matches_action;
use crate::world::{Account, ServiceControlPolicy, World};

/// What an action is done to: the ARN that policies match, and how messages name it.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) arn: String,
    pub(crate) shown: String,
}

impl Resource {
    /// Returns a resource that messages name by its ARN.
    pub(crate) fn arn(arn: impl Into<String>) -> Self {
        let arn = arn.into();
        Self {
            shown: arn.clone(),
            arn,
        }
    }

    /// Returns the resource of actions that have none.
    pub(crate) fn any() -> Self {
        Self::arn("*")
    }
}

/// The action that is to be authorized.
pub(crate) struct Attempt<'a> {
    pub(crate) world: &'a World,
    pub(crate) index: &'a Index,
    pub(crate) principal: &'a Principal,
    /// Such as `iam:ListUsers`.
    pub(crate) action: &'a str,
    pub(crate) resource: &'a Resource,
    pub(crate) external_id: Option<&'a str>,
    pub(crate) task_policy: Option<&'a str>,
    pub(crate) mfa: Mfa,
}

/// What the policies in force say of an attempt, with the message of the refusal.
#[derive(Debug)]
pub(crate) enum Judgement {
    Allowed,
    /// A policy denies it.
    Denied(String),
    /// No policy allows it.
    NotAllowed(String),
}

impl Attempt<'_> {
    /// Allows the attempt, or returns the message of its refusal.
    pub(crate) fn authorize(&self) -> Result<(), String> {
        match self.judge() {
            Judgement::Allowed => Ok(()),
            Judgement::Denied(message) | Judgement::NotAllowed(message) => Err(message),
        }
    }

    /// Tells what the policies in force say.
    pub(crate) fn judge(&self) -> Judgement {
        let account = self
            .index
            .account(&self.principal.account)
            .and_then(|it| self.world.accounts.get(it));
        let question = self.question();
        let scp = account.and_then(|it| denying_scp(self.world, self.index, it, &question));
        if let Some(scp) = scp {
            return Judgement::Denied(self.refusal(&scp_reason(self.world, &scp.id)));
        }
        let (identity, boundary) = self.own_policies(account, &question);
        let session = self.principal.session.as_ref();
        let session = match session.and_then(|it| it.policy.as_ref()) {
            Some(document) => document.opinion(&question),
            None => Opinion::Allow,
        };
        let layers = [
            (identity, "identity-based policy"),
            (boundary, "permissions boundary"),
            (session, "session policy"),
        ];
        let first = |opinion| layers.iter().find(|it| it.0 == opinion);
        if let Some((_, layer)) = first(Opinion::Deny) {
            let article = if layer.starts_with('i') { "an" } else { "a" };
            let reason = format!("with an explicit deny in {article} {layer}");
            return Judgement::Denied(self.refusal(&reason));
        }
        if let Some((_, layer)) = first(Opinion::Silence) {
            return Judgement::NotAllowed(self.refusal(&self.silence(layer)));
        }
        Judgement::Allowed
    }

    /// Returns what the identity-based policies say, and the permissions boundary.
    fn own_policies(&self, account: Option<&Account>, question: &Question) -> (Opinion, Opinion) {
        let (world, index) = (self.world, self.index);
        match (self.principal.identity(), self.principal.key) {
            // What a root user may do has no limit but the session's.
            (Some(Identity::Root), _) => (Opinion::Allow, Opinion::Allow),
            // A role or a user that has been deleted since allows nothing.
            (Some(Identity::Role { arn, .. }), _) => {
                let name = role_name(arn);
                let role = account.and_then(|it| it.roles.iter().find(|it| it.name == name));
                let said = |policy: &Option<String>| opinion(index, policy.as_ref(), question);
                role.map_or((Opinion::Silence, Opinion::Allow), |it| {
                    (said(&it.policy), said(&it.boundary))
                })
            }
            (_, Some(Key::User)) => match self.principal.user(world, index) {
                Some((account, user)) => {
                    let policies = UserPolicies::of(world.partition, account, user);
                    (policies.opinion(question), policies.boundary(question))
                }
                None => (Opinion::Silence, Opinion::Allow),
            },
            (Some(Identity::User { .. }) | None, Some(Key::Caller) | None) => {
                let policy = world.caller.policy.as_ref();
                (opinion(index, policy, question), Opinion::Allow)
            }
        }
    }

    /// Returns the message that AWS gives when this kind of policy refuses.
    pub(crate) fn refused_by(&self, policy: PolicyKind) -> String {
        self.refusal(&match policy {
            PolicyKind::Identity => self.silence("identity-based policy"),
            PolicyKind::Boundary => self.silence("permissions boundary"),
            PolicyKind::Session => self.silence("session policy"),
            PolicyKind::IdentityDeny => "with an explicit deny in an identity-based policy".into(),
            PolicyKind::ServiceControl => scp_reason(self.world, "p-examplepolicyid111"),
        })
    }

    /// Returns the message of a refusal, with a reason or without one.
    pub(crate) fn refusal(&self, reason: &str) -> String {
        let message = format!(
            "User: {} is not authorized to perform: {} on resource: {} {reason}",
            self.principal.arn, self.action, self.resource.shown
        );
        message.trim_end().to_owned()
    }

    fn silence(&self, layer: &str) -> String {
        format!("because no {layer} allows the {} action", self.action)
    }

    fn question(&self) -> Question<'_> {
        Question {
            action: self.action,
            resource: &self.resource.arn,
            principal: self.principal.lasting_arn(),
            organization: self.world.organization.as_ref().map(|it| it.id.as_str()),
            external_id: self.external_id,
            task_policy: self.task_policy,
            assumed_root: self.principal.is_assumed_root(),
            user_name: self.principal.user_name(),
            mfa: self.mfa,
            given: None,
        }
    }
}

/// Returns a service control policy that holds for the account's principals and denies what is asked.
pub(crate) fn denying_scp<'a>(
    world: &'a World,
    index: &Index,
    account: &Account,
    question: &Question,
) -> Option<&'a ServiceControlPolicy> {
    let organization = world.organization.as_ref()?;
    if !organization.has_service_control_policies() {
        return None;
    }
    // Service control policies do not apply to the management account.
    if account.id == organization.management_account {
        return None;
    }
    let denies = |scp: &&ServiceControlPolicy| {
        covers(&scp.target, account)
            && (scp
                .deny
                .iter()
                .any(|it| matches_action(it, question.action))
                || said(index, scp.policy.as_ref(), question) == Some(Opinion::Deny))
    };
    world.scps.iter().find(denies)
}

/// Returns what a policy says; without one, everything is allowed.
fn opinion(index: &Index, policy: Option<&String>, question: &Question) -> Opinion {
    said(index, policy, question).unwrap_or(Opinion::Allow)
}

/// Returns what a policy says, if there is one.
fn said(index: &Index, policy: Option<&String>, question: &Question) -> Option<Opinion> {
    // A policy that is no document, which a test may have put there, says nothing.
    policy.map(|text| {
        index
            .document(text)
            .map_or(Opinion::Silence, |it| it.opinion(question))
    })
}

fn scp_reason(world: &World, policy: &str) -> String {
    let (management, organization) = world.organization.as_ref().map_or(("", ""), |it| {
        (it.management_account.as_str(), it.id.as_str())
    });
    format!(
        "with an explicit deny in a service control policy: \
         arn:{}:organizations::{management}:policy/{organization}/service_control_policy/{policy}",
        world.partition.name()
    )
}

fn covers(target: &str, account: &Account) -> bool {
    let below = account
        .ou
        .strip_prefix(target)
        .is_some_and(|it| it.is_empty() || it.starts_with('/'));
    target.is_empty() || target == account.id || below
}
