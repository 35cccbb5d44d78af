//! Everything observed of one account.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::{
    Account, Arn, Fact, Gap, GapId, IamRole, IamUser, Listing, Observation, ObservationId,
    OrganizationFeatures, PasswordPolicy, Policy, PolicyId, PolicySet, PolicySetId, RootUser,
    ScpLevel,
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
    /// The account's password policy.
    #[serde(
        default = "unasked::password_policy",
        skip_serializing_if = "Fact::is_unasked"
    )]
    pub password_policy: Fact<PasswordPolicy>,
    /// The serial numbers of the virtual MFA devices that belong to nobody.
    #[serde(
        default = "unasked::unassigned_virtual_mfa_devices",
        skip_serializing_if = "Listing::is_unasked"
    )]
    pub unassigned_virtual_mfa_devices: Listing<Box<str>>,
    /// The IAM roles, ordered by name.
    #[serde(
        default = "unasked::iam_roles",
        skip_serializing_if = "Listing::is_unasked"
    )]
    pub iam_roles: Listing<IamRole>,
    /// The table that the policy sets' [`PolicyId`]s point into.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Policy>,
    /// The table that the users' [`PolicySetId`]s point into.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policy_sets: Vec<PolicySet>,
    /// The service control policies over the account, from the root's to its own; none over a management account, in no
    /// organization, and in one without such policies.
    #[serde(
        default = "unasked::service_control_policies",
        skip_serializing_if = "Fact::is_unasked"
    )]
    pub service_control_policies: Fact<Vec<ScpLevel>>,
    /// The features of the organization that the account belongs to.
    #[serde(
        default = "unasked::organization_features",
        skip_serializing_if = "Fact::is_unasked"
    )]
    pub organization_features: Fact<OrganizationFeatures>,
    /// The value of the account's tag that names its owner; `None` if it has no such tag.
    #[serde(
        default = "unasked::owner_tag",
        skip_serializing_if = "Fact::is_unasked"
    )]
    pub owner_tag: Fact<Option<Box<str>>>,
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
        let root_use = Fact::Unknown(id(D::RootUse));
        let root_user = RootUser {
            password: Fact::Unknown(credentials),
            access_key: Fact::Unknown(credentials),
            signing_certificate: Fact::Unknown(credentials),
            password_last_used: root_use.clone(),
            access_key_last_used: root_use,
            mfa: Fact::Unknown(id(D::RootMfa)),
            virtual_mfa_device: Fact::Unknown(id(D::RootVirtualMfaDevices)),
            mfa_devices: Listing::unseen(id(D::RootMfaDevices)),
        };
        let iam_users = Listing::unseen(id(D::IamUsers));
        let identity_providers = Fact::Unknown(id(D::IdentityProviders));
        let password_policy = Fact::Unknown(id(D::PasswordPolicy));
        let unassigned_virtual_mfa_devices = Listing::unseen(id(D::UnassignedVirtualMfaDevices));
        let iam_roles = Listing::unseen(id(D::RoleTrust));
        let service_control_policies = Fact::Unknown(id(D::ServiceControlPolicies));
        let organization_features = Fact::Unknown(id(D::OrganizationFeatures));
        let owner_tag = Fact::Unknown(id(D::OwnerTag));
        Self {
            account,
            observations: Vec::new(),
            gaps,
            root_user,
            iam_users,
            identity_providers,
            password_policy,
            unassigned_virtual_mfa_devices,
            iam_roles,
            policies: Vec::new(),
            policy_sets: Vec::new(),
            service_control_policies,
            organization_features,
            owner_tag,
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

    /// Returns a gap of this record's table, or one that no table needs to hold.
    pub fn gap(&self, id: GapId) -> Option<&Gap> {
        let of_table = self.gaps.get(usize::try_from(id.0).ok()?);
        of_table.or_else(|| id.without_table())
    }

    /// Returns the identifier of `policy`, adding it to the table if it is new.
    pub fn policy_id(&mut self, policy: Policy) -> PolicyId {
        PolicyId(intern(&mut self.policies, policy).unwrap_or_default())
    }

    /// Returns the identifier of `set`, adding it to the table if it is new.
    pub fn policy_set_id(&mut self, set: PolicySet) -> PolicySetId {
        PolicySetId(intern(&mut self.policy_sets, set).unwrap_or_default())
    }

    /// Returns a policy of this record's table.
    pub fn policy(&self, id: PolicyId) -> Option<&Policy> {
        self.policies.get(usize::try_from(id.0).ok()?)
    }

    /// Returns a policy set of this record's table.
    pub fn policy_set(&self, id: PolicySetId) -> Option<&PolicySet> {
        self.policy_sets.get(usize::try_from(id.0).ok()?)
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
            && self.points(&root.password_last_used)
            && self.points(&root.access_key_last_used)
            && self.points(&root.virtual_mfa_device)
            && self.lists(&root.mfa_devices)
            && self.points(&self.identity_providers)
            && self.points(&self.password_policy)
            && self.lists(&self.unassigned_virtual_mfa_devices)
            && self.lists(&self.iam_roles)
            && self.points(&self.service_control_policies)
            && self.policy_sets.iter().all(|it| self.holds(it))
            && self.points(&self.organization_features)
            && self.points(&self.owner_tag)
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
                    && self.points(&user.password_last_changed)
                    && self.points(&user.access_keys)
                    && user
                        .access_keys
                        .known()
                        .into_iter()
                        .flatten()
                        .all(|key| self.points(&key.created_at) && self.points(&key.last_used))
                    && self.points(&user.signing_certificate)
                    && self.points(&user.service_specific_credentials)
                    && self.points(&user.direct_policies)
                    && self.points(&user.administrator_access)
                    && self.points(&user.policies)
                    && (user.policies.known()).is_none_or(|it| self.policy_set(*it).is_some())
            })
    }

    fn holds(&self, set: &PolicySet) -> bool {
        let of_paths = set.policies.iter().map(|(_, id)| id);
        let mut all = of_paths.chain(&set.boundary);
        all.all(|it| self.policy(*it).is_some())
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

/// What a snapshot leaves out: facts that nobody asked for.
mod unasked {
    use super::{IamRole, OrganizationFeatures, PasswordPolicy, ScpLevel};
    use crate::{Dataset, Fact, Listing};

    pub(super) const fn password_policy() -> Fact<PasswordPolicy> {
        Fact::unasked(Dataset::PasswordPolicy)
    }

    pub(super) const fn unassigned_virtual_mfa_devices() -> Listing<Box<str>> {
        Listing::unasked(Dataset::UnassignedVirtualMfaDevices)
    }

    pub(super) const fn iam_roles() -> Listing<IamRole> {
        Listing::unasked(Dataset::RoleTrust)
    }

    pub(super) const fn service_control_policies() -> Fact<Vec<ScpLevel>> {
        Fact::unasked(Dataset::ServiceControlPolicies)
    }

    pub(super) const fn organization_features() -> Fact<OrganizationFeatures> {
        Fact::unasked(Dataset::OrganizationFeatures)
    }

    pub(super) const fn owner_tag() -> Fact<Option<Box<str>>> {
        Fact::unasked(Dataset::OwnerTag)
    }
}
