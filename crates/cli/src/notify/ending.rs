//! The waivers whose end somebody is to be told of.

use delivery::notify::{Ending, Listed};
use model::Date;
use reporting::Summary;
use rules::{Changes, WaiverFate, WaiverState};

use super::{changed::Happened, message::line};

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
    /// Returns what is to be told of a waiver of which `ends` is the last day. One that was `created` on the baseline's day
    /// or since may be none that could be told of then, however near its end was.
    fn of(self, ends: Date, created: Option<Date>) -> Told {
        let left = ends.days_since(self.today);
        let left_before = self.before.map(|it| ends.days_since(it));
        let is_recent = self
            .before
            .zip(created)
            .is_some_and(|(before, created)| created >= before);
        match (left, left_before) {
            (left, _) if left > self.within => Told::Not,
            // It ended; whether that was before the baseline, only a baseline can tell.
            (..0, None | Some(..0)) => Told::Not,
            (0.., Some(before)) if before <= self.within && !is_recent => Told::Still,
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
        let life = ends.map(|it| (it, waiver.created));
        ending.add(window, life, &of, &waiver.owner);
    }
    for it in totals.waivers.uses() {
        let ends = match it.state {
            WaiverState::Active => Some(it.waiver.expires),
            WaiverState::Expired => Some(it.waiver.expires).filter(|_| it.accounts_short > 0),
            WaiverState::Undated | WaiverState::Unmatched | WaiverState::NotNeeded => None,
        };
        let scope = &it.waiver.scope;
        let of = format!("coverage of {} {}", scope.kind(), scope.value());
        let life = ends.map(|it| (it, None));
        ending.add(window, life, &of, &it.waiver.owner);
    }
    ending
}

impl EndingWaivers {
    fn add(&mut self, window: Window, life: Option<(Date, Option<Date>)>, of: &str, owner: &str) {
        let Some((ends, created)) = life else { return };
        match window.of(ends, created) {
            Told::Not => return,
            Told::Still => {}
            Told::Newly => self.changed = Happened::Yes,
        }
        self.listed.count += 1;
        if self.listed.examples.len() == Changes::EXAMPLES {
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
    use model::Date;

    use super::{Told, Window};

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
            assert_eq!(window.of(day(ends), None), expected, "{before:?} {ends}");
            let old = Some(day(1));
            assert_eq!(window.of(day(ends), old), expected, "{before:?} {ends}");
        }
    }

    #[test]
    fn a_waiver_that_is_near_its_end_from_its_first_day_is_news_once() {
        // Today is the 20th, and what ends within 5 days is told. A baseline is of a day: whether what was created on it
        // was there already, nobody knows.
        for (created, before, ends, expected) in [
            (20, Some(19), 22, Told::Newly),
            (19, Some(19), 22, Told::Newly),
            (18, Some(19), 22, Told::Still),
            (18, Some(17), 19, Told::Newly),
            (20, Some(19), 26, Told::Not),
            (20, None, 22, Told::Newly),
        ] {
            let window = Window {
                today: day(20),
                before: before.map(day),
                within: 5,
            };
            let told = window.of(day(ends), Some(day(created)));
            assert_eq!(told, expected, "{created} {before:?} {ends}");
        }
    }
}
