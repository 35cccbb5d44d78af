//! Whom a statement names.

use std::fmt;

/// A principal, as a statement names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Principal {
    /// `"*"` in the place of the object: everyone, of whatever kind.
    Everyone,
    /// A value of `AWS`: an account, a user, a role, a session, or `*`.
    Aws(String),
    /// A value of `Service`: a service of AWS.
    Service(String),
    /// A value of `Federated`: an identity provider.
    Federated(String),
    /// A value of another kind, which stands first: `CanonicalUser`.
    Other(String, String),
}

/// What a principal is, as far as its name tells.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PrincipalKind<'a> {
    /// Everyone.
    Everyone,
    /// Whoever in an account its own policies let: `arn:aws:iam::111122223333:root`, or the bare number.
    Account(&'a str),
    /// An IAM user.
    IamUser {
        /// The number of its account.
        account: &'a str,
    },
    /// A role, or a session of one.
    Role,
    /// A session that an IAM user made for someone, with `GetFederationToken`.
    FederatedUser {
        /// The number of its account.
        account: &'a str,
    },
    /// A service of AWS.
    Service,
    /// Whoever an identity provider vouches for.
    Federated,
    /// The unique identifier that AWS puts in the place of a principal that was deleted: nobody.
    Deleted,
    /// None of these.
    Unrecognized,
}

impl Principal {
    /// Returns what the principal is.
    pub fn kind(&self) -> PrincipalKind<'_> {
        match self {
            Self::Everyone => PrincipalKind::Everyone,
            Self::Aws(name) => of_aws(name),
            Self::Service(_) => PrincipalKind::Service,
            Self::Federated(_) => PrincipalKind::Federated,
            Self::Other(..) => PrincipalKind::Unrecognized,
        }
    }
}

/// Writes the principal as a reader knows it.
impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str("*"),
            Self::Aws(name) | Self::Service(name) | Self::Federated(name) => f.write_str(name),
            Self::Other(kind, name) => write!(f, "{kind} {name}"),
        }
    }
}

/// Source: "AWS JSON policy elements: Principal" in the IAM user guide.
fn of_aws(name: &str) -> PrincipalKind<'_> {
    if name == "*" {
        return PrincipalKind::Everyone;
    }
    if is_account(name) {
        return PrincipalKind::Account(name);
    }
    let unique = |it: &str| name.len() > 16 && name.starts_with(it);
    if !name.contains(':')
        && ["AIDA", "AROA", "AGPA", "ASIA", "AKIA"]
            .into_iter()
            .any(unique)
    {
        return PrincipalKind::Deleted;
    }
    let parts: Vec<_> = name.splitn(6, ':').collect();
    let ["arn", _, service, _, account, resource] = parts.as_slice() else {
        return PrincipalKind::Unrecognized;
    };
    let is = |kind: &str| {
        resource
            .strip_prefix(kind)
            .is_some_and(|it| it.starts_with('/'))
    };
    match *service {
        "iam" if *resource == "root" && is_account(account) => PrincipalKind::Account(account),
        "iam" if is("user") => PrincipalKind::IamUser { account },
        "iam" if is("role") => PrincipalKind::Role,
        "sts" if is("assumed-role") => PrincipalKind::Role,
        "sts" if is("federated-user") => PrincipalKind::FederatedUser { account },
        _ => PrincipalKind::Unrecognized,
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|it| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{Principal, PrincipalKind as Kind};

    #[test]
    fn a_principal_is_told_by_its_name() {
        let account = "111122223333";
        for (name, kind) in [
            ("*", Kind::Everyone),
            ("111122223333", Kind::Account(account)),
            ("arn:aws-cn:iam::111122223333:root", Kind::Account(account)),
            (
                "arn:aws:iam::111122223333:user/a/b",
                Kind::IamUser { account },
            ),
            (
                "arn:aws:iam::111122223333:user/root",
                Kind::IamUser { account },
            ),
            ("arn:aws:iam::111122223333:role/aws-reserved/x", Kind::Role),
            ("arn:aws:sts::111122223333:assumed-role/r/s", Kind::Role),
            (
                "arn:aws:sts::111122223333:federated-user/f",
                Kind::FederatedUser { account },
            ),
            ("AIDAIOSFODNN7EXAMPLE1", Kind::Deleted),
            ("AROAIOSFODNN7EXAMPLE1", Kind::Deleted),
            ("AIDA", Kind::Unrecognized),
            ("arn:aws:iam::111122223333:group/g", Kind::Unrecognized),
            ("arn:aws:iam::111122223333:users/u", Kind::Unrecognized),
            ("11112222333", Kind::Unrecognized),
            ("", Kind::Unrecognized),
        ] {
            assert_eq!(Principal::Aws(name.into()).kind(), kind, "{name}");
        }
    }
}
