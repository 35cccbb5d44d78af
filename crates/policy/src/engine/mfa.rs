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

impl Credential {
    /// Returns in which contexts without MFA a credential can act.
    ///
    /// An access key signs requests, and opens a session without MFA by `GetSessionToken`, which no policy can forbid.
    pub const fn without_mfa(self) -> &'static [MfaContext] {
        match self {
            Self::Password => &[MfaContext::False],
            Self::AccessKey => &[MfaContext::Absent, MfaContext::False],
        }
    }
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
