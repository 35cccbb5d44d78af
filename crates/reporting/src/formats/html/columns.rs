//! Accounts and findings as data: findings in columns, some thousand at a time, each text once in them.

use std::collections::{BTreeMap, HashMap};

use model::{Cell, Scope, snapshot::Header};
use rules::{Change, Rule, Severity, Status, SubjectKind};
use serde::{Serialize, Serializer, ser::SerializeSeq};

use super::text;
use crate::{
    AccountLedger, Row, Summary,
    formats::table::failures::usage,
    summary::Cause,
    tally::SIGN_IN_RULES,
};

/// How many findings stand in a part, which is held until it is written.
const PART: usize = 4_096;

/// The findings of a part, in columns: the page's script knows their names. What is one of the texts is its number
/// there, and -1 where there is none.
#[derive(Debug, Default)]
pub(super) struct Columns {
    known: Known,
    part: Part,
    numbers: HashMap<String, i64>,
    waivers: HashMap<WaiverData, i64>,
}

/// What every part needs to know of the run.
#[derive(Debug, Default)]
struct Known {
    header: Option<Header>,
    rules: BTreeMap<&'static str, i64>,
    causes: BTreeMap<Cause, i64>,
}

#[derive(Debug, Default, Serialize)]
struct Part {
    count: usize,
    texts: Vec<String>,
    /// Who answers for it, why, its last day for the failure, its ticket.
    waivers: Vec<WaiverData>,
    /// Sixteen hexadecimal digits each, in one text.
    ids: String,
    status: Column,
    rule: Column,
    account: Column,
    kind: Column,
    arn: Column,
    reason: Column,
    usage: Column,
    source: Column,
    /// Seconds since 1970.
    time: Column,
    gap: Column,
    cause: Column,
    remedy: Column,
    command: Column,
    owner: Column,
    waiver: Column,
    grace: Column,
    change: Column,
    /// Seconds since 1970.
    first_seen: Column,
}

/// A column; one number where it is the same in all rows.
#[derive(Debug, Default)]
struct Column(Vec<Option<i64>>);

type WaiverData = (String, String, String, Option<String>);

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0.split_first() {
            Some((first, rest)) if rest.iter().all(|it| it == first) => first.serialize(to),
            Some(_) | None => {
                let mut list = to.serialize_seq(Some(self.0.len()))?;
                for it in &self.0 {
                    list.serialize_element(it)?;
                }
                list.end()
            }
        }
    }
}

impl Column {
    fn push(&mut self, number: i64) {
        self.0.push(Some(number));
    }
}

impl Columns {
    /// Notes what the findings' texts and numbers refer to.
    pub(super) fn know(&mut self, summary: &Summary) {
        let rules = summary.totals.rules.iter().map(|(it, _)| it.id);
        self.known = Known {
            header: Some(summary.header.clone()),
            rules: rules.zip(0..).collect(),
            causes: summary.gaps.iter().map(|it| it.cause.clone()).zip(0..).collect(),
        };
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.part.count == 0
    }

    pub(super) const fn is_full(&self) -> bool {
        self.part.count >= PART
    }

    /// Returns the findings that were added since the last time.
    pub(super) fn take(&mut self) -> serde_json::Result<String> {
        self.numbers.clear();
        self.waivers.clear();
        text::json(&std::mem::take(&mut self.part))
    }

    pub(super) fn add(&mut self, row: &Row<'_>) {
        let account = self.number(row.account().id.as_str());
        let arn = self.number(row.principal_arn());
        let reason = self.number(row.reason());
        let used = row.password_use().filter(|_| row.status() == Status::Fail && signs_in(row.rule()));
        let usage = self.of(used.map(usage).as_deref());
        let source = self.number(&row.evidence_sources().collect::<Vec<_>>().join(", "));
        let group = row.gap_group();
        let remedy = self.known.header.as_ref().zip(group.as_ref()).map(|(header, it)| it.remedy(header));
        let gap = self.of(row.gap().map(|it| it.reason.name()));
        let closes = self.of(remedy.as_ref().map(|it| it.text.as_str()));
        let command = self.of(remedy.as_ref().and_then(|it| it.command.as_deref()));
        let owner = self.of(row.owner());
        let grace = self.of(row.grace_until().map(|it| it.to_string()).as_deref());
        let change = self.of(row.change().map(Change::name));
        let waiver = self.waiver(row);
        let part = &mut self.part;
        part.count += 1;
        part.ids.push_str(&row.id().to_string());
        part.status.push(index(&Status::ALL, &row.status()));
        part.rule.push(self.known.rules.get(row.rule().id).copied().unwrap_or(NONE));
        part.account.push(account);
        part.kind.push(index(&SubjectKind::ALL, &row.principal_kind()));
        part.arn.push(arn);
        part.reason.push(reason);
        part.usage.push(usage);
        part.source.push(source);
        part.time.0.push(row.evidence_time().map(model::Timestamp::epoch_seconds));
        part.gap.push(gap);
        part.cause.push(group.map_or(NONE, |it| self.known.cause(&it.cause)));
        part.remedy.push(closes);
        part.command.push(command);
        part.owner.push(owner);
        part.waiver.push(waiver);
        part.grace.push(grace);
        part.change.push(change);
        part.first_seen.0.push(row.first_seen().map(model::Timestamp::epoch_seconds));
    }

