//! A value that was observed, or the reason it was not.

use std::{fmt, sync::LazyLock};

use serde::{Deserialize, Serialize};

use crate::{Dataset, Timestamp};

/// An observed value with its observation, or the gap where it should be.
///
/// Observations and gaps stand in tables of the account's [`Record`](crate::Record): a million users share a few.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact<T> {
    /// It was seen.
    Known(T, ObservationId),
    /// It was not seen, so nothing may be concluded.
    Unknown(GapId),
}

impl<T> Fact<T> {
    /// Returns the value, or the gap.
    ///
    /// # Errors
    ///
    /// Returns the gap if the value was not observed.
    pub const fn get(&self) -> Result<&T, GapId> {
        match self {
            Self::Known(value, _) => Ok(value),
            Self::Unknown(gap) => Err(*gap),
        }
    }

    /// Returns the value, if it was observed.
    pub fn known(&self) -> Option<&T> {
        self.get().ok()
    }

    /// Returns the observation the value comes from, if it was observed.
    pub const fn observation(&self) -> Option<ObservationId> {
        match self {
            Self::Known(_, observation) => Some(*observation),
            Self::Unknown(_) => None,
        }
    }

    /// Returns a fact that nobody asked for.
    pub const fn unasked(dataset: Dataset) -> Self {
        Self::Unknown(GapId::unasked(dataset))
    }

    /// Tells whether nobody asked for the fact.
    pub const fn is_unasked(&self) -> bool {
        matches!(self, Self::Unknown(gap) if gap.is_unasked())
    }

    /// Returns the same fact with its value mapped.
    pub fn map<U>(&self, map: impl FnOnce(&T) -> U) -> Fact<U> {
        match self {
            Self::Known(value, observation) => Fact::Known(map(value), *observation),
            Self::Unknown(gap) => Fact::Unknown(*gap),
        }
    }
}

/// Things that were listed, and whether the list is whole.
///
/// If a list could not be read to its end, its members do not vanish: what was seen stands beside the gap.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Listing<T> {
    /// What was seen.
    pub items: Vec<T>,
    /// The observation it comes from; `None` where nothing was seen.
    pub observation: Option<ObservationId>,
    /// The gap where more may be; `None` if the list is whole.
    pub gap: Option<GapId>,
}

impl<T> Listing<T> {
    /// Returns a list that is known to be whole.
    pub const fn whole(items: Vec<T>, observation: ObservationId) -> Self {
        Self {
            items,
            observation: Some(observation),
            gap: None,
        }
    }

    /// Returns a list that nobody asked for.
    pub const fn unasked(dataset: Dataset) -> Self {
        Self::unseen(GapId::unasked(dataset))
    }

    /// Tells whether nobody asked for the list.
    pub const fn is_unasked(&self) -> bool {
        self.items.is_empty() && matches!(self.gap, Some(gap) if gap.is_unasked())
    }

    /// Returns an empty list of which all may be missing.
    pub const fn unseen(gap: GapId) -> Self {
        Self {
            items: Vec::new(),
            observation: None,
            gap: Some(gap),
        }
    }
}

/// An index into a record's table of observations.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct ObservationId(pub u32);

/// An index into a record's table of gaps, or one of the gaps that no table needs to hold.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct GapId(pub u32);

/// The kinds of gap that no table needs to hold, and the room each has for datasets.
const UNASKED: u32 = 0;
const UNSAID: u32 = 1;
const UNTIMED: u32 = 2;
const UNCLEAR: u32 = 3;
const UNDEFINED: u32 = 4;
const UNCOMPUTED: u32 = 5;
const UNPLACED: u32 = 6;
const ROOM: u32 = 64;

impl GapId {
    /// Returns the gap of a dataset that nobody asked for.
    pub const fn unasked(dataset: Dataset) -> Self {
        Self::fixed(UNASKED, dataset)
    }

    /// Returns the gap of a dataset of which the evidence as a whole does not say anything.
    pub const fn unsaid(dataset: Dataset) -> Self {
        Self::fixed(UNSAID, dataset)
    }

    /// Returns the gap of a dataset whose facts were seen, and which cannot be judged since nothing tells what day
    /// it was.
    pub const fn untimed(dataset: Dataset) -> Self {
        Self::fixed(UNTIMED, dataset)
    }

    /// Returns the gap of a dataset whose facts were seen, and whose meaning cannot be told for certain.
    pub const fn unclear(dataset: Dataset) -> Self {
        Self::fixed(UNCLEAR, dataset)
    }

    /// Returns the gap of a value that does not exist, such as the age of a password that is not set, where a rule
    /// that users wrote asks for it.
    pub const fn undefined(dataset: Dataset) -> Self {
        Self::fixed(UNDEFINED, dataset)
    }

