//! Which calls an account needs for the datasets asked for: the fewest that suffice.

use std::collections::{BTreeMap, BTreeSet};

use model::{AccessKeyStatus, Dataset, Fact, GapReason, IamUser, MfaDeviceKind, Record};

use crate::assemble::{Assembled, UserReads};

/// What is asked of every account, and how.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The datasets that are needed.
    pub datasets: BTreeSet<Dataset>,
    /// Whether the credential report is used.
    pub freshness: Freshness,
    /// The key of the accounts' tag that names their owners, if [`Dataset::OwnerTag`] is needed.
    pub owner_tag: Option<String>,
}

/// Whether the credential report is used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Freshness {
    /// The report answers for all users; live calls are made where they change the answer.
    ReportFirst,
    /// Every user is read live.
    Live,
}

/// A call about one user alone.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Read {
    /// `GetLoginProfile`.
    LoginProfile,
    /// `ListMFADevices`.
    MfaDevices,
    /// `ListAccessKeys`.
    AccessKeys,
    /// `GetMFADevice`, for each passkey or security key.
    Certifications,
    /// `GetAccessKeyLastUsed`, for each active access key.
    KeyUse,
    /// `ListSigningCertificates`.
    SigningCertificates,
    /// `ListServiceSpecificCredentials`.
    ServiceSpecificCredentials,
}

impl Plan {
    /// Tells whether anything about root users is needed.
    pub(crate) fn needs_root_user(&self) -> bool {
        use Dataset as D;
        let of_root = [
            D::RootCredentials,
            D::RootMfa,
            D::RootMfaDevices,
            D::RootVirtualMfaDevices,
        ];
        of_root.iter().any(|it| self.datasets.contains(it))
    }

    /// Tells whether anything about IAM users is needed. Else the account summary is the only call.
    pub(crate) fn needs_users(&self) -> bool {
        use Dataset as D;
        let of_users = [
            D::IamUsers,
            D::LoginProfiles,
            D::MfaStatus,
            D::MfaDevices,
            D::FidoCertifications,
            D::AccessKeys,
            D::AccessKeyUse,
            D::PasswordUse,
            D::SigningCertificates,
            D::ServiceSpecificCredentials,
            D::DirectPolicies,
            D::AdministratorAccess,
            D::UserPolicies,
        ];
        of_users.iter().any(|it| self.datasets.contains(it))
    }

    /// Tells whether the list of virtual MFA devices is needed though nothing about users is.
    pub(crate) fn needs_virtual_devices(&self) -> bool {
        let of_list = [
            Dataset::RootVirtualMfaDevices,
            Dataset::RootMfaDevices,
            Dataset::UnassignedVirtualMfaDevices,
        ];
        of_list.iter().any(|it| self.datasets.contains(it))
    }

    /// Tells whether policies, groups and roles are asked for in every account. Then one answer serves all; else it is
    /// asked for only where a user can act without MFA.
    pub(crate) fn asks_authorization_of_all(&self) -> bool {
        let of_all = [
            Dataset::DirectPolicies,
            Dataset::UserPolicies,
            Dataset::RoleTrust,
        ];
        of_all.iter().any(|it| self.datasets.contains(it))
    }

    /// Tells whether it matters who is an administrator, according to what was seen so far.
    pub(crate) fn needs_administrators(&self, record: &Record) -> bool {
        let mut users = record.iam_users.items.iter();
        self.datasets.contains(&Dataset::AdministratorAccess)
            && users.any(|it| !it.cannot_act_without_mfa())
    }

    /// Returns the reads that would complete what the record says, user by user: a fact that is missing, and what else
    /// the report states of a user of whom a live answer contradicts it.
    pub(crate) fn reads(&self, assembled: &Assembled) -> BTreeMap<String, BTreeSet<Read>> {
        let record = &assembled.record;
        let mut wanted = BTreeMap::new();
        for user in &record.iam_users.items {
            let changed = assembled.changed.contains(&*user.name);
            let reads = self.of_user(record, user, changed);
            if !reads.is_empty() {
                wanted.insert(user.name.to_string(), reads);
            }
        }
        wanted
    }

    fn of_user(&self, record: &Record, user: &IamUser, changed: bool) -> BTreeSet<Read> {
        let mut reads = BTreeSet::new();
        let needs = |dataset| self.datasets.contains(&dataset);
        if needs(Dataset::LoginProfiles)
            && (is_unknown(&user.password) || changed && is_old(record, &user.password))
        {
            reads.insert(Read::LoginProfile);
        }
        let keys = needs(Dataset::AccessKeys) || needs(Dataset::AccessKeyUse);
        if keys && (is_unknown(&user.access_keys) || changed && is_old(record, &user.access_keys)) {
            reads.insert(Read::AccessKeys);
        }
        let status = is_unknown(&user.mfa) || changed && is_old(record, &user.mfa);
        let unasked = user.mfa_devices.gap.and_then(|it| record.gap(it));
        let kinds = unasked.is_some_and(|it| it.reason == GapReason::NotRequested);
        let certifications = needs(Dataset::FidoCertifications);
        let devices = needs(Dataset::MfaDevices) || certifications;
        if certifications && user.mfa_devices.gap.is_none() && fido_devices(user).next().is_some() {
            reads.insert(Read::Certifications);
        }
        if needs(Dataset::MfaStatus) && status || devices && kinds {
            reads.insert(Read::MfaDevices);
        }
        reads.extend(self.of_credentials(user));
        reads
    }
}

