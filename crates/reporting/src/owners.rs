//! Who answers for what: owners of principals, accounts and organizational units.

use std::collections::BTreeMap;

use model::{AccountId, Record};
use rules::{Subject, SubjectKind};

use crate::Redactor;

/// Who answers for what. The nearest counts: a principal's owner, else its account's, else the one that the account's
/// tag names, else that of the innermost organizational unit that has one.
#[derive(Clone, Debug, Default)]
pub struct Owners {
    principals: BTreeMap<String, Box<str>>,
    accounts: BTreeMap<AccountId, Box<str>>,
    units: BTreeMap<String, Box<str>>,
    are_wanted: Wanted,
}

/// Whether anybody said who owns what, or asked.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Wanted {
    #[default]
    No,
    Yes,
}

impl Owners {
    /// Notes who owns a principal, by its ARN.
    pub fn of_principal(&mut self, arn: &str, owner: &str) {
        self.principals.insert(arn.to_owned(), owner.into());
        self.are_wanted = Wanted::Yes;
    }

    /// Notes who owns an account.
    pub fn of_account(&mut self, account: AccountId, owner: &str) {
        self.accounts.insert(account, owner.into());
        self.are_wanted = Wanted::Yes;
    }

    /// Notes who owns the accounts in and below an organizational unit, by its path: `Workloads/Prod`.
    pub fn of_unit(&mut self, path: &str, owner: &str) {
        self.units.insert(path.to_owned(), owner.into());
        self.are_wanted = Wanted::Yes;
    }

    /// Notes that accounts' tags may name owners.
    pub const fn by_tag(&mut self) {
        self.are_wanted = Wanted::Yes;
    }

    /// Tells whether anybody said who owns what, or asked: if not, that something has no owner says nothing.
    pub(crate) fn are_wanted(&self) -> bool {
        self.are_wanted == Wanted::Yes
    }

    /// Returns the same owners of the same, all of them under pseudonyms.
    pub(crate) fn redacted(&self, redactor: &Redactor) -> Self {
        let owner = |it: &str| redactor.name(it).into();
        let principal = |arn: &str| match arn.parse() {
            Ok(arn) => redactor.arn(&arn).as_str().to_owned(),
            Err(_) => redactor.text(arn),
        };
        let principals = self.principals.iter();
        let accounts = self.accounts.iter();
        let units = self.units.iter();
        Self {
            principals: principals
                .map(|(arn, it)| (principal(arn), owner(it)))
                .collect(),
            accounts: accounts
                .map(|(id, it)| (redactor.account(id), owner(it)))
                .collect(),
            units: units
                .map(|(path, it)| (redactor.unit(path), owner(it)))
                .collect(),
            are_wanted: self.are_wanted,
        }
    }

    /// Returns who answers for a subject of a record; `None` if nobody is known to.
    pub fn of<'a>(&'a self, record: &'a Record, subject: &Subject) -> Option<&'a str> {
        let tag = record.owner_tag.known().and_then(Option::as_deref);
        self.find(subject, &record.account.id, tag, &record.account.ou_path)
    }

    /// Returns who answers for an account as a whole; `None` if nobody is known to.
    pub(crate) fn of_whole_account<'a>(&'a self, record: &'a Record) -> Option<&'a str> {
        let said = self.accounts.get(&record.account.id).map(|it| &**it);
        let found = said.or_else(|| record.owner_tag.known().and_then(Option::as_deref));
        let owner = found.or_else(|| self.of_unit_above(&record.account.ou_path));
        owner.filter(|it| !it.trim().is_empty())
    }

    /// Returns who answers for a subject of an account, whose tag names `tag`.
    pub(crate) fn find<'a>(
        &'a self,
        subject: &Subject,
        account: &AccountId,
        tag: Option<&'a str>,
        ou_path: &str,
    ) -> Option<&'a str> {
        let principal = match subject.kind {
            SubjectKind::RootUser | SubjectKind::IamUser | SubjectKind::IamRole => {
                self.principals.get(subject.arn.as_str())
            }
            SubjectKind::Account | SubjectKind::Organization => None,
        };
        let said = principal.or_else(|| self.accounts.get(account));
        let found = said.map(|it| &**it).or(tag);
        let owner = found.or_else(|| self.of_unit_above(ou_path));
        owner.filter(|it| !it.trim().is_empty())
    }

    fn of_unit_above(&self, path: &str) -> Option<&str> {
        let mut path = path;
        loop {
            if let Some(owner) = self.units.get(path) {
                return Some(owner);
            }
            path = path.rsplit_once('/')?.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{Fact, ObservationId};
    use rules::{Subject, SubjectKind};

    use super::Owners;
    use crate::sample;

    #[test]
    fn the_nearest_owner_counts() {
        let sample = sample::mixed();
        let mut record = sample.records[1].clone();
        let user = Subject {
            kind: SubjectKind::IamUser,
            arn: record.iam_users.items[0].arn.clone(),
        };
        let mut owners = Owners::default();
        assert_eq!(owners.of(&record, &user), None);
        owners.of_unit("Workloads", "platform");
        assert_eq!(owners.of(&record, &user), Some("platform"));
        owners.of_unit("Workloads/Prod", "shops");
        owners.of_unit("Workloads/Pro", "nobody");
        assert_eq!(owners.of(&record, &user), Some("shops"));
        record.owner_tag = Fact::Known(Some("retail".into()), ObservationId(0));
        assert_eq!(owners.of(&record, &user), Some("retail"));
        owners.of_account(record.account.id.clone(), "legacy");
        assert_eq!(owners.of(&record, &user), Some("legacy"));
        owners.of_principal(user.arn.as_str(), "ana");
        assert_eq!(owners.of(&record, &user), Some("ana"));
        let account = Subject {
            kind: SubjectKind::Account,
            ..user
        };
        assert_eq!(owners.of(&record, &account), Some("legacy"));
    }
}
