//! From answers to a record: which source a fact is taken from, and what two that disagree amount to.
//!
//! A pure function, so that collection and saved evidence cannot differ: both fill [`Answers`].

mod authorization;
mod iam_user;
mod policies;
mod root_user;
mod settle;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use aws::Trouble;
use model::{
    AccessKeyStatus, Account, ConsolePassword, Dataset, Fact, FidoCertifications, Gap, GapReason,
    LastUse, Listing, MfaDevice, Observation, ObservationId, PasswordPolicy, Record,
    ServiceSpecificCredential, Source, Timestamp,
};

pub(crate) use self::settle::Order;
use crate::{
    authorization::{Authorization, DATASETS},
    calls::{
        get_account_summary::AccountSummary, list_users::ListedUser,
        list_virtual_mfa_devices::AssignedDevice,
    },
    credential_report::{CredentialReport, SaidKey, Unsaid},
    root_access::RootReads,
};

/// An answer with its time, or why there is none.
pub(crate) type Answer<T> = Result<Timed<T>, Trouble>;

/// A value, and when it held; `None` if nothing tells.
#[derive(Clone, Debug, serde::Deserialize, serde::Serialize)]
pub(crate) struct Timed<T> {
    pub(crate) value: T,
    pub(crate) at: Option<Timestamp>,
}

/// A list, as far as it was had.
#[derive(Clone, Debug)]
pub(crate) struct Partial<T> {
    pub(crate) items: Vec<T>,
    pub(crate) at: Option<Timestamp>,
    /// Why the rest is missing; `None` if the list is whole.
    pub(crate) missing: Option<Trouble>,
}

impl<T> Partial<T> {
    /// Returns a list of which nothing was had.
    pub(crate) const fn none(why: Trouble) -> Self {
        Self {
            items: Vec::new(),
            at: None,
            missing: Some(why),
        }
    }
}

/// What was read of one user by calls about that user alone; `None` where it was not asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct UserReads {
    pub(crate) login_profile: Option<Answer<ConsolePassword>>,
    pub(crate) mfa_devices: Option<Answer<Vec<MfaDevice>>>,
    pub(crate) access_keys: Option<Answer<Vec<SaidKey>>>,
    pub(crate) certifications: Option<Answer<Vec<FidoCertifications>>>,
    /// When active keys were last used, by identifier.
    pub(crate) key_use: Option<Answer<BTreeMap<Box<str>, LastUse>>>,
    pub(crate) signing_certificates: Option<Answer<Vec<AccessKeyStatus>>>,
    pub(crate) service_specific_credentials: Option<Answer<Vec<ServiceSpecificCredential>>>,
}

/// Everything that was answered about one account.
#[derive(Clone, Debug)]
pub(crate) struct Answers {
    pub(crate) account: Account,
    /// How sources that disagree are put in order.
    pub(crate) order: Order,
    pub(crate) summary: Answer<AccountSummary>,
    pub(crate) report: Answer<CredentialReport>,
    pub(crate) virtual_devices: Partial<AssignedDevice>,
    /// The serial numbers of virtual devices that belong to nobody; `None` where they were not asked for.
    pub(crate) unassigned_devices: Option<Partial<Box<str>>>,
    /// `None` where it was not asked for.
    pub(crate) password_policy: Option<Answer<PasswordPolicy>>,
    pub(crate) users: Partial<ListedUser>,
    pub(crate) reads: BTreeMap<String, UserReads>,
    /// What IAM says of policies, groups and roles; `None` where it was not asked.
    pub(crate) authorization: Option<Authorization>,
    /// What a session of the root user told; `None` where there was none to be had.
    pub(crate) root: Option<RootReads>,
}

impl Answers {
    /// Returns answers of which every one is missing for the same reason.
    pub(crate) fn none(account: Account, order: Order, reason: GapReason) -> Self {
        let why = |operation: Source| Trouble::new(&operation.to_string(), reason, "");
        Self {
            account,
            order,
            summary: Err(why(Source::GetAccountSummary)),
            report: Err(why(Source::GetCredentialReport)),
            virtual_devices: Partial::none(why(Source::ListVirtualMfaDevices)),
            users: Partial::none(why(Source::ListUsers)),
            unassigned_devices: None,
            password_policy: None,
            reads: BTreeMap::new(),
            authorization: None,
            root: None,
        }
    }

