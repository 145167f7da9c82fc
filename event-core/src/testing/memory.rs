//! A store in memory, with the promises of a database: one writer at a time, commit or nothing.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{Mutex, Notify};

use super::state::State;
use super::transaction::MemoryTransaction;
use crate::audit::Entry;
use crate::backlog::{Letter, LetterId, Place};
use crate::clock::{Clock, Timestamp};
use crate::envelope::Source;
use crate::inbox::Gap;
use crate::relay::{
    Advance, Claim, Cursor, Lease, Owner, Record, Registration, RelayState, Sink, SinkState, SlotState, Survey,
};
use crate::runtime::{Inbox, Origin, Outbox, Sinks, StoreError};
use crate::sequence::Sequence;
use crate::slot::Slot;

/// What goes wrong on command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is lost before the commit: nothing is written.
    BeforeCommit,
    /// The connection is lost after the commit: all is written, and the caller doesn't know.
    AfterCommit,
    /// The store can't be reached when a transaction begins, or when a relay reads.
    Begin,
    /// The store can't care for its outbox.
    Tend,
    /// The store never ends to care for its outbox.
    TendHangs,
}

/// A state of a [`MemoryStore`].
#[derive(Debug, Clone)]
pub struct MemoryBackup(State);

/// A store in memory. Clones share their content.
#[derive(Debug, Clone)]
pub struct MemoryStore {
    pub(super) state: Arc<Mutex<State>>,
    pub(super) faults: Arc<std::sync::Mutex<HashMap<Fault, u32>>>,
    pub(super) committed: Arc<Notify>,
    pub(super) clock: Arc<dyn Clock>,
    process: String,
    owners: Arc<AtomicU64>,
    tended: Arc<AtomicU64>,
}

impl MemoryStore {
    /// An empty store on `clock`.
    #[must_use]
    pub fn new(clock: impl Clock + 'static) -> Self {
        Self {
            state: Arc::default(),
            faults: Arc::default(),
            committed: Arc::default(),
            clock: Arc::new(clock),
            process: "memory".to_owned(),
            owners: Arc::default(),
            tended: Arc::default(),
        }
    }

    /// The same content, seen by owners of leases whose names begin so: what another process would be.
    #[must_use]
    pub fn as_owner(&self, name: &str) -> Self {
        Self { process: name.to_owned(), ..self.clone() }
    }

    /// Makes the next `times` chances for `fault` fail.
    pub fn fail(&self, fault: Fault, times: u32) {
        *self.faults.lock().unwrap_or_else(std::sync::PoisonError::into_inner).entry(fault).or_default() += times;
    }

    /// Takes back what [`MemoryStore::fail`] has announced.
    pub fn forgive(&self) {
        self.faults.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }

    /// How many events the outbox holds, sent or not.
    pub async fn outbox_len(&self) -> usize {
        self.state.lock().await.outbox.len()
    }

    /// Begins a transaction, in which a test enqueues events.
    ///
    /// # Errors
    /// When a fault says so.
    ///
    /// # Cancel safety
    /// Nothing is written.
    pub async fn transaction(&self) -> Result<MemoryTransaction, StoreError> {
        self.begin().await
    }

    /// What handlers have written, committed, in order.
    pub async fn written(&self) -> Vec<String> {
        self.state.lock().await.written.clone()
    }

    /// What was decided about events, in order.
    pub async fn audit(&self) -> Vec<Entry> {
        self.state.lock().await.audit.clone()
    }

    /// What is missing on the streams of `consumer`, and since when.
    pub async fn gaps(&self, consumer: &str) -> Vec<(Gap, Timestamp)> {
        self.state.lock().await.open_gaps(consumer)
    }

    /// The store as it is now, to be put back by [`MemoryStore::restore`].
    pub async fn backup(&self) -> MemoryBackup {
        MemoryBackup(self.state.lock().await.clone())
    }

    /// Puts a backup back, as when a database is restored: a new epoch begins.
    pub async fn restore(&self, backup: &MemoryBackup) {
        let mut state = self.state.lock().await;
        let failovers = state.failovers;
        *state = backup.0.clone();
        state.failovers = failovers;
        state.fail_over(self.clock.now());
    }

