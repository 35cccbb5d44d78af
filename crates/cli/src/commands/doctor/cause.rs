//! Why calls would not work, as far as accounts have it in common, and what to do about it.

use std::fmt;

use aws::{ApiCall, Resource, Trouble, policy};
use model::{DenyingPolicy, GapReason, PolicyKind};

/// Why a call would not work.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Cause {
    step: Step,
    reason: GapReason,
    /// The policy that a denial names.
    policy: Option<DenyingPolicy>,
    /// AWS's error code where permissions are not the matter.
    code: String,
}

/// What was being done, and so whose permissions count.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Step {
    /// The caller was entering the account.
    Entry,
    /// The caller was asking, most of all in its own account.
    AskedByCaller,
    /// The audit role was asking.
    AskedByRole,
}

impl Cause {
    /// Tells why `call` would not work; `own` for the caller's own account.
    pub(super) fn of(call: &ApiCall, trouble: &Trouble, own: bool) -> Self {
        let step = match (call.resource, own) {
            (Resource::AuditRole, _) => Step::Entry,
            // Whoever may act as a root user is the caller, not the role.
            (Resource::MemberRoot, _) => Step::AskedByCaller,
            (Resource::Any | Resource::User | Resource::VirtualMfaDevice, true) => {
                Step::AskedByCaller
            }
            (Resource::Any | Resource::User | Resource::VirtualMfaDevice, false) => {
                Step::AskedByRole
            }
        };
        let mut cause = Self {
            step,
            reason: trouble.reason,
            policy: trouble.policy.clone(),
            code: String::new(),
        };
        if !cause.is_denial() {
            cause.code.clone_from(&trouble.code);
        }
        cause
    }

    /// Tells whether the account could not be entered.
    pub(super) const fn is_entry(&self) -> bool {
        matches!(self.step, Step::Entry)
    }

    /// Tells whether permissions are the matter.
    pub(super) const fn is_denial(&self) -> bool {
        matches!(
            self.reason,
            GapReason::AccessDenied | GapReason::EntryDenied
        )
    }

    /// Tells whether AWS's message says more than the cause does.
    pub(super) const fn wants_words(&self) -> bool {
        self.policy.is_none()
    }

    /// Returns what to do, as a sentence without a full stop; `actions` are those that would not work.
    pub(super) fn advice(&self, actions: &str, names: &policy::Names) -> String {
        use GapReason as R;
        match self.reason {
            R::AccessDenied | R::EntryDenied => self.permit(actions, names),
            R::Throttled | R::Deadline => "AWS is busy: run it again later".to_owned(),
            R::Unreachable => {
                "check the network, the proxy variables, --ca-bundle and --endpoint-url".to_owned()
            }
            R::ExpiredCredentials => "sign in again, and run it again".to_owned(),
            R::Failed
            | R::Malformed
            | R::Contradictory
            | R::Stale
            | R::NotVisible
            | R::NotRequested
            | R::NotInEvidence
            | R::Unclear
            | R::Interrupted
            | R::ShardMissing
            | R::Undefined => "see AWS's answer above, and run it again".to_owned(),
        }
    }

    fn permit(&self, actions: &str, names: &policy::Names) -> String {
        use PolicyKind as K;
        let role = &names.role;
        let (whose, site) = match self.step {
            Step::Entry | Step::AskedByCaller => ("the caller".to_owned(), "management"),
            Step::AskedByRole => (format!("the role {role}"), "member"),
        };
        match (self.policy.as_ref().map(|it| it.kind), self.step) {
            (Some(K::ServiceControl | K::ResourceControl), _) => format!("exempt {whose} in it"),
            (Some(K::PermissionsBoundary), _) => {
                format!("allow {actions} in the permissions boundary of {whose}")
            }
            (Some(K::Session), Step::AskedByRole) => {
                "run it with --no-session-policy, and tell us: the audit's own session policy should allow it".to_owned()
            }
            (Some(K::Session), Step::Entry | Step::AskedByCaller) => {
                format!("allow {actions} in the session policy of {whose}")
            }
            // AWS does not tell which.
            (None | Some(K::Trust | K::Resource), Step::Entry) => format!(
                "the role {role} is missing there, or does not trust the caller: deploy mfaudit policy --for member --as cloudformation (for the management account: --for management)"
            ),
            (None | Some(K::Identity | K::Trust | K::Resource), _) => format!(
                "allow {actions} to {whose}: mfaudit policy --for {site} prints the statement"
            ),
        }
    }
}

