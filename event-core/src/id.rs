//! Ids of events and of what they belong to.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::{Clock, Timestamp};
use crate::entropy;

/// The id of an event, CloudEvents' `id`: a UUIDv7 for our own events, any text for those of others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(String);

impl EventId {
    /// A new UUIDv7 (RFC 9562) at the time of `clock`.
    #[must_use]
    pub fn generate(clock: &dyn Clock) -> Self {
        Self::from_parts(clock.now(), &entropy::random())
    }

    /// The UUIDv7 of a time and ten random bytes.
    #[must_use]
    pub fn from_parts(at: Timestamp, random: &[u8; 10]) -> Self {
        let millis = u64::try_from(at.unix_micros().div_euclid(1000)).unwrap_or(0);
        let uuid = uuid::Builder::from_unix_timestamp_millis(millis, random).into_uuid();
        Self::from(uuid)
    }

    /// The id as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Uuid> for EventId {
    fn from(uuid: Uuid) -> Self {
        Self(uuid.hyphenated().to_string())
    }
}

impl From<String> for EventId {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for EventId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_later_milliseconds_sort_later() {
        let at = |micros| EventId::from_parts(Timestamp::from_unix_micros(micros), &[0xff; 10]);
        assert!(at(1_772_366_400_000_000) < at(1_772_366_400_001_000));
    }

    #[test]
    fn a_generated_id_is_a_uuid_of_version_7() {
        let id = EventId::generate(&crate::clock::SystemClock);
        let uuid = Uuid::parse_str(id.as_str()).expect("a generated id is a UUID");
        assert_eq!(uuid.get_version_num(), 7);
        assert_ne!(id, EventId::generate(&crate::clock::SystemClock));
    }
}
