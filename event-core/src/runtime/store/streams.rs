//! What people ask a store of streams, and how a consumer begins again.

use std::future::Future;

use super::StoreError;
use crate::clock::Timestamp;
use crate::envelope::Source;
use crate::inbox::{Mark, OpenGap, Stream};
use crate::relay::Sink;
use crate::sequence::Sequence;
use crate::slot::Slot;

/// Streams, as people look at them.
pub trait Streams: Send + Sync + 'static {
    /// The gaps at which `consumer` waits, or everybody, by consumer and stream.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn open_gaps(&self, consumer: Option<&str>) -> impl Future<Output = Result<Vec<OpenGap>, StoreError>> + Send;

    /// How many events of `stream` this store's own outbox has behind `after` and up to `until`; `None` if the stream is
    /// another's, as far as its name tells.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn in_outbox(
        &self,
        stream: &Stream,
        after: Sequence,
        until: Sequence,
    ) -> impl Future<Output = Result<Option<u64>, StoreError>> + Send;

    /// The sources of `consumer` that are this store's own outbox, under any epoch, as far as their names tell.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn own_sources(&self, consumer: &str) -> impl Future<Output = Result<Vec<Source>, StoreError>> + Send;

    /// Of each slot of this store's own outbox, the last event that was committed before `time`; slots without one are left
    /// out. Reads the whole log.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn places(&self, time: Timestamp) -> impl Future<Output = Result<Vec<(Slot, Sequence)>, StoreError>> + Send;
}

/// What a consumer had of a source, and has no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Forgotten {
    /// Letters: retries, held events, dead letters, what awaited a deploy.
    pub letters: u64,
    /// Ids of events that were taken.
    pub ids: u64,
}

impl Forgotten {
    /// So many letters, and so many ids.
    #[must_use]
    pub fn new(letters: u64, ids: u64) -> Self {
        Self { letters, ids }
    }
}

/// How a consumer begins again: the part of a transaction that no batch needs.
pub trait Restart: Send {
    /// Every mark of `consumer`, by stream, which nobody else moves until the transaction ends.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written, but the transaction can only be dropped.
    fn all_marks(&mut self, consumer: &str) -> impl Future<Output = Result<Vec<(Stream, Mark)>, StoreError>> + Send;

    /// Forgets what `consumer` has of `source`: its letters, the ids that it has taken, under any epoch; history and gaps
    /// under this one.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether it was forgotten isn't known: the transaction can only be dropped.
    fn forget_source(
        &mut self,
        consumer: &str,
        source: &Source,
    ) -> impl Future<Output = Result<Forgotten, StoreError>> + Send;

    /// Sends a slot of `sink` again from behind `after`: takes it from whoever has it, under a new fence. Tells whether there
    /// is such a sink.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether it was done isn't known: the transaction can only be dropped.
    fn rewind(
        &mut self,
        sink: &Sink,
        slot: Slot,
        after: Sequence,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;
}
