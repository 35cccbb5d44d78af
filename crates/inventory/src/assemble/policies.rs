//! The policies that apply to each user: each policy and each set of them once, however many users share it.

use std::{collections::HashMap, rc::Rc};

use model::{
    Dataset, Fact, Policy, PolicyId, PolicyPath, PolicySet, PolicySetId, PolicyText, Record,
};

use super::{Builder, authorization::Directory};
use crate::{
    authorization::{Policies, UserDetail},
    calls::list_users::ListedUser,
};

/// What is said of a policy that a whole answer does not hold.
const NOT_HELD: &str = "the answer does not hold it";

/// A policy, with how it comes to apply.
type Applied = (PolicyPath, PolicyId);

/// Where policies and sets are in the record's tables. An account has up to 1500 policies and 5000 users, too many to
/// look through the tables for each.
#[derive(Default)]
pub(super) struct Tables<'a> {
    policies: HashMap<(&'a str, Result<&'a str, &'a str>), PolicyId>,
    sets: HashMap<PolicySet, PolicySetId>,
    /// What each group brings; `None` if some of it is on pages that did not come.
    groups: HashMap<&'a str, Option<Rc<[Applied]>>>,
}

impl<'a> Tables<'a> {
    /// Returns what applies to a user; `None` if some of it is on pages that did not come.
    fn set(
        &mut self,
        record: &mut Record,
        directory: &Directory<'a>,
        user: &'a UserDetail,
    ) -> Option<PolicySetId> {
        let own = (PolicyPath::UserInline, PolicyPath::User);
        let mut policies = self.applied(record, directory, &user.policies, &own)?;
        for group in &user.groups {
            policies.extend_from_slice(&self.group(record, directory, group)?);
        }
        // AWS keeps no order, and users of the same policies are to share a set.
        policies.sort();
        policies.dedup();
        let boundary = match &user.boundary {
            None => None,
            Some(arn) => Some(self.managed(record, directory, arn)?),
        };
        let set = PolicySet { policies, boundary };
        if let Some(known) = self.sets.get(&set) {
            return Some(*known);
        }
        let id = PolicySetId(next(&record.policy_sets));
        record.policy_sets.push(set.clone());
        self.sets.insert(set, id);
        Some(id)
    }

    fn group(
        &mut self,
        record: &mut Record,
        directory: &Directory<'a>,
        name: &'a str,
    ) -> Option<Rc<[Applied]>> {
        if let Some(known) = self.groups.get(name) {
            return known.clone();
        }
        let paths = (
            PolicyPath::GroupInline(name.into()),
            PolicyPath::Group(name.into()),
        );
        let brings = match directory.groups.get(name) {
            Some(group) => self.applied(record, directory, &group.policies, &paths),
            None if directory.missing.is_some() => None,
            None => {
                let unread = self.policy(record, name, Err("the answer does not hold the group"));
                Some(vec![(paths.1, unread)])
            }
        };
        let brings = brings.map(Rc::from);
        self.groups.insert(name, brings.clone());
        brings
    }

    /// Returns the policies of a user or group, each with the path of those that are written in or attached.
    fn applied(
        &mut self,
        record: &mut Record,
        directory: &Directory<'a>,
        policies: &'a Policies,
        (inline, attached): &(PolicyPath, PolicyPath),
    ) -> Option<Vec<Applied>> {
        let mut applied = Vec::with_capacity(policies.inline.len() + policies.attached.len());
        for (name, text) in &policies.inline {
            let text = text.json.as_deref().map_err(String::as_str);
            applied.push((inline.clone(), self.policy(record, name, text)));
        }
        for (_, arn) in &policies.attached {
            applied.push((attached.clone(), self.managed(record, directory, arn)?));
        }
        Some(applied)
    }

    fn managed(
        &mut self,
        record: &mut Record,
        directory: &Directory<'a>,
        arn: &'a str,
    ) -> Option<PolicyId> {
        let text = match directory.policies.get(arn) {
            Some(policy) => policy.document.json.as_deref().map_err(String::as_str),
            None if directory.missing.is_some() => return None,
            None => Err(NOT_HELD),
        };
        Some(self.policy(record, arn, text))
    }

    fn policy(
        &mut self,
        record: &mut Record,
        name: &'a str,
        text: Result<&'a str, &'a str>,
    ) -> PolicyId {
        *self.policies.entry((name, text)).or_insert_with(|| {
            let id = PolicyId(next(&record.policies));
            record.policies.push(Policy {
                name: name.into(),
                text: match text {
                    Ok(json) => PolicyText::Document(json.into()),
                    Err(why) => PolicyText::Unread(why.into()),
                },
            });
            id
        })
    }
}

/// Returns the index of the entry that is added to a table next.
fn next<T>(table: &[T]) -> u32 {
    u32::try_from(table.len()).unwrap_or(u32::MAX)
}

impl<'a> Builder<'a> {
    /// Returns the policies that apply to a user.
    pub(super) fn user_policies(
        &mut self,
        directory: &Directory<'a>,
        who: (&str, &model::Arn),
        listed: Option<&ListedUser>,
    ) -> Fact<PolicySetId> {
        let dataset = Dataset::UserPolicies;
        let (user, seen) = match self.detail(dataset, directory, who, listed) {
            Ok(found) => found,
            Err(gap) => return Fact::Unknown(gap),
        };
        let set = self.tables.set(&mut self.record, directory, user);
        match (set, directory.missing) {
            (Some(set), _) => Fact::Known(set, seen),
            (None, Some(trouble)) => self.unknown(trouble.gap(dataset)),
            (None, None) => Fact::unasked(dataset),
        }
    }
}