    /// Begins a new epoch, as after a failover to a copy of the store that knew of no lease: every stream begins anew, and
    /// fences that were given before are given again.
    pub async fn fail_over(&self) {
        self.state.lock().await.fail_over(self.clock.now());
    }

    /// How many events are parked.
    pub async fn parked(&self) -> usize {
        self.state.lock().await.parked.len()
    }

    /// How often a relay has asked the store to care for its outbox.
    #[must_use]
    pub fn tended(&self) -> u64 {
        self.tended.load(Ordering::Relaxed)
    }

    pub(super) fn fails(&self, fault: Fault) -> bool {
        let mut faults = self.faults.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let left = faults.entry(fault).or_default();
        let fails = *left > 0;
        *left = left.saturating_sub(1);
        fails
    }

    pub(super) fn lost(&self, fault: Fault) -> Result<(), StoreError> {
        if self.fails(fault) { Err(StoreError::transient("reach the store", "connection lost")) } else { Ok(()) }
    }
}

impl Outbox for MemoryStore {
    async fn survey(&self, sink: &Sink) -> Result<Survey, StoreError> {
        self.lost(Fault::Begin)?;
        let mut state = self.state.lock().await;
        let source = state.source();
        let own = state.relays.iter().filter(|((other, _), _)| other == sink);
        let relays = own.map(|((_, owner), until)| RelayState::new(owner.clone(), *until)).collect();
        let slots = state.slots_of(sink).map(|slot| slot.clone()).collect();
        Ok(Survey::new(self.clock.now(), source, slots, relays))
    }

    async fn claim(
        &self,
        sink: &Sink,
        owner: &Owner,
        duration: Duration,
        claim: &Claim,
    ) -> Result<Vec<Lease>, StoreError> {
        let mut state = self.state.lock().await;
        let (now, until) = (self.clock.now(), self.clock.now() + duration);
        if state.sinks.contains_key(sink) {
            state.relays.retain(|_, until| *until > now);
            state.relays.insert((sink.clone(), owner.clone()), until);
        }
        let mut held = Vec::new();
        for slot in state.slots_of(sink) {
            change_owner(slot, owner, claim);
            if slot.owner.as_ref() == Some(owner) {
                slot.until = until;
                held.push(slot.lease);
            }
        }
        Ok(held)
    }

    async fn read(&self, sink: &Sink, cursors: &[Cursor], limit: u32) -> Result<Vec<Record>, StoreError> {
        self.lost(Fault::Begin)?;
        let state = self.state.lock().await;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let behind = |cursor: &Cursor| {
            let (slot, position) = (cursor.slot, cursor.position);
            state.outbox.iter().filter(move |record| record.slot == slot && record.position > position).take(limit)
        };
        let mut records: Vec<Record> = cursors.iter().flat_map(behind).cloned().collect();
        for record in &mut records {
            record.key_is_parked = state.is_parked(sink, &record.partition_key(), record.position);
        }
        Ok(records)
    }

    async fn advance(&self, sink: &Sink, owner: &Owner, advances: &[Advance]) -> Result<Vec<Slot>, StoreError> {
        self.lost(Fault::BeforeCommit)?;
        let mut state = self.state.lock().await;
        let mut lost = Vec::new();
        for advance in advances {
            let slot = advance.cursor.slot;
            let held = state.slots.get_mut(&(sink.clone(), slot));
            let own = |held: &&mut SlotState| held.lease.fence == advance.fence && held.owner.as_ref() == Some(owner);
            let Some(held) = held.filter(own) else {
                lost.push(slot);
                continue;
            };
            held.lease.cursor = advance.cursor;
            // An advance whose answer was lost is made again.
            let parked = advance.parked.iter().map(|parked| (sink.clone(), parked.clone()));
            let new: Vec<_> = parked.filter(|parked| !state.parked.contains(parked)).collect();
            state.parked.extend(new);
        }
        self.lost(Fault::AfterCommit)?;
        Ok(lost)
    }

