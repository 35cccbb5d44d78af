//! What faults do to answers: an error in their place, or damage.

use std::time::Duration;

use crate::authenticate::expired;
use crate::error::{ApiError, Service};
use crate::faults::FaultKind;
use crate::reply::{Effect, Reply};

/// Returns the error that a fault puts in the answer's place.
pub(crate) fn refusal(service: Service, fault: &FaultKind) -> Option<ApiError> {
    match fault {
        FaultKind::Throttle { code } => {
            let status = if code == "LimitExceeded" { 409 } else { 400 };
            Some(ApiError::new(code.clone(), status, "Rate exceeded"))
        }
        FaultKind::Status(status) => {
            let code = if *status == 503 {
                "ServiceUnavailable"
            } else {
                "InternalFailure"
            };
            Some(ApiError::new(
                code,
                (*status).clamp(400, 599),
                "The service is unable to process the request.",
            ))
        }
        FaultKind::Deny {
            message: Some(message),
            ..
        } => Some(service.denied(message.as_str())),
        FaultKind::ExpiredToken => Some(expired(service)),
        FaultKind::Deny { message: None, .. }
        | FaultKind::Malformed
        | FaultKind::Truncated
        | FaultKind::HtmlBody
        | FaultKind::Disconnect
        | FaultKind::Reset
        | FaultKind::HalfClosed
        | FaultKind::Slow { .. }
        | FaultKind::WrongContentType
        | FaultKind::EndlessPages
        | FaultKind::RepeatAccount
        | FaultKind::Sometimes { .. }
        | FaultKind::Hang { .. }
        | FaultKind::RepeatToken
        | FaultKind::EmptyPage
        | FaultKind::Delay { .. } => None,
    }
}

/// Spoils an answer, and returns what the journal calls this.
pub(crate) fn spoil(reply: &mut Reply, fault: &FaultKind) -> Option<&'static str> {
    match fault {
        FaultKind::Malformed => {
            let half = reply.body.floor_char_boundary(reply.body.len() / 2);
            reply.body.truncate(half);
            Some("Malformed")
        }
        FaultKind::HtmlBody => {
            reply.content_type = "text/html";
            reply.body = "<html><head><title>Sign in</title></head><body><p>Please sign in.<br></body></html>".into();
            Some("HtmlBody")
        }
        FaultKind::Truncated => {
            reply.effect = Effect::Truncate;
            Some("Truncated")
        }
        FaultKind::Disconnect => {
            reply.effect = Effect::Disconnect;
            Some("Disconnect")
        }
        FaultKind::Reset => {
            reply.effect = Effect::Reset;
            Some("Reset")
        }
        FaultKind::HalfClosed => {
            reply.effect = Effect::Stall;
            Some("HalfClosed")
        }
        FaultKind::Slow { bytes_per_second } => {
            reply.effect = Effect::Slow(*bytes_per_second);
            Some("Slow")
        }
        FaultKind::WrongContentType => {
            reply.content_type = "application/octet-stream";
            Some("WrongContentType")
        }
        FaultKind::Hang { seconds } => {
            reply.wait = reply.wait.saturating_add(Duration::from_secs(*seconds));
            Some("Hang")
        }
        FaultKind::Delay { ms } => {
            reply.wait = reply.wait.saturating_add(Duration::from_millis(*ms));
            None
        }
        FaultKind::Throttle { .. }
        | FaultKind::Status(_)
        | FaultKind::Deny { .. }
        | FaultKind::RepeatToken
        | FaultKind::EmptyPage
        | FaultKind::EndlessPages
        | FaultKind::RepeatAccount
        // The schedule shows what happens, not how often.
        | FaultKind::Sometimes { .. }
        | FaultKind::ExpiredToken => None,
    }
}
