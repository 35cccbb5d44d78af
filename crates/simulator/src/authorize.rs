//! Allows what the policies in force allow, and refuses the rest in AWS's words.

use crate::authenticate::Principal;
use crate::faults::PolicyKind;
use crate::index::Index;
use crate::policy::{Opinion, Question};
use crate::session::{Identity, role_name};
use crate::wildcard::matches_action;
use crate::world::{Account, Role, ServiceControlPolicy, World};

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
}

impl Attempt<'_> {
    /// Allows the attempt, or returns the message of its refusal.
    pub(crate) fn authorize(&self) -> Result<(), String> {
        let account = self
            .index
            .account(&self.principal.account)
            .and_then(|it| self.world.accounts.get(it));
        if let Some(scp) = account.and_then(|it| self.denying_scp(it)) {
            return Err(self.refusal(&scp_reason(self.world, &scp.id)));
        }
        let role = account.and_then(|it| self.role(it));
        let identity = match self.principal.identity() {
            // What a root user may do has no limit but the session's.
            Some(Identity::Root) => Opinion::Allow,
            // A role that has been deleted since allows nothing.
            Some(Identity::Role { .. }) => {
                role.map_or(Opinion::Silence, |it| self.opinion(it.policy.as_ref()))
            }
            None => self.opinion(self.world.caller.policy.as_ref()),
        };
        let boundary = self.opinion(role.and_then(|it| it.boundary.as_ref()));
        let session = match self
            .principal
            .session
            .as_ref()
            .and_then(|it| it.policy.as_ref())
        {
            Some(document) => document.opinion(&self.question()),
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
            return Err(self.refusal(&format!("with an explicit deny in {article} {layer}")));
        }
        if let Some((_, layer)) = first(Opinion::Silence) {
            return Err(self.refusal(&self.silence(layer)));
        }
        Ok(())
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

    fn denying_scp(&self, account: &Account) -> Option<&ServiceControlPolicy> {
        let organization = self.world.organization.as_ref()?;
        // Service control policies do not apply to the management account.
        if account.id == organization.management_account {
            return None;
        }
        let denies = |scp: &&ServiceControlPolicy| {
            covers(&scp.target, account)
                && (scp.deny.iter().any(|it| matches_action(it, self.action))
                    || self.said(scp.policy.as_ref()) == Some(Opinion::Deny))
        };
        self.world.scps.iter().find(denies)
    }

    fn role<'a>(&self, account: &'a Account) -> Option<&'a Role> {
        let Identity::Role { arn, .. } = self.principal.identity()? else {
            return None;
        };
        let name = role_name(arn);
        account.roles.iter().find(|it| it.name == name)
    }

    fn opinion(&self, policy: Option<&String>) -> Opinion {
        self.said(policy).unwrap_or(Opinion::Allow)
    }

    /// Returns what a policy says, if there is one.
    fn said(&self, policy: Option<&String>) -> Option<Opinion> {
        // A policy that is no document, which a test may have put there, says nothing.
        policy.map(|text| {
            self.index
                .document(text)
                .map_or(Opinion::Silence, |it| it.opinion(&self.question()))
        })
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
        }
    }
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
