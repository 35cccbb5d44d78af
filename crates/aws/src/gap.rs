//! From an SDK error to the reason of a gap, with AWS's own message and the policy it names.

use std::error::Error;

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use model::{Dataset, DenyingPolicy, Gap, GapReason, PolicyKind};
use serde::{Deserialize, Serialize};

use crate::throttled::is_throttling;

/// Why a call gave no answer: a gap that does not yet know which dataset it concerns.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Trouble {
    /// The operation, as AWS spells it.
    pub operation: String,
    /// The reason.
    pub reason: GapReason,
    /// AWS's error code; empty where there was no answer.
    pub code: String,
    /// AWS's own message, or what the SDK says.
    pub detail: String,
    /// The policy a denial names.
    pub policy: Option<DenyingPolicy>,
}

impl Trouble {
    /// Returns trouble that is not an SDK error.
    pub fn new(operation: &str, reason: GapReason, detail: impl Into<String>) -> Self {
        let (operation, code) = (operation.to_owned(), String::new());
        Self {
            operation,
            reason,
            code,
            detail: detail.into(),
            policy: None,
        }
    }

    /// Tells why `operation` failed.
    pub fn from_sdk<E>(operation: &str, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let code = error.code().unwrap_or_default();
        let reason = reason(error, code);
        // AWS's message where it answered; else the whole chain, since the SDK's first line says nothing.
        let detail = error.message().map_or_else(|| chain(error), str::to_owned);
        let denied = matches!(reason, GapReason::AccessDenied | GapReason::EntryDenied);
        Self {
            operation: operation.to_owned(),
            reason,
            code: code.to_owned(),
            policy: denied.then(|| denying_policy(&detail)).flatten(),
            detail: one_line(&detail),
        }
    }

    /// Returns the gap this leaves in `dataset`.
    pub fn gap(&self, dataset: Dataset) -> Gap {
        Gap {
            dataset,
            reason: self.reason,
            operation: self.operation.clone(),
            detail: self.detail.clone(),
            policy: self.policy.clone(),
        }
    }
}

fn reason<E>(error: &SdkError<E, HttpResponse>, code: &str) -> GapReason {
    match error {
        SdkError::TimeoutError(_) => GapReason::Deadline,
        SdkError::ResponseError(_) => GapReason::Malformed,
        SdkError::ServiceError(answer) => of_code(code, answer.raw().status().as_u16()),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => GapReason::Unreachable,
        SdkError::DispatchFailure(failure) => {
            // A credential provider that fails also fails the dispatch, but nothing was sent.
            let text = failure
                .as_connector_error()
                .map(|it| chain(it))
                .unwrap_or_default();
            if text.contains("redential") && text.contains("xpired") {
                GapReason::ExpiredCredentials
            } else {
                GapReason::Unreachable
            }
        }
        SdkError::ConstructionFailure(_) | _ => GapReason::Failed,
    }
}

/// Codes as the services send them; Organizations adds `Exception` where IAM and STS do not.
fn of_code(code: &str, status: u16) -> GapReason {
    match code {
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => {
            GapReason::AccessDenied
        }
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => {
            GapReason::ExpiredCredentials
        }
        code if is_throttling(code) => GapReason::Throttled,
        // An answer without a code is not AWS's: a proxy's page, or an error that cannot be parsed.
        "" if status < 500 => GapReason::Malformed,
        _ => GapReason::Failed,
    }
}

/// Finds the policy kind and ARN in a denial.
///
/// The phrases are those of AWS's "Troubleshoot access denied error messages" page in the IAM user guide.
fn denying_policy(message: &str) -> Option<DenyingPolicy> {
    const PHRASES: [(&str, PolicyKind); 7] = [
        ("service control policy", PolicyKind::ServiceControl),
        ("resource control policy", PolicyKind::ResourceControl),
        ("permissions boundary", PolicyKind::PermissionsBoundary),
        ("session policy", PolicyKind::Session),
        ("identity-based policy", PolicyKind::Identity),
        ("trust policy", PolicyKind::Trust),
        ("resource-based policy", PolicyKind::Resource),
    ];
    let found = PHRASES
        .iter()
        .find_map(|(phrase, kind)| Some((message.find(phrase)? + phrase.len(), *kind)));
    if let Some((end, kind)) = found {
        let rest = message.get(end..).unwrap_or_default();
        let arn = rest
            .find("arn:")
            .and_then(|at| rest.get(at..)?.split_whitespace().next());
        let arn = arn.map(|it| it.trim_end_matches(['.', ',', ')', '"']).to_owned());
        return Some(DenyingPolicy { kind, arn });
    }
    // Entry: AWS does not tell a missing role from one that does not trust the caller.
    message.contains("sts:AssumeRole").then_some(DenyingPolicy {
        kind: PolicyKind::Trust,
        arn: None,
    })
}

/// Returns an error's message with those of all its causes.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use model::{GapReason, PolicyKind};

    use super::{denying_policy, of_code};

    #[test]
    fn a_denial_names_its_policy() {
        let user = "User: arn:aws:sts::111122223333:assumed-role/mfaudit-audit/mfaudit is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::111122223333:user/";
        for (because, kind, arn) in [
            (
                "because no identity-based policy allows the iam:ListUsers action",
                PolicyKind::Identity,
                None,
            ),
            (
                "with an explicit deny in a service control policy: arn:aws:organizations::999988887777:policy/o-ab12cd34ef/service_control_policy/p-2kgnabcd",
                PolicyKind::ServiceControl,
                Some(
                    "arn:aws:organizations::999988887777:policy/o-ab12cd34ef/service_control_policy/p-2kgnabcd",
                ),
            ),
            (
                "because no session policy allows the iam:ListUsers action",
                PolicyKind::Session,
                None,
            ),
            (
                "because no permissions boundary allows the iam:ListUsers action",
                PolicyKind::PermissionsBoundary,
                None,
            ),
            (
                "because the role trust policy does not allow it",
                PolicyKind::Trust,
                None,
            ),
        ] {
            let policy = denying_policy(&format!("{user} {because}")).unwrap();
            assert_eq!(
                (policy.kind, policy.arn.as_deref()),
                (kind, arn),
                "{because}"
            );
        }
    }

    #[test]
    fn a_denied_entry_without_a_policy_may_be_the_trust() {
        let message = "User: arn:aws:iam::1:user/a is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::2:role/mfaudit-audit";
        assert_eq!(denying_policy(message).unwrap().kind, PolicyKind::Trust);
        assert_eq!(
            denying_policy("not authorized to perform: iam:ListUsers"),
            None
        );
    }

    #[test]
    fn codes_are_told_apart() {
        assert_eq!(
            of_code("AccessDeniedException", 400),
            GapReason::AccessDenied
        );
        assert_eq!(of_code("ExpiredToken", 403), GapReason::ExpiredCredentials);
        assert_eq!(of_code("Throttling", 400), GapReason::Throttled);
        assert_eq!(of_code("ServiceFailure", 500), GapReason::Failed);
        assert_eq!(of_code("", 403), GapReason::Malformed);
    }
}