impl Plan {
    /// Returns the reads that complete what is known of a user's credentials, passwords aside.
    fn of_credentials(&self, user: &IamUser) -> BTreeSet<Read> {
        let mut reads = BTreeSet::new();
        let needs = |dataset| self.datasets.contains(&dataset);
        let keys = user.access_keys.known().into_iter().flatten();
        let mut active = keys.filter(|it| it.status == AccessKeyStatus::Active);
        // Only a key whose identifier is known can be asked for, which the list tells.
        if needs(Dataset::AccessKeyUse) && active.any(|it| is_unknown(&it.last_used)) {
            reads.insert(Read::AccessKeys);
            reads.insert(Read::KeyUse);
        }
        if needs(Dataset::SigningCertificates) && is_unknown(&user.signing_certificate) {
            reads.insert(Read::SigningCertificates);
        }
        if needs(Dataset::ServiceSpecificCredentials) {
            reads.insert(Read::ServiceSpecificCredentials);
        }
        reads
    }
}

/// Returns the reads that answer for `datasets`.
pub(crate) fn reads_of(datasets: &BTreeSet<Dataset>) -> BTreeSet<Read> {
    let read = |dataset: &Dataset| -> &[Read] {
        match dataset {
            Dataset::LoginProfiles => &[Read::LoginProfile],
            Dataset::MfaStatus | Dataset::MfaDevices => &[Read::MfaDevices],
            Dataset::FidoCertifications => &[Read::Certifications],
            Dataset::AccessKeys => &[Read::AccessKeys],
            Dataset::AccessKeyUse => &[Read::AccessKeys, Read::KeyUse],
            Dataset::SigningCertificates => &[Read::SigningCertificates],
            Dataset::ServiceSpecificCredentials => &[Read::ServiceSpecificCredentials],
            // Told by calls about the whole account, or the organization. That a password is used is told by
            // `ListUsers`, which every account was asked.
            Dataset::RootCredentials
            | Dataset::RootMfa
            | Dataset::RootMfaDevices
            | Dataset::IamUsers
            | Dataset::IdentityProviders
            | Dataset::RootUse
            | Dataset::RootVirtualMfaDevices
            | Dataset::PasswordUse
            | Dataset::DirectPolicies
            | Dataset::AdministratorAccess
            | Dataset::UserPolicies
            | Dataset::ServiceControlPolicies
            | Dataset::PasswordPolicy
            | Dataset::UnassignedVirtualMfaDevices
            | Dataset::RoleTrust
            | Dataset::OrganizationFeatures
            | Dataset::IdentityCenter
            | Dataset::OwnerTag => &[],
        }
    };
    datasets.iter().flat_map(read).copied().collect()
}

/// Tells whether a read was made, whatever came of it: nothing is asked twice.
pub(crate) const fn is_done(reads: &UserReads, read: Read) -> bool {
    match read {
        Read::LoginProfile => reads.login_profile.is_some(),
        Read::MfaDevices => reads.mfa_devices.is_some(),
        Read::AccessKeys => reads.access_keys.is_some(),
        Read::Certifications => reads.certifications.is_some(),
        Read::KeyUse => reads.key_use.is_some(),
        Read::SigningCertificates => reads.signing_certificates.is_some(),
        Read::ServiceSpecificCredentials => reads.service_specific_credentials.is_some(),
    }
}

/// Returns the reads that can be made now: the use of keys is asked by identifiers, which another read tells first.
pub(crate) fn is_ready(reads: &UserReads, read: Read) -> bool {
    read != Read::KeyUse || reads.access_keys.is_some()
}

/// Returns the identifiers of the active keys that a list told.
pub(crate) fn active_keys(reads: &UserReads) -> Vec<Box<str>> {
    let listed = reads.access_keys.as_ref().and_then(|it| it.as_ref().ok());
    let keys = listed.into_iter().flat_map(|it| &it.value);
    let active = keys.filter(|it| it.status == AccessKeyStatus::Active);
    active.filter_map(|it| it.id.clone()).collect()
}

/// Returns the serial numbers of a user's passkeys and security keys.
pub(crate) fn fido_devices(user: &IamUser) -> impl Iterator<Item = &str> {
    let devices = user.mfa_devices.items.iter();
    devices
        .filter(|it| it.kind == MfaDeviceKind::Fido)
        .map(|it| &*it.serial_number)
}

const fn is_unknown<T>(fact: &Fact<T>) -> bool {
    matches!(fact, Fact::Unknown(_))
}

/// Tells whether a fact is known from an earlier moment than the run.
fn is_old<T>(record: &Record, fact: &Fact<T>) -> bool {
    let observation = fact.observation().and_then(|it| record.observation(it));
    observation.is_some_and(|it| !it.source.is_live())
}
