//! Time: the one place that reads the wall clock.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// A point in time in UTC, to the microsecond. On the wire it is RFC 3339 (`2026-03-01T12:00:00.000000Z`).
///
/// ```
/// use event_core::Timestamp;
///
/// let at: Timestamp = "2026-03-01T13:00:00+01:00".parse()?;
/// assert_eq!(at.to_string(), "2026-03-01T12:00:00.000000Z");
/// # Ok::<(), event_core::TimestampError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The point `micros` microseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_unix_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_micros(self) -> i64 {
        self.0
    }

    /// Whether RFC 3339 can write it: the years 0 to 9999.
    pub(crate) const fn is_rfc_3339(self) -> bool {
        -62_167_219_200_000_000 <= self.0 && self.0 <= 253_402_300_799_999_999
    }

    /// How long after `earlier` this is; zero when it isn't.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }
}

impl std::ops::Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::<Utc>::from_timestamp_micros(self.0) {
            Some(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::Micros, true)),
            None => write!(f, "{} µs since 1970", self.0),
        }
    }
}

/// A text that is no RFC 3339 time.
#[derive(Debug, Error)]
#[error("`{text}` is not an RFC 3339 time such as `2026-03-01T12:00:00Z`")]
#[non_exhaustive]
pub struct TimestampError {
    text: String,
    source: chrono::ParseError,
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let time = DateTime::parse_from_rfc3339(text)
            .map_err(|source| TimestampError { text: text.chars().take(40).collect(), source })?;
        Ok(Self(time.timestamp_micros()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// What tells the time. Services use [`SystemClock`]; tests move `testing::ManualClock` by hand.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The present.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the place that the ban leads to")]
    fn now(&self) -> Timestamp {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_timestamp_survives_its_text() {
        for micros in [0, 1, -1, 1_772_366_400_000_001, 253_402_300_799_999_999, -62_167_219_200_000_000] {
            let at = Timestamp::from_unix_micros(micros);
            assert!(at.is_rfc_3339());
            assert_eq!(at.to_string().parse::<Timestamp>().unwrap(), at);
        }
    }

    #[test]
    fn what_rfc_3339_can_not_write_is_known() {
        for micros in [253_402_300_800_000_000, -62_167_219_200_000_001, i64::MAX, i64::MIN] {
            let at = Timestamp::from_unix_micros(micros);
            assert!(!at.is_rfc_3339() && at.to_string().parse::<Timestamp>().is_err(), "{at}");
        }
    }

    #[test]
    fn adding_saturates_instead_of_wrapping() {
        assert_eq!(Timestamp(i64::MAX - 1) + Duration::MAX, Timestamp(i64::MAX));
        assert_eq!(Timestamp(5).since(Timestamp(9)), Duration::ZERO);
    }
}
