//! One call of an operation by a known principal.

use crate::authenticate::Principal;
use crate::authorize::{Attempt, Judgement, Resource};
use crate::change::Changes;
use crate::clock;
use crate::error::{ApiError, Service};
use crate::faults::PolicyKind;
use crate::index::Index;
use crate::paging::Quirk;
use crate::request::Input;
use crate::state::State;
use crate::world::{Account, World};

/// One call of an operation, with all that answering it needs.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a State,
    pub(crate) world: &'a World,
    pub(crate) index: &'a Index,
    pub(crate) principal: &'a Principal,
    pub(crate) service: Service,
    /// The operation, such as `ListUsers`.
    pub(crate) name: &'a str,
    /// The action, such as `iam:ListUsers`.
    pub(crate) action: &'a str,
    pub(crate) input: &'a Input,
    /// The policy that a fault has refuse the call, whatever the policies say.
    pub(crate) refused_by: Option<PolicyKind>,
    /// What a fault does to a page.
    pub(crate) quirk: Quirk,
    /// What becomes of the world once the call is answered.
    pub(crate) changes: &'a Changes,
}

impl<'a> Call<'a> {
    /// Returns the account with this id.
    pub(crate) fn account(&self, id: &str) -> Option<&'a Account> {
        self.index
            .account(id)
            .and_then(|it| self.world.accounts.get(it))
    }

    /// Returns the account of the principal.
    pub(crate) fn own_account(&self) -> Result<&'a Account, ApiError> {
        let gone = || {
            ApiError::new(
                "ServiceFailure",
                500,
                "The caller's account is not in the world.",
            )
        };
        self.account(&self.principal.account).ok_or_else(gone)
    }

    /// Returns the ARN of a resource of IAM in the principal's account.
    pub(crate) fn iam_arn(&self, resource: &str) -> String {
        self.world.partition.iam(&self.principal.account, resource)
    }

    /// Returns the time by the server's clock, by which credentials expire, in seconds since 1970.
    pub(crate) fn server_time(&self) -> i64 {
        clock::real().saturating_add(self.world.clock_skew_seconds)
    }

    /// Returns a member of the input.
    pub(crate) fn text(&self, member: &str) -> Option<&'a str> {
        self.input.text(member)
    }

    /// Returns the attempt at this call's action.
    pub(crate) fn attempt<'b>(&'b self, resource: &'b Resource) -> Attempt<'b> {
        Attempt {
            world: self.world,
            index: self.index,
            principal: self.principal,
            action: self.action,
            resource,
            external_id: self.text("ExternalId"),
            task_policy: self.text("TaskPolicyArn.arn"),
            mfa: self.principal.mfa(self.server_time()),
        }
    }

    /// Allows the call's action on the resource, or refuses it.
    pub(crate) fn authorize(&self, resource: &Resource) -> Result<(), ApiError> {
        let attempt = self.attempt(resource);
        let verdict = match self.refused_by {
            Some(policy) => Err(attempt.refused_by(policy)),
            None => attempt.authorize(),
        };
        verdict.map_err(|message| self.service.denied(message))
    }

    /// Allows the call's action, which needs no permission, unless a policy denies it.
    pub(crate) fn authorize_unless_denied(&self, resource: &Resource) -> Result<(), ApiError> {
        let attempt = self.attempt(resource);
        let denial = match (self.refused_by, attempt.judge()) {
            (Some(policy), _) => attempt.refused_by(policy),
            (None, Judgement::Denied(message)) => message,
            (None, Judgement::Allowed | Judgement::NotAllowed(_)) => return Ok(()),
        };
        Err(self.service.denied(denial))
    }
}
