//! What a storage answered, in one line of our own: the bodies of its answers may hold tokens.

use std::{error::Error, fmt, io};

/// How much of a message is told.
const LONGEST: usize = 300;
/// What `object_store` writes before a status and the body of an answer.
const STATUS: &str = "Server returned non-2xx status code: ";
/// What it writes before the body of an answer that is an error by its body alone.
const BODY: &str = "Server returned error response: ";

/// Why storage did not do something: its status, code and message, or what came instead of an answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// The status of HTTP; `None` where there was no answer, and for files.
    pub(super) status: Option<u16>,
    /// The provider's word for it, such as `NoSuchBucket`; empty where it said none.
    pub(super) code: String,
    /// Whether what was asked may have been done all the same.
    pub(super) is_open: bool,
    text: String,
    /// What the operating system said, whose number says more than words.
    cause: Option<io::Error>,
}

impl Answer {
    pub(super) fn of(error: &object_store::Error) -> Self {
        let text = error.to_string();
        if let Some((_, answer)) = text.split_once(STATUS) {
            let (line, body) = answer.split_once(": ").unwrap_or((answer, ""));
            let status = line.split(' ').next().and_then(|it| it.parse().ok());
            return Self::told(status, line, body);
        }
        if let Some((_, body)) = text.split_once(BODY) {
            return Self::told(Some(500), "an error", body);
        }
        Self {
            status: None,
            code: String::new(),
            is_open: is_unanswered(error),
            text: chain(error),
            cause: os_error(error),
        }
    }

    fn told(status: Option<u16>, line: &str, body: &str) -> Self {
        let code = element(body, "Code");
        let message = element(body, "Message");
        let mut text = one_line(line);
        for (before, more) in [(", ", &code), (": ", &message)] {
            if !more.is_empty() {
                text.push_str(before);
                text.push_str(more);
            }
        }
        Self {
            status,
            // An upload that is gone may be gone because it was completed.
            is_open: status.is_some_and(|it| it >= 500) || code == "NoSuchUpload",
            code,
            text,
            cause: None,
        }
    }

    /// Tells whether it says that something is there already, or is being done by somebody else: storages answer both
    /// alike.
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self.status, Some(304 | 409 | 412))
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Answer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|it| it as &(dyn Error + 'static))
    }
}

/// Returns what stands in an element of XML, in one line; empty if there is none.
fn element(body: &str, name: &str) -> String {
    let begin = body.split_once(&format!("<{name}>"));
    let inside = begin.and_then(|(_, rest)| rest.split_once(&format!("</{name}>")));
    let first = inside.and_then(|(inside, _)| inside.trim().lines().next());
    one_line(first.unwrap_or_default())
}

fn one_line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let line = words.join(" ");
    let plain = line.chars().filter(|it| !it.is_control());
    plain.take(LONGEST).collect()
}

/// Returns an error and its causes as far as they say something new.
fn chain(error: &object_store::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(it) = cause {
        let more = it.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = it.source();
    }
    text
}

/// Returns the operating system's error among an error and its causes.
pub(super) fn os_error(error: &(dyn Error + 'static)) -> Option<io::Error> {
    let mut cause = Some(error);
    while let Some(it) = cause {
        if let Some(number) = it.downcast_ref().and_then(os_number) {
            return Some(io::Error::from_raw_os_error(number));
        }
        cause = it.source();
    }
    None
}

/// Returns the operating system's number of an error. `tempfile` leaves it in the text alone.
fn os_number(error: &io::Error) -> Option<i32> {
    let told = || {
        let text = error.to_string();
        let (number, _) = text.split_once("(os error ")?.1.split_once(')')?;
        number.parse().ok()
    };
    error.raw_os_error().or_else(told)
}

/// Tells whether a request was sent whose answer never came.
#[cfg(feature = "cloud")]
fn is_unanswered(error: &object_store::Error) -> bool {
    use object_store::client::{HttpError, HttpErrorKind};

    let mut cause = error.source();
    while let Some(it) = cause {
        if let Some(error) = it.downcast_ref::<HttpError>() {
            return error.kind() != HttpErrorKind::Connect;
        }
        cause = it.source();
    }
    false
}

#[cfg(not(feature = "cloud"))]
fn is_unanswered(_: &object_store::Error) -> bool {
    false
}