    /// Returns the gap of a verdict that an expression gave none for, though every fact it reads was seen.
    pub const fn uncomputed(dataset: Dataset) -> Self {
        Self::fixed(UNCOMPUTED, dataset)
    }

    /// Returns the gap of an account's name and place in its organization, which nothing told. They are of no dataset:
    /// `dataset` is the one that the rule judges by.
    pub const fn unplaced(dataset: Dataset) -> Self {
        Self::fixed(UNPLACED, dataset)
    }

    const fn fixed(kind: u32, dataset: Dataset) -> Self {
        Self(u32::MAX - kind * ROOM - dataset as u32)
    }

    const fn is_unasked(self) -> bool {
        self.0 > u32::MAX - ROOM
    }

    /// Returns the gap, if it is one that no table needs to hold.
    pub(crate) fn without_table(self) -> Option<&'static Gap> {
        static GAPS: LazyLock<Vec<Gap>> = LazyLock::new(|| {
            let kinds = [
                (GapReason::NotRequested, ""),
                (GapReason::NotInEvidence, ""),
                (
                    GapReason::NotInEvidence,
                    "when it was taken is not known; --as-of tells",
                ),
                (GapReason::Unclear, ""),
                (
                    GapReason::Undefined,
                    "there is none; let `when` leave such subjects out",
                ),
                (GapReason::Undefined, "the expression could not be computed"),
                (
                    GapReason::Undefined,
                    "the account's name or its place in the organization was not told",
                ),
            ];
            let gap = |dataset: u32, (reason, detail): (GapReason, &str)| {
                let dataset = Dataset::ALL.iter().find(|it| **it as u32 == dataset);
                Gap {
                    detail: detail.to_owned(),
                    ..Gap::new(*dataset.unwrap_or(&Dataset::IamUsers), reason)
                }
            };
            let all = kinds.map(|kind| (0..ROOM).map(move |dataset| gap(dataset, kind)));
            all.into_iter().flatten().collect()
        });
        GAPS.get(usize::try_from(u32::MAX - self.0).ok()?)
    }
}

/// Where and when facts were seen.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Observation {
    /// The AWS operation whose answer says so.
    pub source: Source,
    /// When the answer held. For a credential report, when AWS made it, which may be hours before it was fetched.
    /// `None` for saved evidence that does not tell.
    pub at: Option<Timestamp>,
}

/// An AWS operation that facts come from, in AWS's own spelling.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[expect(missing_docs, reason = "the names are AWS's")]
pub enum Source {
    GetAccessKeyLastUsed,
    GetAccountAuthorizationDetails,
    GetAccountPasswordPolicy,
    GetAccountSummary,
    GetCredentialReport,
    GetLoginProfile,
    #[serde(rename = "GetMFADevice")]
    GetMfaDevice,
    ListAccessKeys,
    #[serde(rename = "ListMFADevices")]
    ListMfaDevices,
    ListOrganizationsFeatures,
    ListPolicies,
    ListServiceSpecificCredentials,
    ListSigningCertificates,
    ListTagsForResource,
    ListUsers,
    #[serde(rename = "ListVirtualMFADevices")]
    ListVirtualMfaDevices,
}

impl Source {
    /// Tells whether the answer describes the moment of the call. A credential report describes an earlier one.
    pub const fn is_live(self) -> bool {
        !matches!(self, Self::GetCredentialReport)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GetAccessKeyLastUsed => "GetAccessKeyLastUsed",
            Self::GetAccountAuthorizationDetails => "GetAccountAuthorizationDetails",
            Self::GetAccountPasswordPolicy => "GetAccountPasswordPolicy",
            Self::GetAccountSummary => "GetAccountSummary",
            Self::GetCredentialReport => "GetCredentialReport",
            Self::GetLoginProfile => "GetLoginProfile",
            Self::GetMfaDevice => "GetMFADevice",
            Self::ListAccessKeys => "ListAccessKeys",
            Self::ListMfaDevices => "ListMFADevices",
            Self::ListOrganizationsFeatures => "ListOrganizationsFeatures",
            Self::ListPolicies => "ListPolicies",
            Self::ListServiceSpecificCredentials => "ListServiceSpecificCredentials",
            Self::ListSigningCertificates => "ListSigningCertificates",
            Self::ListTagsForResource => "ListTagsForResource",
            Self::ListUsers => "ListUsers",
            Self::ListVirtualMfaDevices => "ListVirtualMFADevices",
        })
    }
}

/// What is missing, and why.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Gap {
    /// The kind of fact that is missing.
    pub dataset: Dataset,
    /// Why it is missing.
    pub reason: GapReason,
    /// The AWS operation that would have told, as AWS spells it: `ListUsers`. Empty where none is to blame.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub operation: String,
    /// The particulars, AWS's own message where there is one. Empty if the reason says it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The policy that a denial names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<DenyingPolicy>,
}

