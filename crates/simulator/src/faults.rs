//! Throttling, refusals, truncation, delay, disconnects: what can go wrong, on demand.

use serde::Deserialize;

/// A fault, and when it is served.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fault {
    /// The account the request is about: the caller's, or for `AssumeRole` the role's; without it, any.
    #[serde(default)]
    pub account: Option<String>,
    /// The action, such as `iam:ListUsers`, which may hold the wildcards `*` and `?`.
    pub action: String,
    /// How many matching requests are answered before the first fault.
    #[serde(default)]
    pub after: Option<u32>,
    /// How many times the fault is served; without it, always.
    #[serde(default)]
    pub times: Option<u32>,
    /// What goes wrong.
    pub kind: FaultKind,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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
    /// The answer takes this long, which should exceed the client's patience.
    Hang {
        /// How long.
        seconds: u64,
    },
    /// A listing's token leads to the same page again.
    RepeatToken,
    /// A listing's page is empty although more follow.
    EmptyPage,
    /// The session's credentials have expired.
    ExpiredToken,
    /// The answer is late.
    Delay {
        /// By how many milliseconds.
        ms: u64,
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
