//! What the store in memory holds.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::backlog::{Letter, LetterId};
use crate::clock::Timestamp;
use crate::envelope::Source;
use crate::id::EventId;
use crate::inbox::{Mark, Stream};
use crate::relay::{Cursor, Owner, Parked, Record, Sink};
use crate::slot::{PartitionKey, Slot};

/// One committed state of the store.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) outbox: Vec<Record>,
    pub(super) slots: HashMap<(Sink, Slot), SlotState>,
    pub(super) parked: Vec<(Sink, Parked)>,
    pub(super) marks: HashMap<(String, Stream), Mark>,
    pub(super) inbox: HashSet<(String, Source, EventId)>,
    pub(super) letters: BTreeMap<LetterId, Letter>,
    pub(super) last_letter: i64,
    pub(super) discarded: Vec<(Letter, String)>,
    pub(super) written: Vec<String>,
}

/// A slot of a sink.
#[derive(Debug, Clone)]
pub(super) struct SlotState {
    pub(super) cursor: Cursor,
    pub(super) fence: u64,
    pub(super) owner: Option<Owner>,
    pub(super) until: Timestamp,
}

impl SlotState {
    pub(super) fn new(slot: Slot) -> Self {
        Self {
            cursor: Cursor::new(slot, crate::Sequence::START, crate::Sequence::START),
            fence: 0,
            owner: None,
            until: Timestamp::from_unix_micros(0),
        }
    }

    /// Gives the slot to `owner` if it is free or already its own.
    pub(super) fn lease(&mut self, owner: &Owner, now: Timestamp, until: Timestamp) -> bool {
        let own = self.owner.as_ref() == Some(owner);
        if !own && self.owner.is_some() && self.until > now {
            return false;
        }
        if !own {
            self.fence += 1;
            self.owner = Some(owner.clone());
        }
        self.until = until;
        true
    }
}

impl State {
    pub(super) fn is_parked(&self, sink: &Sink, key: &PartitionKey) -> bool {
        self.parked.iter().any(|(other, parked)| other == sink && parked.partition_key == *key)
    }

    /// Whether a letter before `id` blocks the key of `letter`.
    pub(super) fn waits(&self, letter: &Letter) -> bool {
        letter.blocks && self.letters.range(..letter.id).any(|(_, other)| other.blocks && same_key(other, letter))
    }
}

fn same_key(a: &Letter, b: &Letter) -> bool {
    a.consumer == b.consumer && a.source == b.source && a.partition_key == b.partition_key && a.partition_key.is_some()
}
