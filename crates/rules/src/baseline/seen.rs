//! How far an earlier run saw each account, and what a later one does not see any more.

use std::collections::{BTreeMap, BTreeSet};

use model::{AccountId, Arn, Cell, Dataset, Record, cell};

use super::{AccountNow, Changes, RunHead, number};
use crate::Absence;

/// How far an earlier run saw each account that it audited.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen(BTreeMap<u64, Box<[(Dataset, Cell)]>>);

/// What the baseline saw, and this run does not.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CoverageLost {
    /// How many accounts this concerns.
    pub accounts: u64,
    /// The first few of them: those that are missing altogether, then those of which less was seen, then those that the
    /// baseline did not audit, each in account order.
    pub examples: Vec<LostAccount>,
}

/// An account of which less was seen than in the baseline, or that is new and of which not everything was.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LostAccount {
    /// The identifier.
    pub id: AccountId,
    /// The name; empty where this run does not tell of the account.
    pub name: String,
    /// The datasets of which less was seen, or not everything.
    pub datasets: Vec<Dataset>,
    /// Why this run does not tell of the account at all; `None` if it does.
    pub absence: Option<Absence>,
    /// Whether the baseline audited the account.
    pub before: Before,
}

/// Whether the baseline audited an account.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Before {
    /// It did.
    Audited,
    /// It did not, since there was no such account, or for another reason.
    NotAudited,
}

impl Seen {
    pub(super) fn add(
        &mut self,
        account: &AccountId,
        cells: impl IntoIterator<Item = (Dataset, Cell)>,
    ) {
        self.0.insert(account.number(), cells.into_iter().collect());
    }

    pub(super) fn add_record(&mut self, record: &Record, datasets: &BTreeSet<Dataset>) {
        let cells = datasets.iter().map(|it| (*it, cell(record, *it)));
        self.add(&record.account.id, cells);
    }

    /// Returns the same under other names.
    pub(super) fn renamed(&self, rename: impl Fn(&Arn) -> Arn) -> Self {
        let renamed = |id: u64| {
            let arn = format!("arn:aws:iam::{id:012}:root").parse();
            arn.map_or(id, |it: Arn| number(&rename(&it)))
        };
        let accounts = self.0.iter();
        Self(
            accounts
                .map(|(id, cells)| (renamed(*id), cells.clone()))
                .collect(),
        )
    }
}

/// What a run sees of what an earlier one saw, as its records come.
#[derive(Clone, Debug, Default)]
pub(super) struct Lost {
    /// What this run needs to see.
    needed: BTreeSet<Dataset>,
    met: BTreeSet<u64>,
    accounts: u64,
    less: Vec<LostAccount>,
    new: Vec<LostAccount>,
}

impl Lost {
    pub(super) const fn new(needed: BTreeSet<Dataset>) -> Self {
        Self {
            needed,
            met: BTreeSet::new(),
            accounts: 0,
            less: Vec::new(),
            new: Vec::new(),
        }
    }

    /// Adds a record. An account that is not audited any more, since it is not active, is listed as that, and not lost.
    pub(super) fn add(&mut self, before: &Seen, record: &Record) {
        let id = &record.account.id;
        let earlier = before.0.get(&id.number());
        if earlier.is_some() {
            self.met.insert(id.number());
        }
        if AccountNow::of(&record.account) != AccountNow::Audited {
            return;
        }
        let (datasets, list, before): (Vec<_>, _, _) = if let Some(cells) = earlier {
            let less = |(dataset, was): &&(Dataset, Cell)| {
                self.needed.contains(dataset) && cell(record, *dataset) > *was
            };
            let less = cells.iter().filter(less).map(|(it, _)| *it);
            (less.collect(), &mut self.less, Before::Audited)
        } else {
            let short = |it: &&Dataset| cell(record, **it) > Cell::NotVisible;
            let short = self.needed.iter().filter(short).copied();
            (short.collect(), &mut self.new, Before::NotAudited)
        };
        if datasets.is_empty() {
            return;
        }
        self.accounts += 1;
        if list.len() < Changes::EXAMPLES {
            list.push(LostAccount {
                id: id.clone(),
                name: record.account.name.clone(),
                datasets,
                absence: None,
                before,
            });
        }
    }

    /// Returns what is lost, now that every record was added; `None` if the earlier run does not tell what it saw.
    pub(super) fn finish(
        mut self,
        before: &Seen,
        now: &RunHead,
        organization: Option<&str>,
    ) -> Option<CoverageLost> {
        let mut examples = Vec::new();
        for (number, cells) in &before.0 {
            let absence = match now.missing(*number, organization) {
                _ if self.met.contains(number) => continue,
                // What does not exist is nothing that could be seen.
                AccountNow::Gone => continue,
                AccountNow::OutOfScope => Absence::NotInScope,
                AccountNow::Audited
                | AccountNow::Closed
                | AccountNow::NotActive
                | AccountNow::NotSeen => Absence::NotSeen,
            };
            let seen = |(dataset, was): &&(Dataset, Cell)| {
                self.needed.contains(dataset) && matches!(was, Cell::Seen | Cell::Partly)
            };
            let datasets: Vec<_> = cells.iter().filter(seen).map(|(it, _)| *it).collect();
            if datasets.is_empty() {
                continue;
            }
            self.accounts += 1;
            if examples.len() < Changes::EXAMPLES {
                examples.push(LostAccount {
                    id: AccountId::from_number(*number),
                    name: String::new(),
                    datasets,
                    absence: Some(absence),
                    before: Before::Audited,
                });
            }
        }
        examples.append(&mut self.less);
        examples.append(&mut self.new);
        (!before.0.is_empty()).then_some(CoverageLost {
            accounts: self.accounts,
            examples,
        })
    }
}
