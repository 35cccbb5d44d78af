//! The first line of a snapshot: who looked, at what, when.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{AccountId, Arn, Dataset, Organization, ServiceControlPolicy, Timestamp};

/// Who looked, at what, when, and how.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Header {
    /// The version of the file's form.
    pub format: u32,
    /// The version of mfaudit that wrote it.
    pub tool_version: String,
    /// How the facts were had.
    pub mode: Mode,
    /// When the run began: the "now" of every rule about age. `None` for saved evidence without `--as-of`.
    pub collected_at: Option<Timestamp>,
    /// Who asked; `None` for saved evidence.
    pub caller: Option<Arn>,
    /// The organization; `None` for an account that belongs to none, and for saved evidence.
    pub organization: Option<Organization>,
    /// Which accounts were asked for.
    pub scope: ScopeFilter,
    /// The settings of the run that decide what can be seen.
    pub parameters: Parameters,
    /// The endpoint, where the answers did not come from AWS's own.
    pub endpoint: Option<String>,
    /// Whether the organization uses Identity Center, whose users no call shows.
    #[serde(default, skip_serializing_if = "is_default")]
    pub identity_center: IdentityCenter,
    /// The organization's service control policies, if they were asked for, ordered by identifier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service_control_policies: Vec<ServiceControlPolicy>,
    /// Whether the list of accounts was read to its end.
    #[serde(default, skip_serializing_if = "AccountList::is_whole")]
    pub account_list: AccountList,
    /// Which shard of a run it is; `None` for a whole run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<ShardOf>,
    /// What a reader should know of the run as a whole, as sentences without a full stop.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Whether the organization uses IAM Identity Center, as `ListAWSServiceAccessForOrganization` tells: a service that
/// works across the organization's accounts is on its list, Identity Center as `sso.amazonaws.com`.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityCenter {
    /// It is on the list.
    InUse,
    /// The list was seen whole, and it is not on it. An account may still have an instance of its own.
    NotInUse,
    /// The list was not seen.
    #[default]
    NotSeen,
}

/// A part of a run that was shared out: it holds the accounts that are this shard's, and no others.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ShardOf {
    /// Which one, from 0.
    pub index: u32,
    /// How many there are.
    pub count: u32,
    /// The SHA-256 of the list of accounts that was shared out, in hexadecimal.
    pub account_list: String,
}

impl IdentityCenter {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::InUse, Self::NotInUse, Self::NotSeen];

    /// Returns the stable kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InUse => "in-use",
            Self::NotInUse => "not-in-use",
            Self::NotSeen => "not-seen",
        }
    }
}

/// Whether the list of accounts was read to its end: if not, nobody knows which accounts are missing.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountList {
    /// It was.
    #[default]
    Whole,
    /// It was not, for this reason, which is a fragment without a full stop.
    Cut(String),
}

impl AccountList {
    /// Tells whether the list was read to its end.
    pub fn is_whole(&self) -> bool {
        *self == Self::Whole
    }
}

/// How the facts of a snapshot were had.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// From AWS: credential reports, and live calls where they change the answer.
    ReportFirst,
    /// From AWS, by live calls for every user.
    Live,
    /// From files saved earlier.
    SavedEvidence,
}

/// Which accounts were asked for. All lists empty: every account of the organization.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct ScopeFilter {
    /// Only these accounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountId>,
    /// Not these accounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_accounts: Vec<AccountId>,
    /// Only accounts in or below these organizational units, as given: identifier, name or path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organizational_units: Vec<String>,
}

impl ScopeFilter {
    /// Tells whether every account of the organization was asked for.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

/// The settings of a run that decide what can be seen.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Parameters {
    /// The datasets that were asked for.
    pub datasets: BTreeSet<Dataset>,
    /// The role assumed in member accounts, with its path; empty for saved evidence.
    pub role: String,
    /// Whether root users of member accounts were looked at by sessions of their own.
    #[serde(default, skip_serializing_if = "RootAccess::is_never")]
    pub root_access: RootAccess,
    /// The key of the accounts' tag that names their owners, if it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_tag: Option<String>,
    /// The SHA-256 of the rules and of what is set of them, in hexadecimal: they decide which answers are confirmed. It
    /// stands where a run is gone on with, in journals and lists of accounts, and not in snapshots, which are judged by
    /// any rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection_sha256: Option<String>,
}

/// Whether root users of member accounts are looked at by sessions of their own (`sts:AssumeRoot`), which show their
/// password, access keys, certificates and every MFA device.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RootAccess {
    /// They are not.
    #[default]
    Never,
    /// They are, if the organization has central management of root credentials enabled.
    Auto,
    /// It is tried in every member account.
    Always,
}

impl RootAccess {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    fn is_never(&self) -> bool {
        *self == Self::Never
    }
}

/// Tells whether a key may be left out, so that snapshots that never held it stay the same bytes.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::{Header, IdentityCenter};

    const WITHOUT: &str = r#"{"format":1,"tool_version":"0.1.0","mode":"live","collected_at":null,"caller":null,
        "organization":null,"scope":{},"parameters":{"datasets":[],"role":""},"endpoint":null}"#;

    #[test]
    fn a_header_that_says_nothing_of_identity_center_did_not_see_it() {
        let header: Header = serde_json::from_str(WITHOUT).unwrap();
        assert_eq!(header.identity_center, IdentityCenter::NotSeen);
        let written = serde_json::to_string(&header).unwrap();
        assert!(!written.contains("identity_center"), "{written}");
    }

    #[test]
    fn what_was_seen_of_identity_center_is_written_by_name() {
        for it in IdentityCenter::ALL {
            let mut header: Header = serde_json::from_str(WITHOUT).unwrap();
            header.identity_center = it;
            let written = serde_json::to_string(&header).unwrap();
            assert_eq!(serde_json::from_str::<Header>(&written).unwrap(), header);
            let seen = it != IdentityCenter::NotSeen;
            assert_eq!(written.contains(it.name()), seen, "{written}");
        }
    }
}
