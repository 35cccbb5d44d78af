//! Tells an answer that says "too fast", and lets whoever paces the calls hear of it.

use std::{fmt, sync::Arc};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept, context::AfterDeserializationInterceptorContextRef, dyn_dispatch_hint,
        },
        orchestrator::HttpResponse,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// The codes with which AWS refuses what comes too fast.
///
/// Source: the SDK's own list of throttling codes (aws-runtime, `classifiers.rs`), and IAM's `LimitExceeded`, which is
/// not in it.
const CODES: [&str; 9] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "LimitExceeded",
];
/// How much of an error's body is looked at: its code stands at the beginning.
const HEAD: usize = 1024;

/// Tells whether `code` says that a request came too fast.
pub(crate) fn is_throttling(code: &str) -> bool {
    CODES.contains(&code) || code == "LimitExceededException"
}

/// Tells whether an answer says that the request came too fast.
pub(crate) fn is_throttled(response: &HttpResponse) -> bool {
    if response.status().is_success() {
        return false;
    }
    let body = response.body().bytes().unwrap_or_default();
    let head = String::from_utf8_lossy(body.get(..HEAD).unwrap_or(body));
    error_code(&head).is_some_and(is_throttling)
}

/// Returns the code of an error in XML (IAM, STS) or JSON (Organizations).
fn error_code(text: &str) -> Option<&str> {
    if let Some((_, rest)) = text.split_once("<Code>") {
        return rest.split('<').next().map(str::trim);
    }
    let (_, rest) = text.split_once("\"__type\"")?;
    let value = rest.split('"').nth(1)?;
    // `com.amazonaws.organizations#TooManyRequestsException`
    value.rsplit('#').next()
}

/// Is called for every answer of a client that says "too fast".
#[derive(Clone)]
pub(crate) struct ThrottleWatch(pub(crate) Arc<dyn Fn() + Send + Sync>);

impl fmt::Debug for ThrottleWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ThrottleWatch")
    }
}

#[dyn_dispatch_hint]
impl Intercept for ThrottleWatch {
    fn name(&self) -> &'static str {
        "ThrottleWatch"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if is_throttled(context.response()) {
            (self.0)();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::error_code;

    #[test]
    fn the_code_is_found_in_both_forms() {
        for (text, code) in [
            (
                "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message>",
                Some("Throttling"),
            ),
            (
                r#"{"__type":"TooManyRequestsException","Message":"slow"}"#,
                Some("TooManyRequestsException"),
            ),
            (
                r#"{"Message":"x","__type" : "com.amazonaws.organizations#AccessDeniedException"}"#,
                Some("AccessDeniedException"),
            ),
            ("<html><body>503</body></html>", None),
            ("", None),
            ("<Code>", Some("")),
        ] {
            assert_eq!(error_code(text), code, "{text}");
        }
    }
}
