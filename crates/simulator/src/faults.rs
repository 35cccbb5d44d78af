//! Throttling, refusals, truncation, delay, disconnects: what can go wrong, on demand.

use serde::Deserialize;

/// A fault, and when it is served.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Written")]
pub struct Fault {
    /// The account the request is about: the caller's, or for `AssumeRole` the role's; without it, any.
    pub account: Option<String>,
    /// The action, such as `iam:ListUsers`, which may hold the wildcards `*` and `?`.
    pub action: String,
    /// How many matching requests are answered before the first fault.
    pub after: Option<u32>,
    /// How many times the fault is served; without it, always.
    pub times: Option<u32>,
    /// What goes wrong.
    pub kind: FaultKind,
}

/// A fault as a file writes it, with its `rate` beside the rest.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    #[serde(default)]
    account: Option<String>,
    action: String,
    #[serde(default)]
    after: Option<u32>,
    #[serde(default)]
    times: Option<u32>,
    #[serde(default)]
    rate: Option<f64>,
    kind: FaultKind,
}

impl From<Written> for Fault {
    fn from(written: Written) -> Self {
        let kind = written.kind;
        Self {
            account: written.account,
            action: written.action,
            after: written.after,
            times: written.times,
            kind: match written.rate {
                Some(rate) => FaultKind::Sometimes {
                    rate,
                    kind: Box::new(kind),
                },
                None => kind,
            },
        }
    }
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum FaultKind {
    /// The request comes too fast.
    Throttle {
        /// The error's code, such as `Throttling`.
        code: String,
    },
    /// The service fails with this HTTP status, such as 500 or 503.
    Status(u16),
    /// The action is refused.
    Deny {
        /// The whole message; without it, AWS's words for the policy.
        #[serde(default)]
        message: Option<String>,
        /// The policy that refuses.
        #[serde(default)]
        policy: PolicyKind,
    },
    /// The answer is complete, but its XML or JSON is cut.
    Malformed,
    /// The connection closes in the middle of the answer.
    Truncated,
    /// A page of HTML comes instead of the answer.
    HtmlBody,
    /// The connection closes before the answer.
    Disconnect,
    /// The connection is reset (TCP RST) in the answer's place.
    Reset,
    /// The answer's head and half of its body come, then nothing more; the connection stays open.
    HalfClosed,
    /// The answer's head comes at once, its body drop by drop.
    Slow {
        /// How many bytes a second, at least 1.
        #[serde(rename = "bytes-per-second")]
        bytes_per_second: u32,
    },
    /// The answer is right, but its content type is neither XML's nor JSON's.
    WrongContentType,
    /// The answer takes this long, which should exceed the client's patience.
    Hang {
        /// How long.
        seconds: u64,
    },
    /// A listing's token leads to the same page again.
    RepeatToken,
    /// A listing's page is empty although more follow.
    EmptyPage,
    /// A listing starts anew at its end: every page has a new token, and there is no last one.
    EndlessPages,
    /// A page begins with an item that the listing has had before: the last one of the page before, or on the first
    /// page its own first one.
    RepeatAccount,
    /// The session's credentials have expired.
    ExpiredToken,
    /// The answer is late.
    Delay {
        /// By how many milliseconds.
        ms: u64,
    },
    /// One of the others happens with a probability, which a file writes as the fault's `rate`.
    ///
    /// The world's seed decides for the n-th request of an account for an action, whatever else is asked meanwhile.
    #[serde(skip)]
    Sometimes {
        /// The probability, from 0 to 1.
        rate: f64,
        /// What happens.
        kind: Box<FaultKind>,
    },
}

/// The policy that an access denied message names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyKind {
    /// No identity-based policy allows the action.
    #[default]
    Identity,
    /// An identity-based policy denies it.
    IdentityDeny,
    /// A service control policy denies it.
    ServiceControl,
    /// The permissions boundary does not allow it.
    Boundary,
    /// The session policy does not allow it.
    Session,
}
