//! What was and was not seen, derived from records and never stored.

#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::{
    AccessKeyStatus, AccountKind, ConsolePassword, Dataset, Fact, GapId, GapReason, IamUser,
    Listing, MfaDevice, MfaDeviceKind, Record,
};

/// How far one dataset of one account was seen: a cell of the coverage ledger.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// Every fact was seen.
    Seen,
    /// What is missing, no call of the chosen mode can show.
    NotVisible,
    /// Some facts were seen.
    Partly,
    /// No fact was seen.
    NotSeen,
}

impl Cell {
    /// Every value.
    pub const ALL: [Self; 4] = [Self::Seen, Self::NotVisible, Self::Partly, Self::NotSeen];

    /// Returns the stable kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::NotVisible => "not-visible",
            Self::Partly => "partly",
            Self::NotSeen => "not-seen",
        }
    }
}

/// Returns how far `dataset` was seen in `record`.
pub fn cell(record: &Record, dataset: Dataset) -> Cell {
    walk(record, dataset, &mut |_| ())
}

/// Visits the gaps in the facts of `dataset`, as often as each stands in a fact's place.
pub fn each_gap(record: &Record, dataset: Dataset, mut visit: impl FnMut(GapId)) {
    walk(record, dataset, &mut visit);
}

fn walk(record: &Record, dataset: Dataset, visit: &mut dyn FnMut(GapId)) -> Cell {
    let mut tally = Tally {
        record,
        visit,
        seen: 0,
        not_visible: 0,
        missing: 0,
    };
    let root = &record.root_user;
    match dataset {
        Dataset::RootCredentials => {
            tally.fact(&root.password);
            tally.fact(&root.access_key);
            tally.fact(&root.signing_certificate);
        }
        Dataset::RootMfa => tally.fact(&root.mfa),
        Dataset::RootMfaDevices => tally.listing(&root.mfa_devices),
        Dataset::IdentityProviders => tally.fact(&record.identity_providers),
        Dataset::IamUsers => tally.listing(&record.iam_users),
        Dataset::LoginProfiles => tally.users(|tally, user| tally.fact(&user.password)),
        Dataset::MfaStatus => tally.users(|tally, user| tally.fact(&user.mfa)),
        Dataset::MfaDevices => tally.users(|tally, user| tally.listing(&user.mfa_devices)),
        Dataset::FidoCertifications => tally.users(Tally::certifications),
        Dataset::AccessKeys => tally.users(|tally, user| tally.fact(&user.access_keys)),
        Dataset::RootUse => {
            tally.fact(&root.password_last_used);
            tally.fact(&root.access_key_last_used);
        }
        Dataset::RootVirtualMfaDevices => tally.fact(&root.virtual_mfa_device),
        Dataset::PasswordUse => tally.users(Tally::password_use),
        Dataset::AccessKeyUse => tally.users(Tally::access_key_use),
        Dataset::SigningCertificates => {
            tally.users(|tally, user| tally.fact(&user.signing_certificate));
        }
        Dataset::ServiceSpecificCredentials => {
            tally.users(|tally, user| tally.fact(&user.service_specific_credentials));
        }
        Dataset::DirectPolicies => tally.users(|tally, user| tally.fact(&user.direct_policies)),
        Dataset::AdministratorAccess => tally.users(Tally::administrator_access),
        Dataset::UserPolicies => tally.users(|tally, user| tally.fact(&user.policies)),
        Dataset::ServiceControlPolicies => tally.fact(&record.service_control_policies),
        Dataset::PasswordPolicy => tally.fact(&record.password_policy),
        Dataset::UnassignedVirtualMfaDevices => {
            tally.listing(&record.unassigned_virtual_mfa_devices);
        }
        Dataset::RoleTrust => tally.listing(&record.iam_roles),
        Dataset::OrganizationFeatures => tally.organization_features(),
        Dataset::OwnerTag => tally.fact(&record.owner_tag),
        // A fact of the run, which stands in the snapshot's header.
        Dataset::IdentityCenter => tally.seen += 1,
    }
    tally.cell()
}

struct Tally<'a> {
    record: &'a Record,
    visit: &'a mut dyn FnMut(GapId),
    seen: usize,
    not_visible: usize,
    missing: usize,
}

impl Tally<'_> {
    fn fact<T>(&mut self, fact: &Fact<T>) {
        match fact {
            Fact::Known(..) => self.seen += 1,
            Fact::Unknown(gap) => self.gap(*gap),
        }
    }

    /// A user without such a device has nothing to certify.
    fn certifications(&mut self, user: &IamUser) {
        let is_fido = |it: &MfaDevice| it.kind == MfaDeviceKind::Fido;
        match (&user.fido_certifications, user.mfa_devices.gap) {
            (Some(fact), _) => self.fact(fact),
            (None, Some(gap)) => self.gap(gap),
            (None, None) if user.mfa_devices.items.iter().any(is_fido) => self.missing += 1,
            (None, None) => self.seen += 1,
        }
    }

    /// Without a password there is no use of one to know.
    fn password_use(&mut self, user: &IamUser) {
        if user.password.known() == Some(&ConsolePassword::NotSet) {
            self.seen += 1;
            return;
        }
        self.fact(&user.password_last_used);
        self.fact(&user.password_last_changed);
    }

    /// The use of keys that are not known is missing too.
    fn access_key_use(&mut self, user: &IamUser) {
        match &user.access_keys {
            Fact::Unknown(gap) => self.gap(*gap),
            Fact::Known(keys, _) => {
                self.seen += 1;
                let active = keys
                    .iter()
                    .filter(|it| it.status == AccessKeyStatus::Active);
                active.for_each(|it| self.fact(&it.last_used));
            }
        }
    }

    /// Whether a user is an administrator matters, and is asked, only if it can act without MFA.
    fn administrator_access(&mut self, user: &IamUser) {
        if user.cannot_act_without_mfa() {
            self.seen += 1;
        } else {
            self.fact(&user.administrator_access);
        }
    }

    /// An account that belongs to no organization has none of its features.
    fn organization_features(&mut self) {
        match self.record.account.kind {
            AccountKind::Standalone => self.seen += 1,
            AccountKind::Management | AccountKind::Member | AccountKind::Unstated => {
                self.fact(&self.record.organization_features);
            }
        }
    }

    /// A whole list is one fact that was seen; each member of a partial one is too.
    fn listing<T>(&mut self, listing: &Listing<T>) {
        match listing.gap {
            None => self.seen += 1,
            Some(gap) => {
                self.seen += listing.items.len();
                self.gap(gap);
            }
        }
    }

    /// The facts of users that were not listed are missing too.
    fn users(&mut self, count: impl Fn(&mut Self, &IamUser)) {
        for user in &self.record.iam_users.items {
            count(self, user);
        }
        if let Some(gap) = self.record.iam_users.gap {
            self.gap(gap);
        }
    }

    fn gap(&mut self, gap: GapId) {
        (self.visit)(gap);
        match self.record.gap(gap).map(|it| it.reason) {
            Some(GapReason::NotVisible) => self.not_visible += 1,
            _ => self.missing += 1,
        }
    }

    const fn cell(&self) -> Cell {
        match (self.missing, self.not_visible, self.seen) {
            (0, 0, _) => Cell::Seen,
            (0, _, _) => Cell::NotVisible,
            (_, _, 0) => Cell::NotSeen,
            _ => Cell::Partly,
        }
    }
}
