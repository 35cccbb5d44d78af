//! Pace, deadlines and stops: what one account may cost the others, and when a run ends.

mod deadlines;
mod endless;
mod renewal;
mod reports;
mod run_deadline;
mod stops;
mod streaming;
mod throttled;

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt, stream};
use model::{Account, GapReason, Record, snapshot::ScopeFilter};
use simulator::{Fault, FaultKind, World};

use super::stage::{MANAGEMENT, ORDINARY, Stage, fault};
use crate::{Collector, Stop};

/// Returns an organization of so many members, each described by what follows it, beside the management account.
fn members(count: usize, more: &str) -> World {
    let account = |number| {
        format!(
            r#"
            [[account]]
            id = "{}"
            report.age-seconds = 60
            [[account.role]]
            name = "mfaudit-audit"
            {more}
            "#,
            id(number)
        )
    };
    let all: String = (0..=count).map(account).collect();
    let head = format!("[organization]\nmanagement-account = \"{MANAGEMENT}\"\n");
    World::from_toml(&format!("{head}{all}")).unwrap()
}

/// Returns the id of a member, counted from 1; the management account is 0.
fn id(number: usize) -> String {
    if number == 0 {
        return MANAGEMENT.to_owned();
    }
    format!("{:012}", 200_000_000_000 + number)
}

fn ids(records: &[Record]) -> Vec<&str> {
    records.iter().map(|it| it.account.id.as_str()).collect()
}

/// Returns a fault that is served always, for one member.
fn of(number: usize, action: &str, kind: FaultKind) -> Fault {
    Fault {
        account: Some(id(number)),
        ..fault(action, kind)
    }
}

fn hang() -> FaultKind {
    FaultKind::Hang { seconds: 600 }
}

async fn accounts(stage: &Stage) -> Vec<Account> {
    stage
        .discover(ScopeFilter::default())
        .await
        .unwrap()
        .accounts
}

/// Collects accounts and returns what comes, in the order it comes.
async fn as_it_comes(collector: &Collector, accounts: Vec<Account>) -> Vec<Result<Record, Stop>> {
    collector.collect(stream::iter(accounts)).collect().await
}

/// Collects accounts and returns the records in the order they come.
async fn records(collector: &Collector, accounts: Vec<Account>) -> Vec<Record> {
    let all = as_it_comes(collector, accounts).await.into_iter();
    all.map(Result::unwrap).collect()
}

fn reasons(record: &Record) -> BTreeSet<GapReason> {
    record.gaps.iter().map(|it| it.reason).collect()
}

/// Tells whether all is seen that an ordinary audit needs.
fn is_whole(record: &Record) -> bool {
    let datasets = rules::datasets(&ORDINARY);
    let seen = |it: &model::Dataset| model::cell(record, *it) == model::Cell::Seen;
    datasets.iter().all(seen)
}
