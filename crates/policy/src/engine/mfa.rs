//! What AWS knows of MFA when it judges a request.

use std::fmt;

/// What a request carries of `aws:MultiFactorAuthPresent`.
///
/// Source: "AWS global condition context keys" in the IAM user guide.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum MfaContext {
    /// The key is missing: a long-term access key signs.
    Absent,
    /// It is `false`: a session without MFA, of the console or of `GetSessionToken`.
    False,
    /// It is `true`, and `aws:MultiFactorAuthAge` tells since when: a session with MFA.
    True,
}

/// What a user signs in with.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Credential {
    /// A password for the console.
    Password,
    /// An access key.
    AccessKey,
}

impl MfaContext {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Absent, Self::False, Self::True];

    pub(super) const fn number(self) -> usize {
        match self {
            Self::Absent => 0,
            Self::False => 1,
            Self::True => 2,
        }
    }
}

/// A way to act without MFA.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Way {
    /// Requests that an access key signs.
    Key,
    /// A session of the console.
    Console,
    /// A session that an access key opened by `GetSessionToken`, which no policy can forbid. Without MFA it calls nothing of
    /// IAM, and of STS only `AssumeRole` and what needs no permission.
    ///
    /// Source: `GetSessionToken` in the STS API reference.
    KeySession,
}

impl Way {
    pub(super) const fn context(self) -> MfaContext {
        match self {
            Self::Key => MfaContext::Absent,
            Self::Console | Self::KeySession => MfaContext::False,
        }
    }
}

/// Returns the ways that credentials open.
pub(super) fn ways(credentials: &[Credential]) -> Vec<Way> {
    let mut ways = Vec::new();
    if credentials.contains(&Credential::AccessKey) {
        ways.push(Way::Key);
    }
    if credentials.contains(&Credential::Password) {
        // It can do whatever the session of a key can.
        ways.push(Way::Console);
    } else if credentials.contains(&Credential::AccessKey) {
        ways.push(Way::KeySession);
    }
    ways
}

/// Writes the context as a phrase that fits behind "can be done".
impl fmt::Display for MfaContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => "with an access key",
            Self::False => "in a session without MFA",
            Self::True => "in a session with MFA",
        })
    }
}
