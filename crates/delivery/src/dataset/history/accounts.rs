//! What runs saw of accounts.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
};

use ::parquet::data_type::ByteArray;

use crate::{
    dataset::{DatasetError, read::TableReader},
    storage::Location,
};

/// How a failure ended of which it was seen that what it is about is gone.
pub(super) const GONE: &str = "gone";

/// What a run knows of an account: enough to tell what is gone from what was not seen.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four things that a run tells or not, each for itself"
)]
pub(super) struct AccountNow {
    audited: bool,
    pub(super) closed: bool,
    users_listed: bool,
    roles_listed: bool,
}

impl AccountNow {
    /// Tells whether the list that a subject of this kind would be on was seen whole.
    pub(super) fn lists(self, kind: &str) -> bool {
        self.audited
            && match kind {
                "iam-user" => self.users_listed,
                "iam-role" => self.roles_listed,
                _ => false,
            }
    }
}

/// Reads what a run knows of each account.
pub(super) fn read(
    file: File,
    at: &Location,
) -> Result<HashMap<Box<str>, AccountNow>, DatasetError> {
    let mut accounts: HashMap<Box<str>, AccountNow> = HashMap::new();
    for group in TableReader::open(file, at)?.groups() {
        let group = group?;
        let states = group.texts("account_state")?;
        let datasets = group.texts("dataset")?;
        let seen = group.texts("seen")?;
        for (row, id) in group.texts("account_id")?.iter().enumerate() {
            let id = utf8(id.as_ref());
            let (dataset, seen) = (at_row(&datasets, row), at_row(&seen, row));
            let whole = seen == Some("seen");
            let now = match accounts.get_mut(id) {
                Some(now) => now,
                None => accounts.entry(id.into()).or_default(),
            };
            now.audited |= dataset.is_some();
            now.closed |= dataset.is_none() && at_row(&states, row) == Some("closed");
            now.users_listed |= whole && dataset == Some("iam-users");
            now.roles_listed |= whole && dataset == Some("role-trust");
        }
    }
    Ok(accounts)
}

/// What all runs so far saw of an account.
#[derive(Clone, Debug)]
pub(super) struct Sight {
    pub(super) seen: bool,
    pub(super) name: String,
    pub(super) runs: i64,
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) gap: Option<String>,
}

/// Adds what a run saw of each account that it audited.
pub(super) fn sight(
    sights: &mut BTreeMap<Box<str>, Sight>,
    run: usize,
    file: File,
    at: &Location,
) -> Result<(), DatasetError> {
    for group in TableReader::open(file, at)?.groups() {
        let group = group?;
        let names = group.texts("account_name")?;
        let datasets = group.texts("dataset")?;
        let seen = group.texts("seen")?;
        let gaps = group.texts("gap_reason")?;
        for (row, id) in group.texts("account_id")?.iter().enumerate() {
            let Some(dataset) = at_row(&datasets, row) else {
                continue;
            };
            let id = utf8(id.as_ref());
            if !sights.contains_key(id) {
                sights.insert(id.into(), Sight::new(run));
            }
            let Some(sight) = sights.get_mut(id) else {
                continue;
            };
            if sight.last != run || sight.runs == 0 {
                (sight.last, sight.gap) = (run, None);
                sight.runs += 1;
                at_row(&names, row)
                    .unwrap_or_default()
                    .clone_into(&mut sight.name);
            }
            let seen = at_row(&seen, row);
            sight.seen |= dataset != "identity-center" && matches!(seen, Some("seen" | "partly"));
            // The first of the reasons by name, as the view `accounts` has it.
            if let Some(gap) = at_row(&gaps, row)
                && sight.gap.as_deref().is_none_or(|it| gap < it)
            {
                sight.gap = Some(gap.to_owned());
            }
        }
    }
    Ok(())
}

impl Sight {
    const fn new(run: usize) -> Self {
        Self {
            seen: false,
            name: String::new(),
            runs: 0,
            first: run,
            last: run,
            gap: None,
        }
    }
}

fn at_row(column: &[Option<ByteArray>], row: usize) -> Option<&str> {
    let value = column.get(row)?.as_ref()?;
    value.as_utf8().ok()
}

fn utf8(value: Option<&ByteArray>) -> &str {
    value.and_then(|it| it.as_utf8().ok()).unwrap_or_default()
}
