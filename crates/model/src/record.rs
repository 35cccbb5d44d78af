//! Everything observed of one account.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::{
    Account, Arn, Fact, Gap, GapId, IamUser, Listing, Observation, ObservationId, RootUser,
};

/// Everything observed of one account: the unit that is collected, written, resumed and evaluated.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Record {
    /// The account.
    pub account: Account,
    /// The table that every known fact's [`ObservationId`] points into.
    pub observations: Vec<Observation>,
    /// The table that every unknown fact's [`GapId`] points into.
    pub gaps: Vec<Gap>,
    /// The root user.
    pub root_user: RootUser,
    /// The IAM users, ordered by name.
    pub iam_users: Listing<IamUser>,
    /// How many SAML and OpenID Connect providers let people sign in from elsewhere.
    pub identity_providers: Fact<u32>,
    /// What a reader should know of how the facts were told apart, as sentences without a full stop.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Record {
    /// Returns a record of `account` in which nothing was seen, each fact for the reason `gap` gives for its dataset.
    pub fn unseen(account: Account, mut gap: impl FnMut(crate::Dataset) -> Gap) -> Self {
        use crate::Dataset as D;
        let mut gaps = Vec::new();
        let mut id = |dataset| intern(&mut gaps, gap(dataset)).map_or(GapId(0), GapId);
        let credentials = id(D::RootCredentials);
        let root_user = RootUser {
            password: Fact::Unknown(credentials),
            access_key: Fact::Unknown(credentials),
            signing_certificate: Fact::Unknown(credentials),
            mfa: Fact::Unknown(id(D::RootMfa)),
            mfa_devices: Listing::unseen(id(D::RootMfaDevices)),
        };
        let iam_users = Listing::unseen(id(D::IamUsers));
        let identity_providers = Fact::Unknown(id(D::IdentityProviders));
        Self {
            account,
            observations: Vec::new(),
            gaps,
            root_user,
            iam_users,
            identity_providers,
            notes: Vec::new(),
        }
    }

    /// Returns the identifier of `observation`, adding it to the table if it is new.
    pub fn observed(&mut self, observation: Observation) -> ObservationId {
        ObservationId(intern(&mut self.observations, observation).unwrap_or_default())
    }

    /// Returns the identifier of `gap`, adding it to the table if it is new.
    pub fn missing(&mut self, gap: Gap) -> GapId {
        GapId(intern(&mut self.gaps, gap).unwrap_or_default())
    }

    /// Returns an observation of this record's table.
    pub fn observation(&self, id: ObservationId) -> Option<Observation> {
        self.observations.get(usize::try_from(id.0).ok()?).copied()
    }

    /// Returns a gap of this record's table.
    pub fn gap(&self, id: GapId) -> Option<&Gap> {
        self.gaps.get(usize::try_from(id.0).ok()?)
    }

    /// Returns the ARN of the account's root user.
    pub fn root_user_arn(&self) -> Arn {
        Arn::root_user(&self.account.partition, &self.account.id)
    }

    /// Tells whether every identifier points into its table, as it must after reading a file.
    pub fn is_consistent(&self) -> bool {
        let root = &self.root_user;
        let root_facts = self.points(&root.password)
            && self.points(&root.access_key)
            && self.points(&root.signing_certificate)
            && self.points(&root.mfa)
            && self.lists(&root.mfa_devices)
            && self.points(&self.identity_providers)
            && self.lists(&self.iam_users);
        root_facts
            && self.iam_users.items.iter().all(|user| {
                self.points(&user.created_at)
                    && self.points(&user.password)
                    && self.points(&user.password_last_used)
                    && self.points(&user.mfa)
                    && self.lists(&user.mfa_devices)
                    && user
                        .fido_certifications
                        .as_ref()
                        .is_none_or(|it| self.points(it))
                    && self.points(&user.access_keys)
            })
    }

    fn points<T>(&self, fact: &Fact<T>) -> bool {
        match fact {
            Fact::Known(_, id) => self.observation(*id).is_some(),
            Fact::Unknown(id) => self.gap(*id).is_some(),
        }
    }

    fn lists<T>(&self, listing: &Listing<T>) -> bool {
        listing.gap.is_none_or(|id| self.gap(id).is_some())
            && listing
                .observation
                .is_none_or(|id| self.observation(id).is_some())
    }
}

/// Returns the position of `entry`, adding it if it is new. Tables are short: most users share their entries.
fn intern<T: PartialEq>(table: &mut Vec<T>, entry: T) -> Option<u32> {
    let found = table.iter().rposition(|it| *it == entry);
    let index = found.unwrap_or_else(|| {
        table.push(entry);
        table.len() - 1
    });
    u32::try_from(index).ok()
}
