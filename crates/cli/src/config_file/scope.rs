//! The section `[scope]`.

use super::{
    mistakes::Mistakes,
    section::{Key, Section, Stated},
    table::Table,
    value::{Kind, Value},
};
use crate::{
    args::{AccountOrSelf, ScopeArgs},
    given::Given,
    values::account_or_self,
};

pub(super) static SECTION: Section<ScopeArgs> = Section {
    name: "scope",
    about: "The accounts to audit",
    keys: &[
        Key {
            name: "accounts",
            about: "Only these accounts, by their twelve digits in quotes; or \"self\" alone for the caller's own without the organization",
            kind: Kind::List(|it| account_or_self(it).map(drop)),
            flag: ("account", "--account"),
            get: |it| {
                let name = |it: &AccountOrSelf| match it {
                    AccountOrSelf::Account(id) => id.to_string(),
                    AccountOrSelf::Own => "self".to_owned(),
                };
                listed(it.account.iter().map(name).collect())
            },
            set: |it, value| {
                if let Value::List(accounts) = value {
                    let read = accounts.iter().filter_map(|it| account_or_self(it).ok());
                    it.account = read.collect();
                }
            },
        },
        Key {
            name: "exclude-accounts",
            about: "Not these accounts",
            kind: Kind::List(|it| {
                it.parse::<model::AccountId>()
                    .map(drop)
                    .map_err(|error| error.to_string())
            }),
            flag: ("exclude_account", "--exclude-account"),
            get: |it| listed(it.exclude_account.iter().map(ToString::to_string).collect()),
            set: |it, value| {
                if let Value::List(accounts) = value {
                    it.exclude_account = accounts.iter().filter_map(|it| it.parse().ok()).collect();
                }
            },
        },
        Key {
            name: "organizational-units",
            about: "Only accounts in or below these organizational units, by id, name or path",
            kind: Kind::List(|_| Ok(())),
            flag: ("ou", "--ou"),
            get: |it| listed(it.ou.clone()),
            set: |it, value| {
                if let Value::List(units) = value {
                    it.ou.clone_from(units);
                }
            },
        },
    ],
};

/// An empty list restricts nothing: nothing is set.
fn listed(items: Vec<String>) -> Option<Value> {
    (!items.is_empty()).then_some(Value::List(items))
}

/// Takes the section, and tells of what does not go together.
pub(super) fn take(document: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Stated<ScopeArgs> {
    let span = document.key_span(SECTION.name);
    let stated = SECTION.take(document, mistakes);
    let len = |key: &str| match stated.value(key) {
        Some(Value::List(items)) => items.len(),
        _ => 0,
    };
    let own = matches!(stated.value("accounts"), Some(Value::List(it)) if it.iter().any(|it| it == "self"));
    if own && len("accounts") + len("exclude-accounts") + len("organizational-units") > 1 {
        let what = "\"self\" goes with no other account, unit or exclusion: remove one";
        mistakes.add(span.unwrap_or_default(), what);
    }
    stated
}

/// Sets the options that do not stand on the command line. `--account self` leaves the organization alone, and so all
/// that the file says about its accounts.
pub(super) fn apply(stated: &Stated<ScopeArgs>, options: &mut ScopeArgs, given: &Given) {
    if !options.account.contains(&AccountOrSelf::Own) {
        stated.apply(options, given);
    }
}
