//! What users' policies and roles' trust policies come to: from the one answer that holds them all.

use std::collections::BTreeMap;

use aws::Trouble;
use model::{
    AdministratorAccess, Dataset, Fact, Gap, GapId, GapReason, IamRole, Listing, ObservationId,
    Source, Timestamp,
};
use policy::{Administration, Contents, IdentityPolicy, administration, is_administrator_access};

use super::{Builder, Order};
use crate::{
    authorization::{Detail, GroupDetail, ManagedPolicy, Policies, Text, UserDetail},
    calls::list_users::ListedUser,
};

/// The answer's entries by name, made once for all users.
#[derive(Default)]
pub(super) struct Directory<'a> {
    users: BTreeMap<&'a str, &'a UserDetail>,
    pub(super) groups: BTreeMap<&'a str, &'a GroupDetail>,
    pub(super) policies: BTreeMap<&'a str, &'a ManagedPolicy>,
    pub(super) missing: Option<&'a Trouble>,
    seen: Option<ObservationId>,
}

impl<'a> Directory<'a> {
    pub(super) fn new(builder: &mut Builder<'a>) -> Self {
        let Some(authorization) = &builder.answers.authorization else {
            return Self::default();
        };
        let details = &authorization.details;
        let mut directory = Self {
            missing: details.missing.as_ref(),
            ..Self::default()
        };
        for detail in &details.items {
            match detail {
                Detail::User(it) => drop(directory.users.insert(&it.name, it)),
                Detail::Group(it) => drop(directory.groups.insert(&it.name, it)),
                Detail::Policy(it) => drop(directory.policies.insert(&it.arn, it)),
                Detail::Role(_) => {}
            }
        }
        if !directory.users.is_empty() {
            let source = Source::GetAccountAuthorizationDetails;
            directory.seen = Some(builder.observed(source, details.at));
        }
        directory
    }

    fn attached(&self, arn: &str) -> Contents<'a> {
        match self.policies.get(arn) {
            Some(policy) => contents(&policy.document),
            None if is_administrator_access(arn) => Contents::AdministratorAccess,
            None => Contents::Unread("the answer does not hold it".to_owned()),
        }
    }

    fn add(&self, policies: &'a Policies, of: &str, all: &mut Vec<IdentityPolicy<'a>>) {
        let inline = policies.inline.iter().map(|(name, text)| IdentityPolicy {
            what: format!("the inline policy {name}{of}"),
            contents: contents(text),
        });
        let attached = policies.attached.iter().map(|(name, arn)| IdentityPolicy {
            what: format!("the policy {name}{of}"),
            contents: self.attached(arn),
        });
        all.extend(inline.chain(attached));
    }

    fn administration(&self, user: &'a UserDetail) -> Administration {
        let mut all = Vec::new();
        self.add(&user.policies, "", &mut all);
        for name in &user.groups {
            if let Some(group) = self.groups.get(name.as_str()) {
                self.add(&group.policies, &format!(" of the group {name}"), &mut all);
            } else {
                all.push(IdentityPolicy {
                    what: format!("the group {name}"),
                    contents: Contents::Unread("the answer does not hold it".to_owned()),
                });
            }
        }
        let boundary = user.boundary.as_deref().map(|arn| IdentityPolicy {
            what: "the permissions boundary".to_owned(),
            contents: self.attached(arn),
        });
        administration(&all, boundary.as_ref())
    }
}

fn contents(text: &Text) -> Contents<'_> {
    match &text.document {
        Ok(document) => Contents::Document(document),
        Err(why) => Contents::Unread(why.clone()),
    }
}

impl<'a> Builder<'a> {
    pub(super) fn direct_policies(
        &mut self,
        directory: &Directory<'a>,
        (name, arn): (&str, &model::Arn),
        listed: Option<&ListedUser>,
    ) -> Fact<Vec<Box<str>>> {
        let dataset = Dataset::DirectPolicies;
        let (user, seen) = match self.detail(dataset, directory, (name, arn), listed) {
            Ok(found) => found,
            Err(gap) => return Fact::Unknown(gap),
        };
        let inline = user.policies.inline.iter().map(|(name, _)| name);
        let attached = user.policies.attached.iter().map(|(_, arn)| arn);
        let names = inline.chain(attached).map(|it| it.as_str().into());
        Fact::Known(names.collect(), seen)
    }

    pub(super) fn administrator_access(
        &mut self,
        directory: &Directory<'a>,
        (name, arn): (&str, &model::Arn),
        listed: Option<&ListedUser>,
    ) -> Fact<AdministratorAccess> {
        let dataset = Dataset::AdministratorAccess;
        let (user, seen) = match self.detail(dataset, directory, (name, arn), listed) {
            Ok(found) => found,
            Err(gap) => return Fact::Unknown(gap),
        };
        match (directory.administration(user), directory.missing) {
            (Administration::Yes(how), _) => {
                Fact::Known(AdministratorAccess::Administrator(how.into()), seen)
            }
            (Administration::No, _) => Fact::Known(AdministratorAccess::NotAdministrator, seen),
            // What the user's policies lack is on the pages that did not come.
            (Administration::Unclear(_), Some(trouble)) => self.unknown(trouble.gap(dataset)),
            (Administration::Unclear(why), None) => {
                self.unknown(unsaid(dataset, GapReason::Unclear, why))
            }
        }
    }

