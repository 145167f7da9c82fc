//! What the store in memory holds.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::audit::Entry;
use crate::backlog::{Letter, LetterId, Place};
use crate::clock::Timestamp;
use crate::envelope::Source;
use crate::id::EventId;
use crate::inbox::{Gap, Kept, Mark, Stream};
use crate::relay::{Cursor, Lease, Owner, Parked, Record, Registration, Sink, SinkState, SlotState, Start};
use crate::sequence::Sequence;
use crate::slot::{PartitionKey, Slot};

/// One committed state of the store.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) failovers: u64,
    pub(super) outbox: Vec<Record>,
    pub(super) sinks: BTreeMap<Sink, SinkState>,
    pub(super) slots: BTreeMap<(Sink, Slot), SlotState>,
    pub(super) relays: BTreeMap<(Sink, Owner), Timestamp>,
    pub(super) parked: Vec<(Sink, Parked)>,
    pub(super) marks: HashMap<(String, Stream), Mark>,
    pub(super) inbox: HashSet<(String, Source, EventId)>,
    pub(super) letters: BTreeMap<LetterId, Letter>,
    pub(super) last_letter: i64,
    pub(super) audit: Vec<Entry>,
    pub(super) gaps: HashMap<(String, Stream), (Gap, Timestamp)>,
    pub(super) history: BTreeMap<(String, Stream, Sequence), (Kept, Timestamp)>,
    pub(super) written: Vec<String>,
}

impl State {
    /// Registers a sink with its slots, unless it is there, and writes its filter.
    pub(super) fn register(&mut self, sink: &Sink, registration: &Registration, now: Timestamp) {
        if let Some(known) = self.sinks.get_mut(sink) {
            known.filter = registration.filter.clone();
            return;
        }
        self.sinks.insert(sink.clone(), SinkState::new(sink.clone(), registration.filter.clone(), now));
        for slot in Slot::all() {
            let position = match registration.start {
                Start::Earliest => Sequence::START,
                Start::Latest => self.end_of(slot),
            };
            let lease = Lease::new(Cursor::new(slot, position, Sequence::START), 0);
            self.slots.insert((sink.clone(), slot), SlotState::new(lease, None, now));
        }
    }

    /// Removes a sink with all that belongs to it.
    pub(super) fn remove(&mut self, sink: &Sink) -> bool {
        self.slots.retain(|(other, _), _| other != sink);
        self.relays.retain(|(other, _), _| other != sink);
        self.parked.retain(|(other, _)| other != sink);
        self.sinks.remove(sink).is_some()
    }

    /// Begins a new epoch on what an old copy knew of leases: nothing.
    pub(super) fn fail_over(&mut self, now: Timestamp) {
        self.failovers += 1;
        for slot in self.slots.values_mut() {
            slot.lease.cursor.sent = Sequence::START;
            slot.lease.fence = 0;
            (slot.owner, slot.until) = (None, now);
        }
    }

    /// What the outbox is called in this epoch.
    pub(super) fn source(&self) -> Source {
        Source::from(format!("/memory?epoch={}", self.failovers + 1))
    }

    /// The slots of a sink, ascending.
    pub(super) fn slots_of<'s>(&'s mut self, sink: &'s Sink) -> impl Iterator<Item = &'s mut SlotState> + 's {
        self.slots.iter_mut().filter(move |((other, _), _)| other == sink).map(|(_, state)| state)
    }

    /// The gaps of a consumer that its marks have not passed.
    pub(super) fn open_gaps(&self, consumer: &str) -> Vec<(Gap, Timestamp)> {
        let is_open = |(key, (gap, _)): &(&(String, Stream), &(Gap, Timestamp))| {
            key.0 == consumer && self.marks.get(*key).is_none_or(|mark| mark.sequence < gap.previous)
        };
        self.gaps.iter().filter(is_open).map(|(_, found)| found.clone()).collect()
    }

    fn end_of(&self, slot: Slot) -> Sequence {
        let own = self.outbox.iter().filter(|record| record.slot == slot);
        own.map(|record| record.position).max().unwrap_or(Sequence::START)
    }

    /// Whether an event of the key was parked before `position`, or at it.
    pub(super) fn is_parked(&self, sink: &Sink, key: &PartitionKey, position: Sequence) -> bool {
        let same = |(other, parked): &(Sink, Parked)| {
            other == sink && parked.partition_key == *key && parked.position <= position
        };
        self.parked.iter().any(same)
    }

    /// The letter for which all others of the key of `letter` wait, if it is a held one.
    pub(super) fn first_of(&self, letter: &Letter) -> Option<LetterId> {
        let first = self.letters.values().find(|other| letter.blocks && other.blocks && same_key(other, letter));
        first.filter(|first| first.place == Place::Held).map(|first| first.id)
    }

    /// Whether a letter before `id` blocks the key of `letter`.
    pub(super) fn waits(&self, letter: &Letter) -> bool {
        letter.blocks && self.letters.range(..letter.id).any(|(_, other)| other.blocks && same_key(other, letter))
    }
}

/// Whether two letters are of one key.
pub(super) fn same_key(a: &Letter, b: &Letter) -> bool {
    let origin = |letter: &Letter| letter.source.as_ref().map(Source::without_epoch);
    a.consumer == b.consumer
        && origin(a) == origin(b)
        && a.partition_key == b.partition_key
        && a.partition_key.is_some()
}
