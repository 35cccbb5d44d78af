//! The few failures that prevent any collection.

use aws::Trouble;
use model::AccountId;

/// Why no account can be collected.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum StartError {
    /// AWS does not say who the caller is.
    #[error("AWS does not tell who the caller is: {}", .0.detail)]
    Caller(Trouble),
    /// The accounts cannot be listed, though the caller's account may.
    #[error("the accounts of the organization cannot be listed: {}", .0.detail)]
    Listing(Trouble),
    /// The caller's account is a plain member, which may not list the accounts.
    #[error(
        "account {account} is neither the management account of {organization} nor a delegated administrator, so AWS does not let it list the accounts"
    )]
    PlainMember {
        /// The caller's account.
        account: AccountId,
        /// The organization's id, or words in its place.
        organization: String,
    },
    /// An account that was asked for is not in the organization.
    #[error("account {0} is not in the organization")]
    UnknownAccount(AccountId),
    /// An organizational unit that was asked for does not exist, or its name was not seen.
    #[error("no organizational unit has the id, name or path `{given}`")]
    UnknownUnit {
        /// What was asked for.
        given: String,
        /// The paths that do exist.
        known: Vec<String>,
    },
    /// An organizational unit's name stands for several.
    #[error("several organizational units are called `{given}`")]
    AmbiguousUnit {
        /// What was asked for.
        given: String,
        /// The paths it may mean.
        paths: Vec<String>,
    },
}