    /// Returns what the answer holds of a user, or the gap.
    pub(super) fn detail(
        &mut self,
        dataset: Dataset,
        directory: &Directory<'a>,
        (name, arn): (&str, &model::Arn),
        listed: Option<&ListedUser>,
    ) -> Result<(&'a UserDetail, ObservationId), GapId> {
        if let Some(gap) = self.unasked(dataset) {
            return Err(gap);
        }
        let same = |it: &UserDetail| {
            let created = listed.and_then(|it| it.created_at).zip(it.created_at);
            it.arn == *arn && created.is_none_or(|(one, other)| one == other)
        };
        let found = directory.users.get(name).filter(|it| same(it));
        if let Some((user, seen)) = found.zip(directory.seen) {
            return Ok((user, seen));
        }
        let gap = directory.missing.map_or_else(
            || {
                let why = if directory.users.contains_key(name) {
                    "the answer is of another user of this name, who was created or deleted meanwhile"
                } else {
                    "the answer does not know the user, who was created or deleted meanwhile"
                };
                unsaid(dataset, GapReason::NotInEvidence, why.to_owned())
            },
            |trouble| trouble.gap(dataset),
        );
        Err(self.record.missing(gap))
    }

    /// Returns the users that the answer names, where saved evidence has no list of users.
    pub(super) fn detailed_users(&self) -> Vec<ListedUser> {
        if !self.lacks_list() {
            return Vec::new();
        }
        let listed = |it: &Detail| match it {
            Detail::User(it) => Some(ListedUser {
                name: it.name.clone(),
                arn: it.arn.clone(),
                created_at: it.created_at,
                password_last_used: None,
            }),
            Detail::Group(_) | Detail::Role(_) | Detail::Policy(_) => None,
        };
        let authorization = self.answers.authorization.iter();
        authorization
            .flat_map(|it| it.details.items.iter().filter_map(listed))
            .collect()
    }

    /// Tells whether saved evidence has no list of users, and the answer names all there are.
    pub(super) fn details_name_all(&self) -> bool {
        let of_users = [
            Dataset::DirectPolicies,
            Dataset::AdministratorAccess,
            Dataset::UserPolicies,
        ];
        self.lacks_list()
            && self.answers.authorization.as_ref().is_some_and(|it| {
                it.details.missing.is_none() && of_users.iter().any(|of| it.datasets.contains(of))
            })
    }

    /// Returns what names the users, and when.
    pub(super) fn listed_by(&self) -> (Source, Option<Timestamp>) {
        match &self.answers.authorization {
            Some(it) if self.lacks_list() => {
                (Source::GetAccountAuthorizationDetails, it.details.at)
            }
            _ => (Source::ListUsers, self.answers.users.at),
        }
    }

    fn lacks_list(&self) -> bool {
        let users = &self.answers.users;
        let saved = self.answers.order == Order::ByTime;
        saved && users.missing.is_some() && users.items.is_empty()
    }

    /// Returns the roles, ordered by name. One whose trust policy cannot be read leaves a gap in the list.
    pub(super) fn iam_roles(&mut self) -> Listing<IamRole> {
        let dataset = Dataset::RoleTrust;
        if let Some(gap) = self.unasked(dataset) {
            return Listing::unseen(gap);
        }
        let Some(authorization) = &self.answers.authorization else {
            return Listing::unasked(dataset);
        };
        let details = &authorization.details;
        let mut gap = details.missing.as_ref().map(|it| it.gap(dataset));
        let mut items = Vec::new();
        for detail in &details.items {
            let Detail::Role(role) = detail else {
                continue;
            };
            match &role.trust_policy {
                Ok(text) => items.push(IamRole {
                    name: role.name.as_str().into(),
                    arn: role.arn.clone(),
                    trust_policy: text.as_str().into(),
                }),
                Err(why) => {
                    let why = format!("the trust policy of role {}: {why}", role.name);
                    gap.get_or_insert_with(|| unsaid(dataset, GapReason::Malformed, why));
                }
            }
        }
        items.sort_by(|one, other| one.name.cmp(&other.name));
        // A list that changes while it is read can have a role on two pages.
        items.dedup_by(|one, other| one.arn == other.arn);
        let seen = details.missing.is_none() || !items.is_empty();
        let source = Source::GetAccountAuthorizationDetails;
        let observation = seen.then(|| self.observed(source, details.at));
        let gap = gap.map(|it| self.record.missing(it));
        Listing {
            items,
            observation,
            gap,
        }
    }

    /// Returns the gap of a dataset that the answer was not asked for.
    fn unasked(&self, dataset: Dataset) -> Option<GapId> {
        let authorization = self.answers.authorization.as_ref();
        match (authorization, self.answers.order) {
            (Some(it), _) if it.datasets.contains(&dataset) => None,
            (_, Order::LiveIsLater) => Some(GapId::unasked(dataset)),
            (_, Order::ByTime) => Some(GapId::unsaid(dataset)),
        }
    }
}

fn unsaid(dataset: Dataset, reason: GapReason, detail: String) -> Gap {
    Gap {
        operation: Source::GetAccountAuthorizationDetails.to_string(),
        detail,
        ..Gap::new(dataset, reason)
    }
}