    fn of(&mut self, text: Option<&str>) -> i64 {
        text.map_or(NONE, |it| self.number(it))
    }

    fn number(&mut self, text: &str) -> i64 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = next(&self.part.texts);
        self.part.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    fn waiver(&mut self, row: &Row<'_>) -> i64 {
        let Some(applied) = row.waiver() else {
            return NONE;
        };
        let waiver = applied.waiver;
        let data = (
            waiver.owner.clone(),
            waiver.reason.clone(),
            applied.last_day.to_string(),
            waiver.ticket.clone(),
        );
        let number = next(&self.part.waivers);
        *self.waivers.entry(data).or_insert_with_key(|data| {
            self.part.waivers.push(data.clone());
            number
        })
    }
}

impl Known {
    /// Returns the number of a cause, which may have been counted without its policy's name.
    fn cause(&self, cause: &Cause) -> i64 {
        let unnamed = || {
            let policy = cause.policy.as_ref().map(|(kind, _)| (*kind, None));
            self.causes.get(&Cause { policy, ..cause.clone() })
        };
        self.causes.get(cause).or_else(unnamed).copied().unwrap_or(NONE)
    }
}

const NONE: i64 = -1;

fn next<T>(list: &[T]) -> i64 {
    i64::try_from(list.len()).unwrap_or(NONE)
}

fn index<T: PartialEq>(all: &[T], it: &T) -> i64 {
    let at = all.iter().position(|other| other == it);
    at.and_then(|it| i64::try_from(it).ok()).unwrap_or(NONE)
}

fn signs_in(rule: &Rule) -> bool {
    SIGN_IN_RULES.contains(&rule.id)
}

/// An account as the page's script reads it.
#[derive(Debug, Serialize)]
pub(super) struct AccountData<'a> {
    id: &'a str,
    name: &'a str,
    ou: &'a str,
    /// The state of an account that is not audited.
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<String>,
    /// How many datasets there are, and how many of them were seen in full.
    all: usize,
    seen: usize,
    /// What was not seen, with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<String>,
    /// Who answers for the waiver of its coverage, why, its last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<(&'a str, &'a str, String)>,
}

/// Returns an account as the page's script reads it.
pub(super) fn account<'a>(ledger: &AccountLedger<'a>) -> AccountData<'a> {
    let account = ledger.account;
    let cells = ledger.cells.iter();
    let short = cells.clone().filter(|it| it.coverage != Cell::Seen);
    let missing = short.map(|it| {
        let told = || format!("{} {}", it.dataset, cell_words(it.coverage));
        let cause = it.causes.first().map(|it| it.gap.to_string());
        cause.unwrap_or_else(told)
    });
    AccountData {
        id: account.id.as_str(),
        name: &account.name,
        ou: &account.ou_path,
        skipped: match account.scope {
            Scope::Audited => None,
            Scope::NotActive => Some(account.state.to_string()),
        },
        all: ledger.cells.len(),
        seen: cells.filter(|it| it.coverage == Cell::Seen).count(),
        missing: missing.collect(),
        waiver: ledger.waiver.map(|it| (&*it.owner, &*it.reason, it.expires.to_string())),
    }
}

const fn cell_words(cell: Cell) -> &'static str {
    match cell {
        Cell::Seen => "seen",
        Cell::NotVisible => "shown by no call of this mode",
        Cell::Partly => "partly seen",
        Cell::NotSeen => "not seen",
    }
}

/// Returns the names of severities, the least first, as numbers of the data have them.
pub(super) fn severity_index(severity: Severity) -> i64 {
    index(&Severity::ALL, &severity)
}
