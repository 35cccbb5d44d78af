//! An account, or a unit of accounts, whose gaps somebody answers for until a day.

use model::{Account, AccountId, Date};

/// An account, or a unit of accounts, whose gaps somebody answers for until a day.
///
/// Its cells that were not fully seen are not held against the gate. Nothing else changes: they are not seen, and
/// findings about them stay indeterminate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CoverageWaiver {
    /// Where.
    pub scope: WaiverScope,
    /// Why nothing, or not all, is seen there.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds.
    pub expires: Date,
}

/// Where a coverage waiver holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum WaiverScope {
    /// In one account.
    Account(AccountId),
    /// In an organizational unit and those below, by the path in [`Account::ou_path`]: names joined by `/`, and the
    /// identifier of a unit whose name was not seen.
    Ou(String),
}

impl CoverageWaiver {
    /// Tells whether `account` is where the waiver holds.
    pub fn matches(&self, account: &Account) -> bool {
        match &self.scope {
            WaiverScope::Account(id) => account.id == *id,
            WaiverScope::Ou(path) => {
                let below = account.ou_path.strip_prefix(path.as_str());
                // An account at the root is in no unit, and `Sandbox` is no part of `Sandboxes`.
                !path.is_empty() && below.is_some_and(|it| it.is_empty() || it.starts_with('/'))
            }
        }
    }

    /// Tells whether the waiver still holds on `day`.
    pub fn holds_on(&self, day: Date) -> bool {
        day <= self.expires
    }
}

impl WaiverScope {
    /// Returns the kind of scope: `account` or `ou`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Ou(_) => "ou",
        }
    }

    /// Returns the account's identifier or the unit's path.
    pub fn value(&self) -> &str {
        match self {
            Self::Account(id) => id.as_str(),
            Self::Ou(path) => path,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        WaiverScope,
        example::{waived_account, waiver},
    };

    #[test]
    fn a_unit_is_itself_and_the_units_below() {
        let matches = |scope: &str, path: &str| {
            waiver(WaiverScope::Ou(scope.to_owned()), "2026-12-31")
                .matches(&waived_account("111122223333", path))
        };
        for (scope, path) in [
            ("Sandbox", "Sandbox"),
            ("Sandbox", "Sandbox/Labs"),
            ("Sandbox/Labs", "Sandbox/Labs/Old"),
            ("ou-ab12-11111111", "ou-ab12-11111111/Labs"),
        ] {
            assert!(matches(scope, path), "{scope}: {path}");
        }
        for (scope, path) in [
            ("Sandbox", "Sandboxes"),
            ("Sandbox", "Workloads/Sandbox"),
            ("Sandbox/Labs", "Sandbox"),
            ("sandbox", "Sandbox"),
            ("Sandbox", ""),
            ("", ""),
            ("", "Sandbox"),
        ] {
            assert!(!matches(scope, path), "{scope}: {path}");
        }
    }

    #[test]
    fn an_account_is_itself_alone() {
        let waiver = waiver(
            WaiverScope::Account("111122223333".parse().unwrap()),
            "2026-12-31",
        );
        assert!(waiver.matches(&waived_account("111122223333", "Sandbox")));
        assert!(!waiver.matches(&waived_account("111122223334", "Sandbox")));
    }

    #[test]
    fn the_last_day_is_the_day_named() {
        let waiver = waiver(WaiverScope::Ou("Sandbox".to_owned()), "2026-12-31");
        let holds = |day: &str| waiver.holds_on(day.parse().unwrap());
        assert!(holds("2026-11-24") && holds("2026-12-31"));
        assert!(!holds("2027-01-01"));
    }
}
