//! Accounts, the organization they belong to, and which of them an audit covers.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An AWS account's identifier: twelve digits.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct AccountId(Box<str>);

/// A text that is not an account identifier.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not an account id (twelve digits)")]
pub struct InvalidAccountId(String);

impl AccountId {
    /// Returns the digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the digits as a number, for tables of many accounts.
    pub fn number(&self) -> u64 {
        // Twelve digits fit.
        self.0.parse().unwrap_or_default()
    }

    /// Returns the identifier of this number, of which the last twelve digits count.
    pub fn from_number(number: u64) -> Self {
        Self(format!("{:012}", number % 1_000_000_000_000).into())
    }

    /// Returns an identifier from saved evidence, where hand-edited files hold fewer than twelve digits.
    ///
    /// `None` unless the text is one to twelve digits.
    pub fn as_written(text: &str) -> Option<Self> {
        let digits = (1..=12).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
        digits.then(|| Self(text.into()))
    }

    /// Tells whether AWS could have issued this identifier: twelve digits.
    pub fn is_whole(&self) -> bool {
        self.0.len() == 12
    }
}

impl FromStr for AccountId {
    type Err = InvalidAccountId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::as_written(text)
            .filter(Self::is_whole)
            .ok_or_else(|| InvalidAccountId(text.to_owned()))
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An AWS partition: `aws`, `aws-us-gov`, `aws-cn`, `aws-eusc`, `aws-iso…`; new ones appear.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Partition(Box<str>);

impl Partition {
    /// Returns the partition of that name.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// Returns the commercial partition, `aws`.
    pub fn commercial() -> Self {
        Self::new("aws")
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An AWS organization.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Organization {
    /// The identifier, `o-…`.
    pub id: String,
    /// The management account (the API calls it the master account).
    pub management_account: AccountId,
}

/// An AWS account as discovery saw it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Account {
    /// The identifier.
    pub id: AccountId,
    /// The account's name; empty where AWS or the evidence gives none.
    pub name: String,
    /// The partition its ARNs are in.
    pub partition: Partition,
    /// Its part in the organization.
    pub kind: AccountKind,
    /// Its state in the organization.
    pub state: AccountState,
    /// Whether the audit covers it.
    pub scope: Scope,
    /// The names of the organizational units above it, joined by `/`: `Workloads/Prod`. Empty at the root of
    /// the organization, and where the unit is not known. A unit whose name was not seen stands as its identifier.
    ///
    /// While accounts are collected, a path is made of identifiers and begins with the root's: `r-…/ou-…/ou-…`; it is
    /// empty where the account's place is not known.
    pub ou_path: String,
}

/// An account's part in its organization.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountKind {
    /// The organization's management account, to which service control policies do not apply.
    Management,
    /// A member account.
    Member,
    /// An account that belongs to no organization.
    Standalone,
    /// Nothing seen tells.
    Unstated,
}

/// An account's state, from `Account.State` of Organizations or, before that field existed, `Account.Status`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountState {
    /// In use.
    Active,
    /// Being created.
    PendingActivation,
    /// Suspended by AWS; under the older `Status`, closed accounts read so too.
    Suspended,
    /// Being closed.
    PendingClosure,
    /// Closed.
    Closed,
    /// A state this version does not know, as AWS spelt it.
    Unrecognized(String),
    /// AWS, or the evidence, gave none.
    Unstated,
}

impl AccountState {
    /// Returns the state AWS spells so.
    pub fn from_aws(text: &str) -> Self {
        match text {
            "ACTIVE" => Self::Active,
            "PENDING_ACTIVATION" => Self::PendingActivation,
            "SUSPENDED" => Self::Suspended,
            "PENDING_CLOSURE" => Self::PendingClosure,
            "CLOSED" => Self::Closed,
            "" => Self::Unstated,
            other => Self::Unrecognized(other.to_owned()),
        }
    }

    /// Tells whether an account in this state is audited. A state nobody told us about, or one we do not know,
    /// is: to skip it silently would be to conclude from absence.
    pub const fn is_audited(&self) -> bool {
        match self {
            Self::Active | Self::Unrecognized(_) | Self::Unstated => true,
            Self::PendingActivation | Self::Suspended | Self::PendingClosure | Self::Closed => {
                false
            }
        }
    }
}

impl fmt::Display for AccountState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "active",
            Self::PendingActivation => "pending activation",
            Self::Suspended => "suspended",
            Self::PendingClosure => "pending closure",
            Self::Closed => "closed",
            Self::Unrecognized(text) => text,
            Self::Unstated => "unstated",
        })
    }
}

/// Whether an audit covers an account.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The account is audited.
    Audited,
    /// The account is listed, but not audited: its state is not active.
    NotActive,
}
