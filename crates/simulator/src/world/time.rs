//! A point in time, in UTC, to the second.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use toml::value::Datetime;

/// A point in time, to the second; its default is 2024-01-15T09:00:00Z, so that a world may leave dates out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Makes a timestamp from the seconds since 1970.
    pub const fn from_second(second: i64) -> Self {
        Self(second)
    }

    /// Returns the seconds since 1970.
    pub const fn as_second(self) -> i64 {
        self.0
    }
}

impl Default for Timestamp {
    fn default() -> Self {
        Self(1_705_309_200)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = jiff::Timestamp::from_second(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        write!(out, "{time}")
    }
}

impl FromStr for Timestamp {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A date alone means its midnight, in UTC.
        let time: jiff::Timestamp = if text.contains(':') {
            text.parse()?
        } else {
            format!("{text}T00:00:00Z").parse()?
        };
        Ok(Self(time.as_second()))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(TimestampVisitor)
    }
}

struct TimestampVisitor;

impl<'de> Visitor<'de> for TimestampVisitor {
    type Value = Timestamp;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a time such as 2026-03-01T09:30:00Z, or a date")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Timestamp, E> {
        text.parse().map_err(E::custom)
    }

    // TOML's own date and time arrive as a map with one private key.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Timestamp, A::Error> {
        let datetime = Datetime::deserialize(MapAccessDeserializer::new(map))?;
        datetime.to_string().parse().map_err(A::Error::custom)
    }
}
