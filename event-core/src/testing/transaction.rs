//! A transaction of the store in memory.

use tokio::sync::OwnedMutexGuard;

use super::context::MemoryContext;
use super::memory::{Fault, MemoryStore};
use super::state::State;
use crate::audit::Entry;
use crate::backlog::{Letter, LetterId};
use crate::clock::Timestamp;
use crate::draft::{DEFAULT_MAX_DATA_BYTES, Draft, EnqueueError, Metadata, OutboxRow};
use crate::envelope::{Envelope, Source};
use crate::event::Publish;
use crate::id::EventId;
use crate::message::Message;
use crate::relay::Record;
use crate::runtime::{Audit, Backlog, InboxTransaction, NewLetter, StoreError};
use crate::sequence::Sequence;
use crate::slot::PartitionKey;

/// A transaction of a [`MemoryStore`]. Dropped, it is rolled back. While it is open others wait.
#[derive(Debug)]
pub struct MemoryTransaction {
    store: MemoryStore,
    committed: OwnedMutexGuard<State>,
    pub(super) work: State,
}

impl MemoryTransaction {
    pub(super) fn new(store: MemoryStore, committed: OwnedMutexGuard<State>) -> Self {
        Self { work: committed.clone(), store, committed }
    }

    /// Writes an event to the outbox.
    ///
    /// # Errors
    /// When the event can't be serialised, is too large, or has an empty key.
    pub fn enqueue<E: Publish>(&mut self, event: &E) -> Result<EventId, EnqueueError> {
        self.enqueue_with(event, Metadata::default())
    }

    pub(super) fn enqueue_with<E: Publish>(&mut self, event: &E, metadata: Metadata) -> Result<EventId, EnqueueError> {
        let mut draft = Draft::new(event, &*self.store.clock, DEFAULT_MAX_DATA_BYTES)?;
        draft.metadata = metadata;
        draft.check_attributes()?;
        for row in draft.rows() {
            let position = self.work.outbox.last().map_or(1, |last| last.position.number() + 1);
            self.work.outbox.push(record(&row, Sequence::new(position)));
        }
        Ok(draft.id)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.store.clock.now()
    }

    /// Writes a line, as a handler would write to a table.
    pub fn write(&mut self, line: impl Into<String>) {
        self.work.written.push(line.into());
    }

    /// Commits.
    ///
    /// # Errors
    /// When a fault says so.
    ///
    /// # Cancel safety
    /// Either all or nothing is written.
    #[allow(clippy::unused_async, reason = "a commit is async in every store")]
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.store.lost(Fault::BeforeCommit)?;
        *self.committed = std::mem::take(&mut self.work);
        self.store.committed.notify_waiters();
        self.store.committed.notify_one();
        self.store.lost(Fault::AfterCommit)
    }
}

fn record(row: &OutboxRow<'_>, position: Sequence) -> Record {
    let mut record = Record::new(row.slot(), position, row.id.clone(), row.event_type, row.occurred_at);
    record.event_version = row.event_version;
    row.aggregate.clone_into(&mut record.aggregate);
    record.key = row.key.cloned();
    row.data.get().clone_into(&mut record.payload);
    row.headers.as_ref().clone_into(&mut record.headers);
    record
}

impl Backlog for MemoryTransaction {
    async fn blocked(&mut self, consumer: &str, keys: &[(Source, PartitionKey)]) -> Result<Vec<bool>, StoreError> {
        let blocks = |(source, key): &(Source, PartitionKey)| {
            self.work.letters.values().any(|letter| {
                letter.blocks
                    && letter.consumer == consumer
                    && letter.source.as_ref().map(Source::without_epoch).as_ref() == Some(source)
                    && letter.partition_key.as_ref() == Some(key)
            })
        };
        Ok(keys.iter().map(blocks).collect())
    }

    async fn add(&mut self, consumer: &str, letter: &NewLetter) -> Result<LetterId, StoreError> {
        self.work.last_letter += 1;
        let id = LetterId::new(self.work.last_letter);
        let envelope = letter.envelope.as_ref();
        let letter = Letter {
            id,
            consumer: consumer.to_owned(),
            place: letter.place,
            body: letter.body.clone(),
            source: envelope.map(|envelope| envelope.source.clone()),
            event_id: envelope.map(|envelope| envelope.id.clone()),
            event_type: envelope.map(|envelope| envelope.event_type.clone()),
            event_version: envelope.map(|envelope| envelope.event_version),
            partition_key: envelope.map(Envelope::ordering_key),
            blocks: letter.blocks,
            attempts: letter.attempts,
            due_at: letter.due_at,
            errors: letter.errors.clone(),
            class: letter.class,
            replay: None,
            since: self.store.clock.now(),
        };
        self.work.letters.insert(id, letter);
        Ok(id)
    }

    async fn load(&mut self, id: LetterId) -> Result<Option<Letter>, StoreError> {
        Ok(self.work.letters.get(&id).cloned())
    }

    async fn update(&mut self, letter: &Letter) -> Result<(), StoreError> {
        self.work.letters.insert(letter.id, letter.clone());
        Ok(())
    }

    async fn remove(&mut self, letter: &Letter) -> Result<Option<LetterId>, StoreError> {
        self.work.letters.remove(&letter.id);
        Ok(self.work.first_of(letter))
    }
}

impl Audit for MemoryTransaction {
    async fn record(&mut self, entry: &Entry) -> Result<(), StoreError> {
        self.work.audit.push(entry.clone());
        Ok(())
    }
}

impl InboxTransaction for MemoryTransaction {
    type Context<'c> = MemoryContext<'c>;

    async fn savepoint<'c>(&'c mut self, message: &'c Message) -> Result<MemoryContext<'c>, StoreError> {
        Ok(MemoryContext::new(self, message))
    }

    async fn commit(self) -> Result<(), StoreError> {
        Self::commit(self).await
    }
}
