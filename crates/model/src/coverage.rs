//! What was and was not seen, derived from records and never stored.

#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::{Dataset, Fact, GapId, GapReason, IamUser, Listing, Record};

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
    let mut tally = Tally {
        record,
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
        Dataset::AccessKeys => tally.users(|tally, user| tally.fact(&user.access_keys)),
    }
    tally.cell()
}

struct Tally<'a> {
    record: &'a Record,
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