    async fn release(&self, sink: &Sink, owner: &Owner) -> Result<(), StoreError> {
        self.lost(Fault::BeforeCommit)?;
        let mut state = self.state.lock().await;
        let own = state.slots_of(sink).filter(|slot| slot.owner.as_ref() == Some(owner));
        own.for_each(|slot| slot.owner = None);
        state.relays.remove(&(sink.clone(), owner.clone()));
        Ok(())
    }
}

/// Gives a slot back or takes it, as the claim says.
fn change_owner(slot: &mut SlotState, owner: &Owner, claim: &Claim) {
    let own = slot.owner.as_ref() == Some(owner);
    if own && claim.give.contains(&slot.lease.cursor.slot) {
        slot.owner = None;
    }
    let seen = |seen: &Lease| seen.cursor.slot == slot.lease.cursor.slot && seen.fence == slot.lease.fence;
    if !own && claim.take.iter().any(seen) {
        slot.lease.fence += 1;
        slot.owner = Some(owner.clone());
    }
}

impl Sinks for MemoryStore {
    async fn register(&self, sink: &Sink, registration: &Registration) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.state.lock().await.register(sink, registration, now);
        Ok(())
    }

    async fn remove(&self, sink: &Sink) -> Result<bool, StoreError> {
        Ok(self.state.lock().await.remove(sink))
    }

    async fn sinks(&self) -> Result<Vec<SinkState>, StoreError> {
        Ok(self.state.lock().await.sinks.values().cloned().collect())
    }
}

impl Origin for MemoryStore {
    async fn source(&self) -> Result<Source, StoreError> {
        Ok(self.state.lock().await.source())
    }

    async fn committed(&self) {
        self.committed.notified().await;
    }

    fn owner(&self) -> Owner {
        Owner::new(format!("{}/{}", self.process, self.owners.fetch_add(1, Ordering::Relaxed)))
    }

    async fn tend(&self) -> Result<Duration, StoreError> {
        self.tended.fetch_add(1, Ordering::Relaxed);
        if self.fails(Fault::TendHangs) {
            std::future::pending::<()>().await;
        }
        self.lost(Fault::Tend).map(|()| Duration::MAX)
    }

    async fn kept(&self, _: Slot) -> Result<Sequence, StoreError> {
        Ok(Sequence::START)
    }
}

impl Inbox for MemoryStore {
    type Transaction = MemoryTransaction;

    async fn begin(&self) -> Result<MemoryTransaction, StoreError> {
        self.lost(Fault::Begin)?;
        let guard = Arc::clone(&self.state).lock_owned().await;
        Ok(MemoryTransaction::new(self.clone(), guard))
    }

    async fn due(
        &self,
        consumer: &str,
        now: Timestamp,
        limit: u32,
    ) -> Result<(Vec<LetterId>, Option<Timestamp>), StoreError> {
        let state = self.state.lock().await;
        let own = || state.letters.values().filter(|letter| letter.consumer == consumer);
        let can_be_tried = |letter: &&Letter| match letter.place {
            Place::Retry => letter.due_at.is_some_and(|due| due <= now),
            Place::Held => !state.waits(letter),
            _ => false,
        };
        let due = own().filter(can_be_tried).map(|letter| letter.id);
        let due = due.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect();
        let next = own().filter(|letter| letter.place == Place::Retry).filter_map(|letter| letter.due_at).min();
        Ok((due, next))
    }

    async fn letters(
        &self,
        consumer: &str,
        place: Place,
        after: LetterId,
        limit: u32,
    ) -> Result<Vec<Letter>, StoreError> {
        let state = self.state.lock().await;
        let own = state.letters.values().filter(|l| l.consumer == consumer && l.place == place && l.id > after);
        Ok(own.take(usize::try_from(limit).unwrap_or(usize::MAX)).cloned().collect())
    }

    async fn forget(&self, consumer: &str, before: Timestamp) -> Result<bool, StoreError> {
        let mut state = self.state.lock().await;
        state.history.retain(|(other, ..), (_, at)| other != consumer || *at >= before);
        Ok(false)
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
