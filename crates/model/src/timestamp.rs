//! A point in time, in UTC, to the second.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A point in time, in UTC, to the second. Written as RFC 3339: `2026-11-24T06:00:00Z`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

/// A text that is not a point in time.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not a point in time such as 2026-11-24T06:00:00Z")]
pub struct InvalidTimestamp(String);

impl Timestamp {
    /// 1970-01-01T00:00:00Z, which the AWS SDK fills in where an answer lacks a time.
    pub const EPOCH: Self = Self(0);

    /// Returns the point `seconds` after 1970-01-01T00:00:00Z, or `None` outside the years -9999 to 9999.
    pub fn from_epoch_seconds(seconds: i64) -> Option<Self> {
        jiff::Timestamp::from_second(seconds)
            .ok()
            .map(|it| Self(it.as_second()))
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z.
    pub const fn epoch_seconds(self) -> i64 {
        self.0
    }

    /// Returns the seconds from `earlier` to this point; negative if this point is the earlier one.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Reads RFC 3339 with any offset, the same with a space for the `T`, and a bare date (midnight UTC):
/// the forms found in credential reports and in the output of AWS's own command line over the years.
impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let trimmed = text.trim();
        if let Some(instant) = in_utc(trimmed) {
            return Ok(instant);
        }
        let bare_date = trimmed.len() == "2026-11-24".len();
        let instant: Result<jiff::Timestamp, _> = if bare_date {
            format!("{trimmed}T00:00:00Z").parse()
        } else {
            trimmed.parse()
        };
        instant
            .map(|it| Self(it.as_second()))
            .map_err(|_| InvalidTimestamp(text.to_owned()))
    }
}

/// Reads the form that AWS writes, of which a large organization's reports hold millions: whole seconds, in UTC. `None`
/// for every other form, and for what the calendar does not have.
fn in_utc(text: &str) -> Option<Timestamp> {
    let (digits, zone) = text.split_at_checked("2026-11-24T06:00:00".len())?;
    let bytes = digits.as_bytes();
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    let is_form = separators.iter().all(|(at, it)| bytes.get(*at) == Some(it));
    if !is_form || !matches!(zone, "Z" | "+00:00") {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<i8> {
        let digits = bytes.get(from..to)?;
        let value = |sum: i8, digit: &u8| {
            let digit = digit.is_ascii_digit().then(|| digit - b'0')?;
            sum.checked_mul(10)?.checked_add(i8::try_from(digit).ok()?)
        };
        digits.iter().try_fold(0, value)
    };
    let year = i16::from(number(0, 2)?) * 100 + i16::from(number(2, 4)?);
    let day = jiff::civil::Date::new(year, number(5, 7)?, number(8, 10)?).ok()?;
    let time = jiff::civil::Time::new(number(11, 13)?, number(14, 16)?, number(17, 19)?, 0).ok()?;
    let instant = jiff::tz::Offset::UTC.to_timestamp(day.to_datetime(time));
    instant.ok().map(|it| Timestamp(it.as_second()))
}

impl TryFrom<String> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(it: Timestamp) -> Self {
        it.to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(it) => it.fmt(f),
            Err(_) => f.write_str("1970-01-01T00:00:00Z"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn every_form_seen_in_evidence_is_read() {
        let forms = [
            "2019-12-18T19:10:08Z",
            "2019-12-18T19:10:08+00:00",
            "2019-12-18 19:10:08+00:00",
            "2019-12-18T21:10:08+02:00",
            "2019-12-18T19:10:08.250Z",
        ];
        for form in forms {
            let read: Timestamp = form.parse().unwrap();
            assert_eq!(read.to_string(), "2019-12-18T19:10:08Z", "{form}");
        }
        let day: Timestamp = "2019-12-18".parse().unwrap();
        assert_eq!(day.to_string(), "2019-12-18T00:00:00Z");
    }

    #[test]
    fn the_form_that_aws_writes_is_read_as_the_others_are() {
        for text in [
            "1970-01-01T00:00:00",
            "2024-02-29T23:59:59",
            "1969-12-31T23:59:59",
            "0001-01-01T00:00:00",
            "9999-12-30T12:00:00",
            "2116-08-26T12:34:56",
        ] {
            let with = |zone: &str| format!("{text}{zone}").parse::<Timestamp>();
            assert_eq!(with("Z").unwrap(), with("+00:00").unwrap(), "{text}");
            assert_eq!(with("Z").unwrap(), with(".000Z").unwrap(), "{text}");
            assert_eq!(with("Z").unwrap().to_string(), format!("{text}Z"));
        }
        for text in [
            "2023-02-29T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-0a-01T00:00:00Z",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "N/A",
            "no_information",
            "2019-13-01",
            "20112-01-01T00:00:00Z",
            "12",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_year_beyond_the_calendar_is_refused_rather_than_wrapped() {
        assert!(Timestamp::from_epoch_seconds(i64::MAX).is_none());
        assert!(
            Timestamp::from_epoch_seconds(4_607_539_200).is_some(),
            "2116 is a date"
        );
    }
}