impl Gap {
    /// Returns a gap of which nothing more is known than its reason.
    pub const fn new(dataset: Dataset, reason: GapReason) -> Self {
        Self {
            dataset,
            reason,
            operation: String::new(),
            detail: String::new(),
            policy: None,
        }
    }
}

/// The cause of a gap.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GapReason {
    /// The role in the account could not be assumed.
    EntryDenied,
    /// AWS refused the call.
    AccessDenied,
    /// AWS kept throttling after every retry.
    Throttled,
    /// AWS could not be reached, or gave no usable HTTP answer.
    Unreachable,
    /// AWS answered with another error.
    Failed,
    /// The time allowed ran out.
    Deadline,
    /// The credentials ran out before the answer came.
    ExpiredCredentials,
    /// The answer, or the file, does not have the form it must have.
    Malformed,
    /// Two sources, or two rows of one report, disagree.
    Contradictory,
    /// The answer is older than it may be.
    Stale,
    /// No call of the chosen mode can show it.
    NotVisible,
    /// It was not asked for.
    NotRequested,
    /// The saved evidence does not say.
    NotInEvidence,
    /// It was seen, and what it comes to cannot be told for certain: a policy.
    Unclear,
    /// The run was stopped before the account's turn.
    Interrupted,
    /// The run was shared out, and the shard that had the account delivered nothing.
    ShardMissing,
    /// A rule that users wrote asks for a value that does not exist.
    Undefined,
}

impl GapReason {
    /// Returns the stable kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EntryDenied => "entry-denied",
            Self::AccessDenied => "access-denied",
            Self::Throttled => "throttled",
            Self::Unreachable => "unreachable",
            Self::Failed => "failed",
            Self::Deadline => "deadline",
            Self::ExpiredCredentials => "expired-credentials",
            Self::Malformed => "malformed",
            Self::Contradictory => "contradictory",
            Self::Stale => "stale",
            Self::NotVisible => "not-visible",
            Self::NotRequested => "not-requested",
            Self::NotInEvidence => "not-in-evidence",
            Self::Unclear => "unclear",
            Self::Interrupted => "interrupted",
            Self::ShardMissing => "shard-missing",
            Self::Undefined => "undefined",
        }
    }
}

/// Writes the reason as a phrase that fits "… could not be read: …".
impl fmt::Display for GapReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EntryDenied => "the account could not be entered",
            Self::AccessDenied => "access denied",
            Self::Throttled => "throttled",
            Self::Unreachable => "AWS was not reachable",
            Self::Failed => "AWS answered with an error",
            Self::Deadline => "the time allowed ran out",
            Self::ExpiredCredentials => "the credentials expired",
            Self::Malformed => "the answer is malformed",
            Self::Contradictory => "the sources contradict each other",
            Self::Stale => "the evidence is too old",
            Self::NotVisible => "no call of this mode shows it",
            Self::NotRequested => "not asked for",
            Self::NotInEvidence => "the evidence does not say",
            Self::Unclear => "what it comes to cannot be told for certain",
            Self::Interrupted => "the run was interrupted",
            Self::ShardMissing => "its shard delivered nothing",
            Self::Undefined => "the rule asks for what has no value",
        })
    }
}

/// A policy that a denial names.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct DenyingPolicy {
    /// The kind of policy.
    pub kind: PolicyKind,
    /// Its ARN, where AWS's message gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
}

/// The kinds of policy that AWS's denial messages tell apart.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyKind {
    /// A policy of the user or role.
    Identity,
    /// A service control policy of the organization.
    ServiceControl,
    /// A resource control policy of the organization.
    ResourceControl,
    /// A permissions boundary.
    PermissionsBoundary,
    /// A session policy, given when the role was assumed.
    Session,
    /// A policy of the resource; for a role, its trust policy.
    Resource,
    /// A role's trust policy, its session's policy or its existence: AWS does not tell which.
    Trust,
}

impl fmt::Display for PolicyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Identity => "identity-based policy",
            Self::ServiceControl => "service control policy",
            Self::ResourceControl => "resource control policy",
            Self::PermissionsBoundary => "permissions boundary",
            Self::Session => "session policy",
            Self::Resource => "resource-based policy",
            Self::Trust => "role trust policy",
        })
    }
}

/// Writes the gap as one sentence without a full stop: what, why, and AWS's own words.
impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} not seen: {}", self.dataset, self.reason)?;
        if !self.operation.is_empty() {
            write!(f, " ({})", self.operation)?;
        }
        if let Some(policy) = &self.policy {
            write!(f, " by {}", policy.kind)?;
            if let Some(arn) = &policy.arn {
                write!(f, " {arn}")?;
            }
        }
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}
