//! What is known of the run whose failures are to be fixed.

use model::{FeatureState, Timestamp};

use super::case::Case;

/// What is known of the run whose failures are to be fixed.
#[derive(Debug, Default)]
pub(super) struct RunTold {
    pub(super) collected_at: Option<Timestamp>,
    pub(super) membership: Membership,
    /// Whether root credentials are managed centrally.
    pub(super) root_credentials_management: Option<FeatureState>,
    /// When the oldest evidence of a verdict held.
    pub(super) oldest_evidence: Option<Timestamp>,
    /// What was seen; `None` if what was read does not tell.
    pub(super) coverage: Option<CoverageTold>,
}

/// Whether the accounts belong to an organization.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) enum Membership {
    /// To one with this management account.
    Organization(String),
    /// To none.
    None,
    #[default]
    NotTold,
}

/// What was seen of what the rules need.
#[derive(Debug, Default)]
pub(super) struct CoverageTold {
    /// In percent, to two decimals; `None` if there was nothing to see.
    pub(super) percent: Option<String>,
    pub(super) accounts: u64,
    pub(super) accounts_short: u64,
    /// The accounts that are listed and not audited.
    pub(super) accounts_not_active: u64,
    /// Why the list of accounts was not read to its end.
    pub(super) account_list_cut: Option<String>,
    pub(super) gaps: Vec<GapTold>,
}

/// What was not seen for one cause, and what whoever audits does about it.
#[derive(Debug)]
pub(super) struct GapTold {
    pub(super) accounts: u64,
    pub(super) findings: u64,
    pub(super) remedy: String,
    pub(super) command: Option<String>,
}

/// How a root user is freed of what it fails for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum RootPath {
    /// From the management account.
    Central,
    /// By signing in as it: the management account's.
    OfManagement,
    /// By signing in as it: the account belongs to no organization.
    OfStandalone,
    /// By signing in as it, unless the organization begins to manage root credentials.
    NotEnabled,
    /// By signing in as it, unless the organization manages root credentials, which was not seen.
    NotTold,
}

impl CoverageTold {
    /// Tells whether all was seen.
    pub(super) fn is_whole(&self) -> bool {
        let all = self.percent.as_deref() == Some("100.00") && self.accounts > 0;
        all && self.accounts_short == 0 && self.account_list_cut.is_none() && self.gaps.is_empty()
    }
}

impl RunTold {
    /// Returns how the root user of a case's account is freed of what it fails for.
    pub(super) fn root_path(&self, case: &Case) -> RootPath {
        match &self.membership {
            Membership::None => return RootPath::OfStandalone,
            Membership::Organization(it) if *it == case.account_id.as_str() => {
                return RootPath::OfManagement;
            }
            Membership::Organization(_) | Membership::NotTold => {}
        }
        // The rule judges no management account and fails nowhere else.
        let says = |it: &super::case::Failure| it.rule == "root-user-credentials-removed";
        if case.failures.iter().any(says) {
            return RootPath::Central;
        }
        match (&self.membership, self.root_credentials_management) {
            (Membership::Organization(_), Some(FeatureState::Enabled)) => RootPath::Central,
            (Membership::Organization(_), Some(FeatureState::NotEnabled)) => RootPath::NotEnabled,
            _ => RootPath::NotTold,
        }
    }
}