    /// Returns answers of which every one is missing for the same trouble.
    pub(crate) fn troubled(account: Account, order: Order, trouble: &Trouble) -> Self {
        Self {
            summary: Err(trouble.clone()),
            report: Err(trouble.clone()),
            virtual_devices: Partial::none(trouble.clone()),
            users: Partial::none(trouble.clone()),
            unassigned_devices: Some(Partial::none(trouble.clone())),
            password_policy: Some(Err(trouble.clone())),
            authorization: Some(Authorization {
                datasets: DATASETS.into(),
                details: Partial::none(trouble.clone()),
            }),
            ..Self::none(account, order, trouble.reason)
        }
    }
}

/// A record, with what is worth a second look.
pub(crate) struct Assembled {
    pub(crate) record: Record,
    /// The users of whom a live answer contradicts the report: what else the report says of them may be old too.
    pub(crate) changed: BTreeSet<String>,
}

/// Makes the record.
pub(crate) fn assemble(answers: &Answers) -> Assembled {
    let record = Record::unseen(answers.account.clone(), |it| {
        Gap::new(it, GapReason::NotRequested)
    });
    let record = Record {
        gaps: Vec::new(),
        password_policy: Fact::unasked(Dataset::PasswordPolicy),
        unassigned_virtual_mfa_devices: Listing::unasked(Dataset::UnassignedVirtualMfaDevices),
        iam_roles: Listing::unasked(Dataset::RoleTrust),
        organization_features: Fact::unasked(Dataset::OrganizationFeatures),
        policies: Vec::new(),
        policy_sets: Vec::new(),
        service_control_policies: Fact::unasked(Dataset::ServiceControlPolicies),
        owner_tag: Fact::unasked(Dataset::OwnerTag),
        ..record
    };
    let mut builder = Builder {
        answers,
        record,
        tables: policies::Tables::default(),
        changed: BTreeSet::new(),
    };
    builder.record.identity_providers = builder.identity_providers();
    builder.record.root_user = root_user::root_user(&mut builder);
    builder.record.iam_users = builder.iam_users();
    builder.record.iam_roles = builder.iam_roles();
    builder.record.password_policy = builder.password_policy();
    builder.record.unassigned_virtual_mfa_devices = builder.unassigned_devices();
    Assembled {
        record: builder.record,
        changed: builder.changed,
    }
}

/// A record in the making.
struct Builder<'a> {
    answers: &'a Answers,
    record: Record,
    tables: policies::Tables<'a>,
    changed: BTreeSet<String>,
}

