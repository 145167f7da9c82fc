//! The consumer's side of a store.

use std::future::Future;

use super::{Epochs, Gaps, Gauges, Marks, StoreError};
use crate::audit::Entry;
use crate::backlog::{Class, Letter, LetterId, Place};
use crate::clock::Timestamp;
use crate::envelope::{Envelope, Source};
use crate::message::Message;
use crate::slot::PartitionKey;

/// The consumer's side of a store.
pub trait Inbox: Gauges + Send + Sync + 'static {
    /// A transaction that holds marks, backlog and what handlers write.
    type Transaction: InboxTransaction;

    /// Begins a transaction.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn begin(&self) -> impl Future<Output = Result<Self::Transaction, StoreError>> + Send;

    /// The letters of `consumer` that can be tried at `now`, in the order in which they came: retries that are due,
    /// and held events before which nothing of their key is left. With them, when the next retry is due.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn due(
        &self,
        consumer: &str,
        now: Timestamp,
        limit: u32,
    ) -> impl Future<Output = Result<(Vec<LetterId>, Option<Timestamp>), StoreError>> + Send;

    /// The letters of `consumer` at `place`, at most `limit` with an id above `after`, in the order in which they came.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn letters(
        &self,
        consumer: &str,
        place: Place,
        after: LetterId,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Letter>, StoreError>> + Send;

    /// Forgets ids of `consumer` that were kept before `before`, and gaps that have closed; at most a few thousand at a time.
    /// Tells whether there may be more.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// What was not forgotten is forgotten the next time.
    fn forget(&self, consumer: &str, before: Timestamp) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// The present, by the clock that the store was given.
    fn now(&self) -> Timestamp;
}

/// An event on its way into a backlog.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NewLetter {
    /// Where it goes.
    pub place: Place,
    /// The message as it came.
    pub body: Vec<u8>,
    /// The envelope, if the message is one.
    pub envelope: Option<Envelope>,
    /// Whether later events of its key wait for it.
    pub blocks: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next: retries only.
    pub due_at: Option<Timestamp>,
    /// Why it goes there, the outermost error first.
    pub errors: Vec<String>,
    /// What kind of failure that was.
    pub class: Option<Class>,
}

impl NewLetter {
    /// A letter at `place`, not tried yet, that blocks its key if it has one.
    #[must_use]
    pub fn new(place: Place, body: Vec<u8>, envelope: Option<Envelope>) -> Self {
        Self {
            place,
            body,
            blocks: envelope.is_some(),
            envelope,
            attempts: 0,
            due_at: None,
            errors: Vec::new(),
            class: None,
        }
    }
}

/// What a consumer has taken but not applied.
pub trait Backlog: Send {
    /// Of each key, with the source without its epoch: whether an event of it is in the backlog for which later ones wait.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written, but the transaction can only be dropped.
    fn blocked(
        &mut self,
        consumer: &str,
        keys: &[(Source, PartitionKey)],
    ) -> impl Future<Output = Result<Vec<bool>, StoreError>> + Send;

    /// Adds a letter.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether it was added isn't known: the transaction can only be dropped.
    fn add(&mut self, consumer: &str, letter: &NewLetter) -> impl Future<Output = Result<LetterId, StoreError>> + Send;

    /// Locks and reads a letter; `None` when it is gone.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written, but the transaction can only be dropped.
    fn load(&mut self, id: LetterId) -> impl Future<Output = Result<Option<Letter>, StoreError>> + Send;

    /// Writes place, attempts, due time, class, errors and the asked replay of a letter.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether it was written isn't known: the transaction can only be dropped.
    fn update(&mut self, letter: &Letter) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Takes a letter out; why is the audit's to say. Tells which held letter of its key is free now, if it was the first.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether it was taken out isn't known: the transaction can only be dropped.
    fn remove(&mut self, letter: &Letter) -> impl Future<Output = Result<Option<LetterId>, StoreError>> + Send;
}

/// What people and the consumer itself decided about events, for an audit.
pub trait Audit: Send {
    /// Writes an entry, at the present.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether it was written isn't known: the transaction can only be dropped.
    fn record(&mut self, entry: &Entry) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A transaction of a consumer.
pub trait InboxTransaction: Marks + Epochs + Gaps + Backlog + Audit + 'static {
    /// What a handler gets: a savepoint within this transaction.
    type Context<'c>: Savepoint
    where
        Self: 'c;

    /// Opens a savepoint for a handler.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether it was opened isn't known: the transaction can only be dropped.
    fn savepoint<'c>(
        &'c mut self,
        message: &'c Message,
    ) -> impl Future<Output = Result<Self::Context<'c>, StoreError>> + Send;

    /// Commits marks, backlog and what handlers wrote.
    ///
    /// # Errors
    /// When the store refuses: nothing was written.
    ///
    /// # Cancel safety
    /// Either all or nothing is written, and the caller doesn't know which.
    fn commit(self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A savepoint around one handler.
pub trait Savepoint: Send {
    /// Keeps what the handler wrote.
    ///
    /// # Errors
    /// When the savepoint is gone or the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether it was released isn't known: the transaction can only be dropped.
    fn release(self) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Takes back what the handler wrote.
    ///
    /// # Errors
    /// When the savepoint is gone or the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether it was taken back isn't known: the transaction can only be dropped.
    fn rollback(self) -> impl Future<Output = Result<(), StoreError>> + Send;
}