/// Writes the cause as a phrase: `access denied, by service control policy arn:…`.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reason)?;
        if !self.code.is_empty() {
            write!(f, " ({})", self.code)?;
        }
        // That a trust policy refused is a guess where AWS tells nothing: the role may as well not exist.
        let guess = |it: &&DenyingPolicy| it.kind == PolicyKind::Trust && it.arn.is_none();
        if let Some(policy) = self.policy.as_ref().filter(|it| !guess(it)) {
            write!(f, ", by {}", policy.kind)?;
            if let Some(arn) = &policy.arn {
                write!(f, " {arn}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use inventory::CALLS;
    use model::PolicyKind as K;

    use super::*;

    fn call(operation: &str) -> &'static ApiCall {
        CALLS.iter().find(|it| it.operation == operation).unwrap()
    }

    fn denied(kind: Option<K>) -> Trouble {
        Trouble {
            code: "AccessDenied".to_owned(),
            policy: kind.map(|kind| DenyingPolicy { kind, arn: None }),
            ..Trouble::new("", GapReason::AccessDenied, "")
        }
    }

    #[test]
    fn the_advice_names_who_lacks_what_and_where_it_is_written() {
        let names = policy::Names {
            partition: "aws".to_owned(),
            role: "auditor".to_owned(),
        };
        for (operation, kind, own, expected) in [
            (
                "ListUsers",
                Some(K::ServiceControl),
                false,
                "exempt the role auditor in it",
            ),
            (
                "ListUsers",
                Some(K::Identity),
                false,
                "allow X to the role auditor: mfaudit policy --for member",
            ),
            ("ListUsers", None, false, "allow X to the role auditor"),
            (
                "ListUsers",
                Some(K::Identity),
                true,
                "allow X to the caller: mfaudit policy --for management",
            ),
            (
                "ListUsers",
                Some(K::PermissionsBoundary),
                false,
                "boundary of the role auditor",
            ),
            (
                "ListUsers",
                Some(K::PermissionsBoundary),
                true,
                "boundary of the caller",
            ),
            ("ListUsers", Some(K::Session), false, "--no-session-policy"),
            (
                "ListUsers",
                Some(K::Session),
                true,
                "session policy of the caller",
            ),
            (
                "AssumeRole",
                Some(K::Identity),
                false,
                "allow X to the caller: mfaudit policy --for management",
            ),
            (
                "AssumeRole",
                Some(K::Trust),
                false,
                "the role auditor is missing there, or does not trust the caller",
            ),
            (
                "AssumeRole",
                None,
                false,
                "the role auditor is missing there, or does not trust the caller",
            ),
            (
                "AssumeRole",
                Some(K::ServiceControl),
                false,
                "exempt the caller in it",
            ),
        ] {
            let cause = Cause::of(call(operation), &denied(kind), own);
            let advice = cause.advice("X", &names);
            assert!(
                advice.contains(expected),
                "{operation} {kind:?} {own}: {advice}"
            );
        }
    }

    #[test]
    fn only_what_is_no_denial_is_told_apart_by_its_code() {
        let of = |reason, code: &str| {
            let trouble = Trouble {
                code: code.to_owned(),
                ..Trouble::new("", reason, "")
            };
            Cause::of(call("ListUsers"), &trouble, false)
        };
        let (denied, failed) = (GapReason::AccessDenied, GapReason::Failed);
        assert_eq!(
            of(denied, "AccessDenied"),
            of(denied, "AccessDeniedException")
        );
        assert_ne!(of(failed, "ServiceFailure"), of(failed, "InvalidInput"));
        assert_eq!(
            of(failed, "ServiceFailure").to_string(),
            "AWS answered with an error (ServiceFailure)"
        );
    }
}
