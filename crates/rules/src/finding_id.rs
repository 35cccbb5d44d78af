//! A finding's name: the same in every run, whatever else becomes of it.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};

use crate::{Finding, Subject};

/// A finding's name: sixteen hexadecimal digits, made of the rule and the subject alone. The same rule has the same
/// name for the same subject in every run, every report and every version.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct FindingId(u64);

/// A text that is no finding's name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InvalidFindingId(String);

impl FindingId {
    /// Returns the name of the finding of a rule for a subject.
    pub fn new(rule: &str, subject: &Subject) -> Self {
        // None of the parts can hold a line end.
        let mut hash = Sha256::new();
        for part in [rule, "\n", subject.kind.name(), "\n", subject.arn.as_str()] {
            hash.update(part.as_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        let first = digest.first_chunk().map(|it| u64::from_be_bytes(*it));
        Self(first.unwrap_or_default())
    }
}

impl Finding {
    /// Returns the finding's name.
    pub fn id(&self) -> FindingId {
        FindingId::new(self.rule.id, &self.subject)
    }
}

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for FindingId {
    type Err = InvalidFindingId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.len() == 16 && text.bytes().all(|it| it.is_ascii_hexdigit());
        let number = digits.then(|| u64::from_str_radix(text, 16).ok()).flatten();
        number
            .map(Self)
            .ok_or_else(|| InvalidFindingId(text.to_owned()))
    }
}

impl fmt::Display for InvalidFindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a finding's id (sixteen hexadecimal digits)",
            self.0
        )
    }
}

impl std::error::Error for InvalidFindingId {}

#[cfg(test)]
mod tests {
    use super::FindingId;
    use crate::{Subject, SubjectKind};

    fn subject(kind: SubjectKind, arn: &str) -> Subject {
        Subject {
            kind,
            arn: arn.parse().unwrap(),
        }
    }

    /// People keep these names in tickets: they may never change.
    #[test]
    fn a_name_is_the_same_for_ever() {
        let alice = subject(SubjectKind::IamUser, "arn:aws:iam::111122223333:user/alice");
        let id = FindingId::new("iam-user-console-mfa", &alice);
        assert_eq!(id.to_string(), "c38a89c2e766eb5b");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn another_rule_kind_or_subject_has_another_name() {
        let root = "arn:aws:iam::111122223333:root";
        let ids = [
            FindingId::new("root-user-mfa", &subject(SubjectKind::RootUser, root)),
            FindingId::new(
                "root-user-access-key",
                &subject(SubjectKind::RootUser, root),
            ),
            FindingId::new("root-user-mfa", &subject(SubjectKind::Account, root)),
            FindingId::new(
                "root-user-mfa",
                &subject(SubjectKind::RootUser, "arn:aws:iam::111122223334:root"),
            ),
        ];
        let unique: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len());
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in [
            "",
            "12",
            "0123456789abcdeg",
            "+123456789abcdef",
            "0123456789abcdef0",
        ] {
            assert!(text.parse::<FindingId>().is_err(), "{text}");
        }
    }
}
