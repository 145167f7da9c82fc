//! What a handler gets: its transaction, and the message that it handles.

use event_core::runtime::{Savepoint, StoreError};
use event_core::{EventId, Message, Metadata, Publish};

use crate::database::Database;
use crate::enqueue::{Enqueue, Enqueueing, OutboxTx};
use crate::transaction::Transaction;

/// The context of a handler. What it writes through [`Context::tx`] happens exactly once per event.
///
/// It is a savepoint within the transaction that also moves the consumer's mark: when the handler fails its writes are
/// taken back, and the mark moves all the same.
#[derive(Debug)]
pub struct Context<'c, DB: Database> {
    transaction: Transaction<'c, DB>,
    message: &'c Message,
}

impl<'c, DB: Database> Context<'c, DB> {
    pub(crate) fn new(transaction: Transaction<'c, DB>, message: &'c Message) -> Self {
        Self { transaction, message }
    }

    /// The transaction. After a deadlock return the error: MySQL and MariaDB have rolled back all of it by then, and what a
    /// handler went on to write would be committed by itself.
    ///
    /// It fits functions that take `&mut event_sqlx::Transaction`, `&mut sqlx::Transaction` or the
    /// database's connection.
    pub fn tx(&mut self) -> &mut Transaction<'c, DB> {
        &mut self.transaction
    }

    /// The connection within the transaction, which sqlx takes as an executor: `query.execute(cx.connection())`.
    pub fn connection(&mut self) -> &mut DB::Connection {
        self.transaction.connection()
    }

    /// The message that is handled.
    #[must_use]
    pub fn message(&self) -> &Message {
        self.message
    }

    /// The same over redelivery, replay and a failover of the producer, and different for every event: for effects outside of this
    /// database.
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        let envelope = self.message.envelope();
        format!("{}#{}", envelope.source.without_epoch(), envelope.id)
    }

    /// The id of the event that is handled.
    #[must_use]
    pub fn event_id(&self) -> &EventId {
        &self.message.envelope().id
    }

    /// Writes an event to the outbox, in the same transaction; correlation, causation and trace come from the message.
    ///
    /// The future yields the event's id, and fails as [`Enqueue::enqueue`] does.
    pub fn enqueue<'a, E: Publish>(&'a mut self, event: E) -> Enqueueing<'a>
    where
        &'a mut Transaction<'c, DB>: OutboxTx<'a>,
    {
        let metadata = Metadata::caused_by(self.message);
        event.enqueue(&mut self.transaction).metadata(metadata)
    }
}

impl<DB: Database> Savepoint for Context<'_, DB> {
    async fn release(self) -> Result<(), StoreError> {
        self.transaction
            .into_inner()
            .commit()
            .await
            .map_err(|error| crate::store::error("keep what a handler wrote", error))
    }

    async fn rollback(self) -> Result<(), StoreError> {
        self.transaction
            .into_inner()
            .rollback()
            .await
            .map_err(|error| crate::store::error("take back what a handler wrote", error))
    }
}
