//! Slots: the 64 parts of an outbox that are each kept in commit order.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::event_type::default_aggregate;
use crate::id::EventId;
use crate::key::EventKey;

/// What orders an event: its aggregate, `/`, and its key (keyless: its id). CloudEvents' extension `partitionkey`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartitionKey(String);

impl PartitionKey {
    /// The partition key of an event.
    #[must_use]
    pub fn new(aggregate: &str, key: Option<&EventKey>, id: &EventId) -> Self {
        Self(format!("{aggregate}/{}", key.map_or(id.as_str(), EventKey::as_str)))
    }

    /// The partition key of an event whose producer gave none: its subject, else its id, under its type.
    #[must_use]
    pub(crate) fn of_foreign(event_type: &str, subject: Option<&str>, id: &EventId) -> Self {
        Self(format!("{}/{}", default_aggregate(event_type), subject.unwrap_or(id.as_str())))
    }

    /// The key as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The slot in which events of this key are ordered.
    #[must_use]
    pub fn slot(&self) -> Slot {
        Slot::of(&self.0)
    }
}

impl From<String> for PartitionKey {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for PartitionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One of the 64 parts of an outbox. Events of one partition key share a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(u8);

impl Slot {
    /// How many slots an outbox has.
    pub const COUNT: u8 = 64;

    /// The slot of a partition key: the first four bytes of its MD5, big-endian, modulo 64.
    ///
    /// Writers in every language compute the same; MD5 is a hash here, no protection.
    ///
    /// ```
    /// use event_core::Slot;
    ///
    /// assert_eq!(Slot::of("order/o-1").number(), 34);
    /// ```
    #[must_use]
    pub fn of(partition_key: &str) -> Self {
        Self::of_parts(&[partition_key])
    }

    /// The slot of a partition key that is still in parts.
    pub(crate) fn of_parts(parts: &[&str]) -> Self {
        let mut hash = md5::Context::new();
        parts.iter().for_each(|part| hash.consume(part));
        // Modulo 64, of four big-endian bytes only the last one counts.
        let [_, _, _, low, ..] = hash.finalize().0;
        Self(low % Self::COUNT)
    }

    /// The slot of this number, if there is one.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        if number < Self::COUNT { Some(Self(number)) } else { None }
    }

    /// The number, 0 to 63.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Every slot, ascending.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).map(Self)
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "slot {}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shared with every other writer: `('x' || substr(md5(key), 1, 8))::bit(32)::int & 63` in PostgreSQL.
    #[test]
    fn slots_agree_with_the_shared_vector() {
        let vector = [("order/o-1", 34), ("order/ö-2", 11), ("order/a%2Fb/c", 57), ("", 25)];
        for (key, slot) in vector {
            assert_eq!(Slot::of(key).number(), slot, "{key}");
        }
    }
}
