//! Amazon Resource Names, validated on entry and never parsed again.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{AccountId, Partition};

/// An Amazon Resource Name: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Arn(Box<str>);

/// A text that is not an ARN.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not an ARN (arn:partition:service:region:account:resource)")]
pub struct InvalidArn(String);

impl Arn {
    /// Returns the ARN of an account's root user.
    pub fn root_user(partition: &Partition, account: &AccountId) -> Self {
        Self(format!("arn:{partition}:iam::{account}:root").into())
    }

    /// Returns the ARN of an IAM user without a path, for evidence that names the user alone.
    pub fn iam_user(partition: &Partition, account: &AccountId, name: &str) -> Self {
        Self(format!("arn:{partition}:iam::{account}:user/{name}").into())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the partition: `aws`, `aws-us-gov`, `aws-cn`, …
    pub fn partition(&self) -> Partition {
        Partition::new(self.part(1))
    }

    /// Returns the service: `iam`, `sts`, …
    pub fn service(&self) -> &str {
        self.part(2)
    }

    /// Returns the account's digits as written; empty where the ARN has none.
    pub fn account(&self) -> &str {
        self.part(4)
    }

    /// Returns what follows the account: `root`, `user/path/name`, …
    pub fn resource(&self) -> &str {
        self.part(5)
    }

    /// Tells whether this is exactly an account's root user. Never by substring: a user may be called `groot`.
    pub fn is_root_user(&self) -> bool {
        self.service() == "iam" && self.resource() == "root"
    }

    fn part(&self, index: usize) -> &str {
        self.0.splitn(6, ':').nth(index).unwrap_or_default()
    }
}

impl FromStr for Arn {
    type Err = InvalidArn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let trimmed = text.trim();
        let mut parts = trimmed.splitn(6, ':');
        let mut next = || parts.next().unwrap_or_default();
        let (arn, partition, service) = (next(), next(), next());
        let (_, _, resource) = (next(), next(), next());
        let whole =
            arn == "arn" && !partition.is_empty() && !service.is_empty() && !resource.is_empty();
        // Nearly every ARN is ASCII, which bytes tell much faster than characters.
        let is_plain = trimmed.bytes().all(|it| (b' '..=b'~').contains(&it));
        if whole && (is_plain || !trimmed.chars().any(char::is_control)) {
            Ok(Self(trimmed.into()))
        } else {
            Err(InvalidArn(text.to_owned()))
        }
    }
}

impl TryFrom<String> for Arn {
    type Error = InvalidArn;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Arn> for String {
    fn from(it: Arn) -> Self {
        it.0.into()
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Arn;

    #[test]
    fn only_the_root_user_is_the_root_user() {
        let is_root = |text: &str| text.parse::<Arn>().unwrap().is_root_user();
        assert!(is_root("arn:aws:iam::111122223333:root"));
        for other in [
            "user/root",
            "user/groot",
            "user/team:root",
            "mfa/root-account-mfa-device",
        ] {
            assert!(
                !is_root(&format!("arn:aws:iam::111122223333:{other}")),
                "{other}"
            );
        }
    }

    #[test]
    fn a_resource_keeps_its_colons() {
        let arn: Arn = "arn:aws:iam::111122223333:user/a:b".parse().unwrap();
        assert_eq!(arn.resource(), "user/a:b");
    }

    #[test]
    fn what_is_not_an_arn_is_refused() {
        for text in [
            "",
            "arn",
            "arn:aws:iam",
            "arn:aws:iam::1:",
            "x:aws:iam::1:root",
            "arn:aws:iam::1:user/a\nb",
        ] {
            assert!(text.parse::<Arn>().is_err(), "{text:?}");
        }
    }
}
