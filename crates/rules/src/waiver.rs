//! Failures that somebody answers for until a day.

use model::{Account, Date};

use crate::{Glob, Subject, SubjectKind};

/// Failures that somebody answers for until a day.
///
/// They are not held against the gate. Nothing else changes: a waived failure is a failure.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Waiver {
    /// The rules, by identifier.
    pub rule: Glob,
    /// The principals, by ARN or by name.
    pub principal: Glob,
    /// The accounts, by identifier or by name.
    pub account: Glob,
    /// Who answers for it.
    pub owner: String,
    /// Why it is accepted.
    pub reason: String,
    /// The first day on which it holds, from which its life is counted; if there is none, from the day of the run.
    pub created: Option<Date>,
    /// The last day on which it holds.
    pub expires: Date,
    /// Where there is more about it.
    pub ticket: Option<String>,
}

/// A waiver's place in the list it belongs to.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct WaiverId(pub(crate) usize);

/// What a pattern for accounts is compared with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AccountKey {
    /// The identifier.
    Id,
    /// The name.
    Name,
}

impl Waiver {
    /// Tells what the waiver's pattern for accounts is compared with: the identifier if it is made of digits and
    /// wildcards alone. An account that calls itself by another's digits is not mistaken for it.
    pub fn account_key(&self) -> AccountKey {
        let of_id = |it: char| it.is_ascii_digit() || it == '*' || it == '?';
        if self.account.as_str().chars().all(of_id) {
            AccountKey::Id
        } else {
            AccountKey::Name
        }
    }

    /// Tells whether the waiver is for failures in `account`.
    pub fn covers_account(&self, account: &Account) -> bool {
        self.account.matches(match self.account_key() {
            AccountKey::Id => account.id.as_str(),
            AccountKey::Name => &account.name,
        })
    }

    /// Tells whether the waiver is for failures of `subject`.
    pub fn covers_principal(&self, subject: &Subject) -> bool {
        self.principal.matches(subject.arn.as_str())
            || name(subject).is_some_and(|it| self.principal.matches(it))
    }

    /// Tells whether the waiver is for failures of `rule` that `subject` of `account` has.
    pub fn covers(&self, rule: &str, account: &Account, subject: &Subject) -> bool {
        self.rule.matches(rule) && self.covers_account(account) && self.covers_principal(subject)
    }
}

/// Returns the name by which a waiver may speak of a subject.
///
/// Whoever may make users could make one that is called like something else, and so hide behind its waiver: such a user
/// has an ARN and no name.
fn name(subject: &Subject) -> Option<&str> {
    const OTHERS: [&str; 3] = ["root", "account", "organization"];
    match subject.kind {
        SubjectKind::RootUser => Some("root"),
        SubjectKind::Account => Some("account"),
        SubjectKind::Organization => Some("organization"),
        SubjectKind::IamUser | SubjectKind::IamRole => {
            let resource = subject.arn.resource();
            let name = resource.rsplit('/').next().unwrap_or(resource);
            (!OTHERS.contains(&name)).then_some(name)
        }
    }
}

#[cfg(test)]
mod tests {
    use model::Account;

    use super::{AccountKey, Waiver};
    use crate::{
        Glob, Subject, SubjectKind,
        example::{failure_waiver, waived_account},
    };

    fn subject(kind: SubjectKind, resource: &str) -> Subject {
        let arn = format!("arn:aws:iam::111122223333:{resource}");
        Subject {
            kind,
            arn: arn.parse().unwrap(),
        }
    }

    fn of_principal(pattern: &str) -> Waiver {
        Waiver {
            principal: Glob::new(pattern),
            ..failure_waiver("2026-12-31")
        }
    }

    #[test]
    fn a_principal_is_named_by_its_arn_or_its_name() {
        let alice = subject(SubjectKind::IamUser, "user/staff/alice");
        for pattern in [
            "alice",
            "ali*",
            "*",
            "arn:aws:iam::111122223333:user/staff/alice",
            "arn:aws:iam::*:user/staff/*",
        ] {
            assert!(of_principal(pattern).covers_principal(&alice), "{pattern}");
        }
        for pattern in ["Alice", "staff/alice", "user/staff/alice", "bob", "alic"] {
            assert!(!of_principal(pattern).covers_principal(&alice), "{pattern}");
        }
    }

    #[test]
    fn a_user_called_like_something_else_does_not_hide_behind_its_waiver() {
        let root = subject(SubjectKind::RootUser, "root");
        let account = subject(SubjectKind::Account, "root");
        let organization = subject(SubjectKind::Organization, "root");
        for (name, meant) in [
            ("root", &root),
            ("account", &account),
            ("organization", &organization),
        ] {
            let waiver = of_principal(name);
            assert!(waiver.covers_principal(meant), "{name}");
            for kind in [SubjectKind::IamUser, SubjectKind::IamRole] {
                let like_it = subject(kind, &format!("user/{name}"));
                assert!(!waiver.covers_principal(&like_it), "{name}");
                assert!(of_principal(like_it.arn.as_str()).covers_principal(&like_it));
            }
        }
        let groot = subject(SubjectKind::IamUser, "user/groot");
        assert!(!of_principal("root").covers_principal(&groot));
        assert!(!of_principal("arn:aws:iam::*:root").covers_principal(&groot));
    }

    #[test]
    fn an_account_is_named_by_its_digits_or_its_name_and_never_by_both() {
        let account = |name: &str| Account {
            name: name.to_owned(),
            ..waived_account("111122223333", "")
        };
        let of_account = |pattern: &str| Waiver {
            account: Glob::new(pattern),
            ..failure_waiver("2026-12-31")
        };
        for pattern in ["*", "111122223333", "1111*", "????????????", "sandbox-*"] {
            assert!(
                of_account(pattern).covers_account(&account("sandbox-7")),
                "{pattern}"
            );
        }
        for pattern in ["111122223334", "sandbox", "999*", "?"] {
            assert!(
                !of_account(pattern).covers_account(&account("sandbox-7")),
                "{pattern}"
            );
        }
        assert!(!of_account("999988887777").covers_account(&account("999988887777")));
        assert_eq!(of_account("9*").account_key(), AccountKey::Id);
        assert_eq!(of_account("9*a").account_key(), AccountKey::Name);
    }
}
