//! What happened since the baseline that somebody is to be told of.

use std::collections::BTreeSet;

use delivery::notify::{Ending, Listed, Occasion};
use model::Date;
use reporting::Summary;
use rules::{Changes, Decision, Sight, WaiverFate, WaiverState};

use super::message::{EXAMPLES, line};
use crate::config_file::Trigger;

/// Returns why a message is sent: what happened of what it is to be sent about. Without a baseline nobody knows what did,
/// and that is told instead: it is not to say that nothing did.
pub(super) fn occasions(
    changes: Option<&Changes>,
    closed_by_coverage: Happened,
    waivers: Happened,
    on: &BTreeSet<Trigger>,
) -> Vec<Occasion> {
    let mut because = Vec::new();
    let blind = changes.is_none() && on.iter().any(|it| it.needs_baseline());
    if blind {
        because.push(Occasion::NoBaseline);
    }
    let counts = changes.map(|it| it.counts).unwrap_or_default();
    let lost = changes.is_some_and(|it| {
        // A baseline that does not tell what it saw does not say that nothing was lost.
        it.list_cut || it.coverage_lost.as_ref().is_none_or(|it| it.accounts > 0)
    }) || closed_by_coverage == Happened::Yes;
    for trigger in on {
        let (happened, occasion) = match trigger {
            Trigger::New => (
                counts.new + counts.lapsed + counts.new_rule > 0,
                Occasion::New,
            ),
            Trigger::Fixed => (counts.fixed > 0, Occasion::Fixed),
            Trigger::CoverageLost => (lost, Occasion::CoverageLost),
            Trigger::WaiverEnding => (waivers == Happened::Yes, Occasion::WaiverEnding),
            Trigger::Always => (true, Occasion::Always),
        };
        if happened {
            because.push(occasion);
        }
    }
    because
}

/// Whether something happened since the baseline.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Happened {
    Yes,
    No,
}

/// Returns whether the gate is closed for what was not seen, and was not so by the baseline. Where that does not tell, it
/// is not to say that it was.
pub(super) fn closed_by_coverage(summary: &Summary) -> Happened {
    let too_little = summary.outcome().decision == Decision::Incomplete;
    let before = summary.changes().map(|it| it.sight_before);
    match before {
        Some(Sight::Enough | Sight::Unknown) if too_little => Happened::Yes,
        Some(Sight::Enough | Sight::TooLittle | Sight::Unknown) | None => Happened::No,
    }
}

/// The waivers that end soon, or have ended since the baseline.
pub(super) struct EndingWaivers {
    pub(super) listed: Listed<Ending>,
    pub(super) changed: Happened,
}

/// The days between which waivers are told of.
#[derive(Clone, Copy)]
struct Window {
    today: Date,
    /// The day of the baseline.
    before: Option<Date>,
    within: i64,
}

/// What is to be told of a waiver.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Told {
    /// Nothing.
    Not,
    /// That it ends soon, as was so when the baseline was collected.
    Still,
    /// That it ends soon, or has ended, as was not so then.
    Newly,
}

impl Window {
    /// Returns what is to be told of a waiver of which `ends` is the last day.
    fn of(self, ends: Date) -> Told {
        let left = ends.days_since(self.today);
        let left_before = self.before.map(|it| ends.days_since(it));
        match (left, left_before) {
            (left, _) if left > self.within => Told::Not,
            // It ended; whether that was before the baseline, only a baseline can tell.
            (..0, None | Some(..0)) => Told::Not,
            (0.., Some(before)) if before <= self.within => Told::Still,
            (..0, Some(0..)) | (0.., _) => Told::Newly,
        }
    }
}

/// Returns the waivers that are needed and end soon, or did and have ended since the baseline.
pub(super) fn waivers(summary: &Summary, within: u32) -> EndingWaivers {
    let mut ending = EndingWaivers {
        listed: Listed::default(),
        changed: Happened::No,
    };
    let Some(today) = summary.header().collected_at.and_then(Date::of) else {
        return ending;
    };
    let since = summary.changes().and_then(|it| it.since);
    let window = Window {
        today,
        before: since.and_then(Date::of),
        within: i64::from(within),
    };
    let totals = summary.totals();
    for it in totals.waiver_uses.outcomes() {
        let ends = match it.fate {
            WaiverFate::Active => it.ends,
            WaiverFate::Expired => Some(it.waiver.expires).filter(|_| it.failures > 0),
            WaiverFate::TooLong
            | WaiverFate::NotBegun
            | WaiverFate::Undated
            | WaiverFate::Unmatched
            | WaiverFate::NotNeeded
            | WaiverFate::RuleNotSelected => None,
        };
        let waiver = it.waiver;
        let of = format!(
            "{} for {} in {}",
            waiver.rule.as_str(),
            waiver.principal.as_str(),
            waiver.account.as_str()
        );
        ending.add(window, ends, &of, &waiver.owner);
    }
    for it in totals.waivers.uses() {
        let ends = match it.state {
            WaiverState::Active => Some(it.waiver.expires),
            WaiverState::Expired => Some(it.waiver.expires).filter(|_| it.accounts_short > 0),
            WaiverState::Undated | WaiverState::Unmatched | WaiverState::NotNeeded => None,
        };
        let scope = &it.waiver.scope;
        let of = format!("coverage of {} {}", scope.kind(), scope.value());
        ending.add(window, ends, &of, &it.waiver.owner);
    }
    ending
}

