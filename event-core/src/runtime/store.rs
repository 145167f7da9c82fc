//! What the loops need of a store. Adapters implement these; users call none of them.

use std::error::Error as StdError;
use std::future::Future;
use std::time::Duration;

use thiserror::Error;

use crate::backlog::{Letter, LetterId, Place};
use crate::clock::Timestamp;
use crate::envelope::{Envelope, Source};
use crate::id::EventId;
use crate::inbox::{Mark, Stream};
use crate::message::Message;
use crate::relay::{Advance, Claim, Cursor, Lease, Owner, Record, Registration, Sink, SinkState, Survey};
use crate::slot::{PartitionKey, Slot};

/// What a store could not do.
#[derive(Debug, Error)]
#[error("cannot {action}")]
#[non_exhaustive]
pub struct StoreError {
    action: &'static str,
    transient: bool,
    source: Box<dyn StdError + Send + Sync>,
}

impl StoreError {
    /// A failure that may be gone on the next try: a lost connection, a lock that was not got.
    pub fn transient(action: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { action, transient: true, source: source.into() }
    }

    /// A failure that stays until somebody mends the database: a missing table, a full disk.
    pub fn permanent(action: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { action, transient: false, source: source.into() }
    }

    /// Whether trying again can help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.transient
    }
}

/// The relay's side of an outbox: read by cursor under a lease, never by claiming rows.
pub trait Outbox: Origin + Sinks {
    /// What is known of the slots and the relays of `sink`, by the store's clock; no slots when it isn't registered.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn survey(&self, sink: &Sink) -> impl Future<Output = Result<Survey, StoreError>> + Send;

    /// In one transaction, or in steps of which each is right by itself: counts `owner` as a relay of `sink` until
    /// `duration` from now, gives back what the claim gives, takes what it takes where the fence is still the one that was
    /// seen (and raises it by one), and renews all that `owner` holds. Tells all that it holds now.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Leases that were taken run out by themselves.
    fn claim(
        &self,
        sink: &Sink,
        owner: &Owner,
        duration: Duration,
        claim: &Claim,
    ) -> impl Future<Output = Result<Vec<Lease>, StoreError>> + Send;

    /// Reads at most `limit` records behind each cursor, in one statement or a few, whatever the number of cursors.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn read(
        &self,
        sink: &Sink,
        cursors: &[Cursor],
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Record>, StoreError>> + Send;

    /// Moves cursors under their fences and parks what was refused, in one transaction; tells the slots whose fence
    /// is another's by now, whose cursors stay.
    ///
    /// # Errors
    /// When the store can't be reached: nothing moved.
    ///
    /// # Cancel safety
    /// Either all or nothing moves.
    fn advance(
        &self,
        sink: &Sink,
        owner: &Owner,
        advances: &[Advance],
    ) -> impl Future<Output = Result<Vec<Slot>, StoreError>> + Send;

    /// Gives the slots of `owner` back, and counts it as a relay no longer.
    ///
    /// # Errors
    /// When the store can't be reached: they run out by themselves.
    ///
    /// # Cancel safety
    /// Either all or nothing is given back.
    fn release(&self, sink: &Sink, owner: &Owner) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The sinks of an outbox: registered, so that retention knows for whom events are kept, and removable.
pub trait Sinks: Send + Sync + 'static {
    /// Registers a sink and makes its slots, unless it is there; its filter is written in any case.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Either all or nothing is written.
    fn register(&self, sink: &Sink, registration: &Registration)
    -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Removes a sink with its cursors and with what is parked for it; tells whether there was one.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Either all or nothing is removed.
    fn remove(&self, sink: &Sink) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Every registered sink, by name.
    ///
    /// # Errors
    /// When the store can't be reached, or holds a filter that this release can't read.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn sinks(&self) -> impl Future<Output = Result<Vec<SinkState>, StoreError>> + Send;
}

/// Where the events of an outbox come from: its name, its process, its commits.
pub trait Origin: Send + Sync + 'static {
    /// What this outbox is called on the wire now. A relay takes it from [`Survey::source`].
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Dropping the future may leave a new epoch begun, which every relay then finds.
    fn source(&self) -> impl Future<Output = Result<Source, StoreError>> + Send;

    /// Waits until a transaction of this process has committed events. May wait for ever, may wake for nothing.
    ///
    /// # Cancel safety
    /// Nothing is lost: a commit that nobody waited for is told to the next who does.
    fn committed(&self) -> impl Future<Output = ()> + Send;

    /// A name under which a relay of this process owns leases: another one with each call.
    fn owner(&self) -> Owner;

    /// Cares for the outbox: partitions ahead of time, retention. Tells how long it can be left alone now; a relay comes back
    /// after five minutes at the latest.
    ///
    /// # Errors
    /// When the store can't be reached, or care is needed that this process may not give.
    ///
    /// # Cancel safety
    /// What was not done is done the next time.
    fn tend(&self) -> impl Future<Output = Result<Duration, StoreError>> + Send;
}

/// The consumer's side of a store.
pub trait Inbox: Send + Sync + 'static {
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

    /// The present, by the clock that the store was given.
    fn now(&self) -> Timestamp;
}

/// How far a consumer has come.
pub trait Marks: Send {
    /// The mark of `consumer` on `stream`.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written, but the transaction can only be dropped.
    fn mark(
        &mut self,
        consumer: &str,
        stream: &Stream,
    ) -> impl Future<Output = Result<Option<Mark>, StoreError>> + Send;

    /// Moves the mark.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether it was moved isn't known: the transaction can only be dropped.
    fn move_mark(
        &mut self,
        consumer: &str,
        stream: &Stream,
        mark: &Mark,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Remembers the id of an event without a place; tells whether it is new.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether it was remembered isn't known: the transaction can only be dropped.
    fn remember(
        &mut self,
        consumer: &str,
        source: &Source,
        id: &EventId,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;
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
}

impl NewLetter {
    /// A letter at `place`, not tried yet, that blocks its key if it has one.
    #[must_use]
    pub fn new(place: Place, body: Vec<u8>, envelope: Option<Envelope>) -> Self {
        Self { place, body, blocks: envelope.is_some(), envelope, attempts: 0, due_at: None, errors: Vec::new() }
    }
}

/// What a consumer has taken but not applied.
pub trait Backlog: Send {
    /// Whether an event of `key` is in the backlog for which later ones wait.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written, but the transaction can only be dropped.
    fn is_blocked(
        &mut self,
        consumer: &str,
        source: &Source,
        key: &PartitionKey,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

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

    /// Writes place, attempts, due time and errors of a letter.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether it was written isn't known: the transaction can only be dropped.
    fn update(&mut self, letter: &Letter) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Takes a letter out: it was applied, or `reason` says why it is discarded, which is kept for the audit.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether it was taken out isn't known: the transaction can only be dropped.
    fn remove(
        &mut self,
        letter: &Letter,
        discarded: Option<&str>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A transaction of a consumer.
pub trait InboxTransaction: Marks + Backlog + 'static {
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
