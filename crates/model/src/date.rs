//! A day in UTC.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A day in UTC. Written as RFC 3339 writes the date: `2026-12-31`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(jiff::civil::Date);

/// A text that is not a day.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not a day such as 2026-12-31")]
pub struct InvalidDate(String);

impl Date {
    /// Returns the day in UTC that `time` is in.
    ///
    /// `None` outside the years -9999 to 9999, where no [`Timestamp`] is.
    pub fn of(time: Timestamp) -> Option<Self> {
        let instant = jiff::Timestamp::from_second(time.epoch_seconds()).ok()?;
        Some(Self(jiff::tz::Offset::UTC.to_datetime(instant).date()))
    }

    /// Returns the day of that year, month (from 1) and day (from 1), or `None` if the calendar has none.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Returns how many days after `earlier` this day is; negative if it is the earlier one.
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).get_days().into()
    }

    /// Returns the day that is `days` later, or `None` after the year 9999.
    pub fn plus_days(self, days: u32) -> Option<Self> {
        let span = jiff::Span::new().try_days(days).ok()?;
        self.0.checked_add(span).ok().map(Self)
    }
}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bare = text.len() == "2026-12-31".len();
        let day = bare.then(|| text.parse().ok()).flatten();
        day.map(Self).ok_or_else(|| InvalidDate(text.to_owned()))
    }
}

impl TryFrom<String> for Date {
    type Error = InvalidDate;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(it: Date) -> Self {
        it.to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    fn day_of(time: &str) -> String {
        Date::of(time.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn a_day_begins_and_ends_at_midnight_in_utc() {
        assert_eq!(day_of("2026-12-31T00:00:00Z"), "2026-12-31");
        assert_eq!(day_of("2026-12-31T23:59:59Z"), "2026-12-31");
        assert_eq!(day_of("2027-01-01T00:00:00Z"), "2027-01-01");
        assert_eq!(day_of("2027-01-01T01:00:00+02:00"), "2026-12-31");
        assert_eq!(day_of("1969-12-31T23:59:59Z"), "1969-12-31");
    }

    #[test]
    fn days_are_read_as_they_are_written_and_in_order() {
        let day: Date = "2024-02-29".parse().unwrap();
        assert_eq!(day.to_string(), "2024-02-29");
        assert_eq!(Date::new(2024, 2, 29), Some(day));
        assert!(day < "2024-03-01".parse().unwrap());
    }

    #[test]
    fn days_are_counted_across_months_and_leap_years() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        for (first, days, last) in [
            ("2026-11-24", 0, "2026-11-24"),
            ("2026-11-24", 30, "2026-12-24"),
            ("2024-02-28", 2, "2024-03-01"),
            ("2026-11-24", 365, "2027-11-24"),
        ] {
            assert_eq!(day(first).plus_days(days), Some(day(last)));
            assert_eq!(day(last).days_since(day(first)), i64::from(days));
            assert_eq!(day(first).days_since(day(last)), -i64::from(days));
        }
        assert_eq!(day("9999-12-31").plus_days(1), None);
        assert_eq!(day("2026-11-24").plus_days(u32::MAX), None);
    }

    #[test]
    fn what_the_calendar_does_not_have_is_refused() {
        assert_eq!(Date::new(2026, 2, 29), None);
        for text in [
            "",
            "2026-02-29",
            "2026-13-01",
            "2026-12-31T00:00:00Z",
            "20261231",
            "31.12.2026",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }
}
