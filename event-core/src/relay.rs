//! What a relay decides: which events of a slot go out, and how far its cursor moves.

#[cfg(feature = "runtime")]
mod breaker;
mod filter;
#[cfg(feature = "runtime")]
mod holding;
#[cfg(feature = "runtime")]
mod pace;
mod record;
#[cfg(feature = "runtime")]
mod run;
mod share;
mod sink;

#[cfg(feature = "runtime")]
pub use breaker::Breaker;
#[cfg(feature = "runtime")]
pub(crate) use breaker::{Allowed, Circuit};
pub use filter::{Filter, FilterError};
#[cfg(feature = "runtime")]
pub(crate) use holding::{Behind, Holding};
#[cfg(feature = "runtime")]
pub(crate) use pace::Pace;
pub use record::{Record, RecordError};
#[cfg(feature = "runtime")]
pub(crate) use run::{Outcome, SlotRun, runs};
pub use share::{Claim, RelayState, SlotState, Survey};
pub use sink::{Registration, Sink, SinkState, Start};

use crate::id::EventId;
use crate::sequence::Sequence;
use crate::slot::{PartitionKey, Slot};

/// Who holds leases: one running relay.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner(String);

impl Owner {
    /// The owner of this name, which no other running relay has.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How far a sink has come in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cursor {
    /// The slot.
    pub slot: Slot,
    /// Everything up to here was sent or parked.
    pub position: Sequence,
    /// The last position that was sent: what the next event carries as `previous`.
    pub sent: Sequence,
}

impl Cursor {
    /// The cursor of a slot at `position`, of which `sent` was sent last.
    #[must_use]
    pub fn new(slot: Slot, position: Sequence, sent: Sequence) -> Self {
        Self { slot, position, sent }
    }
}

/// The right to send a slot, until it runs out or another owner takes it with a higher fence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// Where to go on.
    pub cursor: Cursor,
    /// Grows with every change of owner: a cursor only moves under the fence that is in force.
    pub fence: u64,
}

impl Lease {
    /// A lease under `fence`.
    #[must_use]
    pub fn new(cursor: Cursor, fence: u64) -> Self {
        Self { cursor, fence }
    }
}

/// An event that a transport refused for good, or that follows such an event under the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parked {
    /// The position in the slot.
    pub position: Sequence,
    /// The id of the event.
    pub id: EventId,
    /// What orders it.
    pub partition_key: PartitionKey,
    /// Why it was refused: the error and its causes; empty for an event that follows a parked one.
    pub errors: Vec<String>,
}

/// How a cursor moves after a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advance {
    /// The new cursor.
    pub cursor: Cursor,
    /// The fence under which the slot was read.
    pub fence: u64,
    /// What is parked in the same transaction.
    pub parked: Vec<Parked>,
}

impl Advance {
    /// The advance to `cursor` under `fence`, with nothing parked.
    #[must_use]
    pub fn new(cursor: Cursor, fence: u64) -> Self {
        Self { cursor, fence, parked: Vec::new() }
    }
}
