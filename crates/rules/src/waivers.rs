//! The waivers of a run, how long each may hold, and which failure each is for.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use model::{Account, Date, Timestamp};

use crate::{Finding, Rule, Severity, Status, Waiver, WaiverId};

/// The waivers of a run, and how long each may hold.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Waivers {
    /// The waivers, as they were given.
    pub list: Vec<Waiver>,
    /// How long one may hold.
    pub max_days: MaxDays,
}

/// The days for which a waiver may hold, by the severity of what it waives.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct MaxDays(BTreeMap<Severity, u32>);

/// Whether a waiver holds on a day for failures of a severity.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Term {
    /// It does.
    Holds,
    /// Its first day is yet to come.
    NotBegun,
    /// Its last day has passed.
    Expired,
    /// Its last day has not passed, and lies further from its first one, or from the day, than is allowed.
    TooLong,
}

impl MaxDays {
    /// Returns the most days for failures of `severity`.
    pub fn of(&self, severity: Severity) -> u32 {
        let unset = match severity {
            Severity::Critical => 30,
            Severity::High => 90,
            Severity::Medium => 180,
            Severity::Low | Severity::Info => 365,
        };
        self.0.get(&severity).copied().unwrap_or(unset)
    }

    /// Sets the most days for failures of `severity`.
    pub fn set(&mut self, severity: Severity, days: u32) {
        self.0.insert(severity, days);
    }
}

impl Waivers {
    /// Returns a waiver.
    pub fn get(&self, id: WaiverId) -> Option<&Waiver> {
        self.list.get(id.0)
    }

    /// Tells whether a waiver holds on `day` for failures of `severity`.
    ///
    /// A waiver that tells its first day holds for as long as is allowed from then. One that does not tell it would be
    /// new on every day: it holds only if its last day is near enough.
    pub fn term(&self, waiver: &Waiver, severity: Severity, day: Date) -> Term {
        let most = i64::from(self.max_days.of(severity));
        let first_day = waiver.created;
        if day > waiver.expires {
            Term::Expired
        } else if first_day.is_some_and(|it| day < it) {
            Term::NotBegun
        } else if first_day.map_or(waiver.expires.days_since(day), |it| day.days_since(it)) > most {
            Term::TooLong
        } else {
            Term::Holds
        }
    }

    /// Returns the last day on which a waiver that holds does so for failures of `severity`.
    pub fn last_day(&self, waiver: &Waiver, severity: Severity) -> Date {
        let most = self.max_days.of(severity);
        let allowed = waiver.created.and_then(|it| it.plus_days(most));
        allowed.map_or(waiver.expires, |it| it.min(waiver.expires))
    }

    /// Marks the failures of an account that a waiver is for: of those that hold at `now`, the one that does for longest.
    /// Without a time nobody can say that one does.
    pub(crate) fn mark(&self, account: &Account, findings: &mut [Finding], now: Option<Timestamp>) {
        let Some(day) = now.and_then(Date::of) else {
            return;
        };
        let here: Vec<_> = self.of_account(account).collect();
        if here.is_empty() {
            return;
        }
        for finding in findings.iter_mut().filter(|it| it.status == Status::Fail) {
            let severity = finding.rule.severity;
            let holds = |(_, waiver): &&(WaiverId, &Waiver)| {
                covers(waiver, finding) && self.term(waiver, severity, day) == Term::Holds
            };
            let last_day = |(_, waiver): &&(WaiverId, &Waiver)| self.last_day(waiver, severity);
            // Of equal ones the last counts, which is the first as written.
            let longest = here.iter().rev().filter(holds).max_by_key(last_day);
            finding.waiver = longest.map(|(id, _)| *id);
        }
    }

    /// Returns the waivers that are for failures in `account`.
    pub(crate) fn of_account(
        &self,
        account: &Account,
    ) -> impl Iterator<Item = (WaiverId, &Waiver)> {
        let all = self.list.iter().enumerate();
        let here = all.filter(|(_, it)| it.covers_account(account));
        here.map(|(index, it)| (WaiverId(index), it))
    }

    /// Tells whether a waiver is for failures of one of `rules`.
    pub(crate) fn is_for(waiver: &Waiver, rules: &[&'static Rule]) -> bool {
        rules.iter().any(|it| waiver.rule.matches(it.id))
    }
}

/// Tells whether a waiver that is for the finding's account is for the finding.
pub(crate) fn covers(waiver: &Waiver, finding: &Finding) -> bool {
    waiver.rule.matches(finding.rule.id) && waiver.covers_principal(&finding.subject)
}