impl Builder<'_> {
    fn observed(&mut self, source: Source, at: Option<Timestamp>) -> ObservationId {
        self.record.observed(Observation { source, at })
    }

    fn unknown<T>(&mut self, gap: Gap) -> Fact<T> {
        Fact::Unknown(self.record.missing(gap))
    }

    /// Returns the gap a report leaves where it says nothing.
    fn unsaid(dataset: Dataset, unsaid: &Unsaid) -> Gap {
        let operation = Source::GetCredentialReport.to_string();
        let (reason, detail) = (unsaid.reason, unsaid.detail.clone());
        Gap {
            operation,
            detail,
            ..Gap::new(dataset, reason)
        }
    }

    fn password_policy(&mut self) -> Fact<PasswordPolicy> {
        let dataset = Dataset::PasswordPolicy;
        match &self.answers.password_policy {
            None => Fact::unasked(dataset),
            Some(Ok(policy)) => {
                let observation = self.observed(Source::GetAccountPasswordPolicy, policy.at);
                Fact::Known(policy.value, observation)
            }
            Some(Err(trouble)) => self.unknown(trouble.gap(dataset)),
        }
    }

    fn unassigned_devices(&mut self) -> Listing<Box<str>> {
        let dataset = Dataset::UnassignedVirtualMfaDevices;
        let Some(devices) = &self.answers.unassigned_devices else {
            return Listing::unasked(dataset);
        };
        let mut items = devices.items.clone();
        items.sort();
        let seen = devices.missing.is_none() || !items.is_empty();
        let missing = devices.missing.as_ref().map(|it| it.gap(dataset));
        Listing {
            items,
            observation: seen.then(|| self.observed(Source::ListVirtualMfaDevices, devices.at)),
            gap: missing.map(|it| self.record.missing(it)),
        }
    }

    fn identity_providers(&mut self) -> Fact<u32> {
        let dataset = Dataset::IdentityProviders;
        match &self.answers.summary {
            Err(trouble) => self.unknown(trouble.gap(dataset)),
            Ok(summary) => match summary
                .value
                .providers
                .and_then(|it| u32::try_from(it).ok())
            {
                Some(count) => {
                    Fact::Known(count, self.observed(Source::GetAccountSummary, summary.at))
                }
                None => self.unknown(lacks(dataset, "Providers")),
            },
        }
    }

    fn iam_users(&mut self) -> Listing<model::IamUser> {
        let answers = self.answers;
        let detailed = self.detailed_users();
        let listed: BTreeMap<_, _> = answers
            .users
            .items
            .iter()
            .chain(&detailed)
            .map(|it| (it.name.as_str(), it))
            .collect();
        let report = answers.report.as_ref().ok();
        let mut names: BTreeSet<&str> = listed.keys().copied().collect();
        let reported = report
            .into_iter()
            .flat_map(|it| it.value.users.keys().map(String::as_str));
        let gap = match &answers.users.missing {
            // Who is not in an earlier list may have been created since.
            None if !self.is_later(answers.users.at, report.and_then(|it| it.at)) => {
                names.extend(reported);
                self.unreadable_rows()
            }
            None => {
                let gone = reported.filter(|it| !listed.contains_key(it)).count();
                if gone > 0 {
                    let note = if gone == 1 {
                        "1 user of the credential report no longer exists and was left out"
                            .to_owned()
                    } else {
                        format!(
                            "{gone} users of the credential report no longer exist and were left out"
                        )
                    };
                    self.record.notes.push(note);
                }
                None
            }
            Some(trouble) => {
                names.extend(reported);
                names.extend(answers.reads.keys().map(String::as_str));
                self.gap_in_users(trouble)
            }
        };
        let observation = self.users_observation();
        let directory = authorization::Directory::new(self);
        let items = names
            .iter()
            .map(|it| iam_user::iam_user(self, &directory, it, listed.get(it).copied()))
            .collect();
        let gap = gap.map(|it| self.record.missing(it));
        Listing {
            items,
            observation,
            gap,
        }
    }

    /// Saved evidence without a list of users: the report names all there were. A live run must see those since.
    fn gap_in_users(&self, trouble: &Trouble) -> Option<Gap> {
        if self.details_name_all() {
            return None;
        }
        if self.answers.report.is_err() {
            return Some(trouble.gap(Dataset::IamUsers));
        }
        if let Some(gap) = self.unreadable_rows() {
            return Some(gap);
        }
        (self.answers.order == Order::LiveIsLater).then(|| trouble.gap(Dataset::IamUsers))
    }

    /// Rows that name nobody may be of users that no other row names.
    fn unreadable_rows(&self) -> Option<Gap> {
        let report = self.answers.report.as_ref().ok()?;
        let unsaid = Unsaid {
            reason: GapReason::Malformed,
            detail: report.value.unreadable.first()?.clone(),
        };
        Some(Self::unsaid(Dataset::IamUsers, &unsaid))
    }

    /// Tells whether a live answer is known to be later than the report, or there is no report.
    fn is_later(&self, live: Option<Timestamp>, report: Option<Timestamp>) -> bool {
        self.answers.order == Order::LiveIsLater
            || self.answers.report.is_err()
            || report.zip(live).is_some_and(|(old, new)| new > old)
    }

    fn users_observation(&mut self) -> Option<ObservationId> {
        let users = &self.answers.users;
        if users.missing.is_none() || !users.items.is_empty() || self.details_name_all() {
            let (source, at) = self.listed_by();
            return Some(self.observed(source, at));
        }
        let at = self.answers.report.as_ref().ok()?.at;
        Some(self.observed(Source::GetCredentialReport, at))
    }
}

/// Returns the gap that an account summary leaves where it lacks a key.
fn lacks(dataset: Dataset, key: &str) -> Gap {
    let operation = Source::GetAccountSummary.to_string();
    let detail = format!("the answer has no `{key}`");
    Gap {
        operation,
        detail,
        ..Gap::new(dataset, GapReason::NotInEvidence)
    }
}
