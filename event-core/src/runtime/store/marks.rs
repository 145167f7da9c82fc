//! How far a consumer has come, and what it knows of other epochs.

use std::future::Future;

use super::StoreError;
use crate::clock::Timestamp;
use crate::envelope::Source;
use crate::id::EventId;
use crate::inbox::{Gap, Kept, Mark, Passage, Past, Stream};
use crate::sequence::Sequence;

/// How far a consumer has come.
pub trait Marks: Send {
    /// Takes those passages whose events follow the mark, in one statement or a few: a mark that is not before the passage's
    /// `previous` and before its `first`, whose `overlap` the passage is behind, and which has less than [`RECENT`](crate::RECENT)
    /// bytes of ids, moves, and the ids of the passage are added to it; if there are none it forgets those that it had.
    /// Tells of each whether it was taken; until the transaction ends nobody else moves these marks.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether they moved isn't known: the transaction can only be dropped.
    fn advance(
        &mut self,
        consumer: &str,
        passages: &[Passage],
    ) -> impl Future<Output = Result<Vec<bool>, StoreError>> + Send;

    /// The mark of `consumer` on `stream`, which nobody else moves until the transaction ends.
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

    /// Writes the mark.
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

/// What a consumer knows of the epochs of a source: after a failover or a restore of the producer's database its relays
/// send again, under a new name, what was taken before.
pub trait Epochs: Send {
    /// The marks on the same slot under the other epochs of the source, which nobody else moves until the transaction ends.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written, but the transaction can only be dropped.
    fn other_epochs(
        &mut self,
        consumer: &str,
        stream: &Stream,
    ) -> impl Future<Output = Result<Vec<(Stream, Mark)>, StoreError>> + Send;

    /// Puts ids of taken events into the history.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether they are kept isn't known: the transaction can only be dropped.
    fn keep(
        &mut self,
        consumer: &str,
        stream: &Stream,
        kept: &Kept,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Whether the event at `sequence` of `stream` that was taken is this one, by the history.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written, but the transaction can only be dropped.
    fn past(
        &mut self,
        consumer: &str,
        stream: &Stream,
        sequence: Sequence,
        id: &EventId,
    ) -> impl Future<Output = Result<Past, StoreError>> + Send;
}

/// What is missing on the streams of a consumer.
pub trait Gaps: Send {
    /// Writes down that at `now` the event of `gap` waits for others; tells since when one waits there.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Whether it was written isn't known: the transaction can only be dropped.
    fn missing(
        &mut self,
        consumer: &str,
        gap: &Gap,
        now: Timestamp,
    ) -> impl Future<Output = Result<Timestamp, StoreError>> + Send;
}
