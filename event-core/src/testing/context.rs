//! What a handler gets from the store in memory.

use super::state::State;
use super::transaction::MemoryTransaction;
use crate::draft::{EnqueueError, Metadata};
use crate::event::Publish;
use crate::id::EventId;
use crate::message::Message;
use crate::runtime::{Savepoint, StoreError};

/// The context of a handler in a [`MemoryStore`](super::MemoryStore).
#[derive(Debug)]
pub struct MemoryContext<'c> {
    transaction: &'c mut MemoryTransaction,
    saved: State,
    message: &'c Message,
}

impl<'c> MemoryContext<'c> {
    pub(super) fn new(transaction: &'c mut MemoryTransaction, message: &'c Message) -> Self {
        Self { saved: transaction.work.clone(), transaction, message }
    }

    /// The message that is handled.
    #[must_use]
    pub fn message(&self) -> &Message {
        self.message
    }

    /// Writes a line, as a handler would write to a table.
    pub fn write(&mut self, line: impl Into<String>) {
        self.transaction.write(line);
    }

    /// Writes an event to the outbox; correlation and causation come from the message.
    ///
    /// # Errors
    /// When the event can't be serialised, is too large, or has an empty key.
    pub fn enqueue<E: Publish>(&mut self, event: &E) -> Result<EventId, EnqueueError> {
        self.transaction.enqueue_with(event, Metadata::caused_by(self.message))
    }
}

impl Savepoint for MemoryContext<'_> {
    async fn release(self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn rollback(self) -> Result<(), StoreError> {
        self.transaction.work = self.saved;
        Ok(())
    }
}