impl EndingWaivers {
    fn add(&mut self, window: Window, ends: Option<Date>, of: &str, owner: &str) {
        let Some(ends) = ends else { return };
        match window.of(ends) {
            Told::Not => return,
            Told::Still => {}
            Told::Newly => self.changed = Happened::Yes,
        }
        self.listed.count += 1;
        if self.listed.examples.len() == EXAMPLES {
            return;
        }
        let days_left = ends.days_since(window.today);
        let when = match days_left {
            ..0 => format!("ended {ends}"),
            0 => format!("ends today, {ends}"),
            1 => format!("ends {ends}, in 1 day"),
            _ => format!("ends {ends}, in {days_left} days"),
        };
        self.listed.examples.push(Ending {
            of: line(of),
            owner: line(owner),
            ends: ends.to_string(),
            days_left,
            text: line(&format!("waiver of {of} by {owner} {when}")),
        });
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::Arc};

    use delivery::notify::Occasion as O;
    use model::Date;
    use rules::{ChangeCounts, Changes, CoverageLost};

    use super::{Happened, Told, Window, occasions};
    use crate::config_file::Trigger;

    fn day(day: i8) -> Date {
        Date::new(2026, 11, day).unwrap()
    }

    #[test]
    fn a_waiver_is_news_when_it_comes_near_its_end_and_when_it_ends() {
        // Today is the 20th, and what ends within 5 days is told.
        for (before, ends, expected) in [
            (Some(19), 26, Told::Not),
            (Some(19), 25, Told::Newly),
            (Some(20), 25, Told::Still),
            (Some(19), 24, Told::Still),
            (Some(10), 24, Told::Newly),
            (Some(19), 20, Told::Still),
            (Some(19), 19, Told::Newly),
            (Some(19), 18, Told::Not),
            (Some(10), 15, Told::Newly),
            (None, 26, Told::Not),
            (None, 25, Told::Newly),
            (None, 20, Told::Newly),
            (None, 19, Told::Not),
        ] {
            let window = Window {
                today: day(20),
                before: before.map(day),
                within: 5,
            };
            assert_eq!(window.of(day(ends)), expected, "{before:?} {ends}");
        }
    }

    fn changes(counts: ChangeCounts, lost: Option<u64>) -> Arc<Changes> {
        Arc::new(Changes {
            counts,
            coverage_lost: lost.map(|accounts| CoverageLost {
                accounts,
                examples: Vec::new(),
            }),
            ..Changes::default()
        })
    }

    #[test]
    fn only_what_happened_and_was_asked_for_is_a_reason() {
        use Trigger as T;
        let all: BTreeSet<_> = [T::New, T::Fixed, T::CoverageLost, T::WaiverEnding].into();
        let none = ChangeCounts {
            known: 3,
            unknown: 2,
            ..ChangeCounts::default()
        };
        let new = ChangeCounts { new: 1, ..none };
        let lapsed = ChangeCounts { lapsed: 1, ..none };
        let of_new_rule = ChangeCounts {
            new_rule: 1,
            ..none
        };
        let fixed = ChangeCounts { fixed: 1, ..none };
        let cut = Arc::new(Changes {
            list_cut: true,
            ..Changes::clone(&changes(none, Some(0)))
        });
        let (yes, no) = (Happened::Yes, Happened::No);
        for (changes, closed, waivers, on, expected) in [
            (Some(changes(none, Some(0))), no, no, &all, &[][..]),
            (Some(changes(new, Some(0))), no, no, &all, &[O::New]),
            (Some(changes(lapsed, Some(0))), no, no, &all, &[O::New]),
            (Some(changes(of_new_rule, Some(0))), no, no, &all, &[O::New]),
            (Some(changes(fixed, Some(0))), no, no, &all, &[O::Fixed]),
            (
                Some(changes(none, Some(1))),
                no,
                no,
                &all,
                &[O::CoverageLost],
            ),
            (
                Some(changes(none, Some(0))),
                yes,
                no,
                &all,
                &[O::CoverageLost],
            ),
            (
                Some(changes(fixed, Some(0))),
                yes,
                no,
                &[T::Fixed].into(),
                &[O::Fixed],
            ),
            (Some(cut), no, no, &all, &[O::CoverageLost]),
            (Some(changes(none, None)), no, no, &all, &[O::CoverageLost]),
            (
                Some(changes(none, Some(0))),
                no,
                yes,
                &all,
                &[O::WaiverEnding],
            ),
            (
                Some(changes(fixed, Some(1))),
                no,
                yes,
                &[T::New].into(),
                &[],
            ),
            (
                Some(changes(none, Some(0))),
                no,
                no,
                &[T::Always].into(),
                &[O::Always],
            ),
            (None, no, no, &all, &[O::NoBaseline]),
            (None, no, yes, &all, &[O::NoBaseline, O::WaiverEnding]),
            (None, no, no, &[T::New].into(), &[O::NoBaseline]),
            (None, no, no, &[T::WaiverEnding].into(), &[]),
            (None, no, yes, &[T::WaiverEnding].into(), &[O::WaiverEnding]),
            (None, no, no, &[T::Always].into(), &[O::Always]),
        ] {
            let because = occasions(changes.as_deref(), closed, waivers, on);
            assert_eq!(because, expected, "{changes:?} {waivers:?} {on:?}");
        }
    }
}
