//! What went wrong with one attempt, and whether and when another may help.

use std::{error::Error, io, time::Duration};

use reqwest::{Response, StatusCode, header::RETRY_AFTER};

/// How often a message is sent again.
pub(super) const RETRIES: u32 = 3;
/// The longest that is waited between two attempts.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What went wrong with one attempt. Nothing of it holds an address beyond its host.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Trouble {
    /// The receiver answered with a status that is no success.
    #[error("it answered {0}")]
    Status(u16),
    /// The receiver is too busy, and asks for more patience than there is.
    #[error("it answered {status} and asks to wait for {wait} s, which is too long")]
    Busy {
        /// The status.
        status: u16,
        /// What it asks for, in seconds.
        wait: u64,
    },
    /// The receiver sent the message on to somewhere else, where it was not sent.
    #[error("it answered {0}, a redirect, which is not followed: name the place itself")]
    Redirect(u16),
    /// There was no answer in time.
    #[error("no answer in time")]
    TimedOut,
    /// There was no connection, or it broke.
    #[error("no connection: {0}")]
    Unreachable(String),
    /// The body could not be made of this message.
    #[error("the template makes no body of this run: {0}")]
    NoBody(String),
}

/// What to do after an attempt.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Next {
    /// It arrived.
    Delivered,
    /// Try again, no sooner than the receiver asks.
    Again(Trouble, Option<Duration>),
    /// It makes no sense to.
    Never(Trouble),
}

/// Returns what to do after an answer.
pub(super) fn after(answer: &Response) -> Next {
    let status = answer.status();
    let wait = answer.headers().get(RETRY_AFTER);
    let wait = wait.and_then(|it| it.to_str().ok());
    after_status(status, wait)
}

fn after_status(status: StatusCode, retry_after: Option<&str>) -> Next {
    let code = status.as_u16();
    if status.is_success() {
        return Next::Delivered;
    }
    if status.is_redirection() {
        return Next::Never(Trouble::Redirect(code));
    }
    if !status.is_server_error() && status != StatusCode::TOO_MANY_REQUESTS {
        return Next::Never(Trouble::Status(code));
    }
    // A date in its place is not read: the usual wait does then.
    let wait = retry_after.and_then(|it| it.trim().parse::<u64>().ok());
    match wait {
        Some(wait) if wait > LONGEST_WAIT.as_secs() => {
            Next::Never(Trouble::Busy { status: code, wait })
        }
        wait => Next::Again(Trouble::Status(code), wait.map(Duration::from_secs)),
    }
}

/// Returns what to do after no answer.
pub(super) fn after_error(error: &reqwest::Error) -> Next {
    let trouble = if error.is_timeout() {
        Trouble::TimedOut
    } else {
        Trouble::Unreachable(innermost(error))
    };
    if error.is_builder() {
        Next::Never(trouble)
    } else {
        Next::Again(trouble, None)
    }
}

/// Returns the cause, which alone among what the client says holds no address.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(it) = beneath(cause) {
        cause = it;
    }
    match cause.downcast_ref::<io::Error>() {
        Some(it) => it.kind().to_string(),
        None if cause.is::<reqwest::Error>() => "the request failed".to_owned(),
        None => cause.to_string(),
    }
}

/// An error of input and output passes over the error that it wraps, which tells more: why a certificate is not trusted.
fn beneath<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let wrapped = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    match wrapped {
        Some(it) => Some(it),
        None => error.source(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::StatusCode;

    use super::{Next, Trouble, after_status};

    #[test]
    fn what_may_pass_is_tried_again_and_what_will_not_is_not() {
        let again = |code, wait: Option<u64>| {
            Next::Again(Trouble::Status(code), wait.map(Duration::from_secs))
        };
        let busy = |status, wait| Next::Never(Trouble::Busy { status, wait });
        for (code, wait, expected) in [
            (200, None, Next::Delivered),
            (204, Some("5"), Next::Delivered),
            (301, None, Next::Never(Trouble::Redirect(301))),
            (304, None, Next::Never(Trouble::Redirect(304))),
            (400, None, Next::Never(Trouble::Status(400))),
            (404, Some("1"), Next::Never(Trouble::Status(404))),
            (429, None, again(429, None)),
            (429, Some("7"), again(429, Some(7))),
            (429, Some("30"), again(429, Some(30))),
            (429, Some("31"), busy(429, 31)),
            (429, Some("Wed, 25 Nov 2026 10:00:00 GMT"), again(429, None)),
            (429, Some("-1"), again(429, None)),
            (500, None, again(500, None)),
            (503, Some("2"), again(503, Some(2))),
        ] {
            let status = StatusCode::from_u16(code).unwrap();
            assert_eq!(after_status(status, wait), expected, "{code} {wait:?}");
        }
    }
}
