//! What the loops need of a transport: a broker, or the same process.

use std::error::Error as StdError;
use std::future::{Future, ready};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use thiserror::Error;

use crate::envelope::Envelope;
use crate::inbox::{FirstContact, Stream};
use crate::sequence::Sequence;

/// The sending side of a transport.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transport",
    note = "use `event_core::in_process()` or an adapter of a broker"
)]
pub trait Transport: Send + Sync + 'static {
    /// Sends the events of one slot in their order, and stops at the first that fails.
    ///
    /// `Ok` means that every event is where a consumer will get it, whatever happens to this process.
    ///
    /// # Errors
    /// How many were sent before the one that failed, and whether it is refused for good.
    ///
    /// # Cancel safety
    /// Dropping the future may leave events sent; the relay sends them again.
    fn publish(&self, events: &[Envelope]) -> impl Future<Output = Result<(), PublishError>> + Send;
}

/// Why a transport stopped sending.
#[derive(Debug, Error)]
#[error("cannot publish")]
#[non_exhaustive]
pub struct PublishError {
    /// How many events were sent before the one that failed.
    pub sent: usize,
    refused: bool,
    given_back: bool,
    source: Box<dyn StdError + Send + Sync>,
}

impl PublishError {
    /// The event after the first `sent` failed, and may succeed later.
    pub fn transient(sent: usize, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { sent, refused: false, given_back: false, source: source.into() }
    }

    /// The event after the first `sent` will never be taken: too large for the broker, for instance.
    pub fn refused(sent: usize, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { sent, refused: true, given_back: false, source: source.into() }
    }

    /// The event after the first `sent` was given back by whoever received it, and is to be sent again. Nothing is wrong with the
    /// destination: events of other slots are sent meanwhile.
    pub fn given_back(sent: usize, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { sent, refused: false, given_back: true, source: source.into() }
    }

    pub(crate) fn is_given_back(&self) -> bool {
        self.given_back
    }

    /// Whether sending the event again can help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        !self.refused
    }
}

/// The receiving side of a transport.
pub trait Subscription: Send + 'static {
    /// A message of this transport.
    type Delivery: Delivery;

    /// Waits for messages and takes at most `limit` that are there, in the order of each stream; none once the
    /// transport has ended.
    ///
    /// # Errors
    /// When the transport can't be reached.
    ///
    /// # Cancel safety
    /// No message is lost when the future is dropped.
    fn receive(&mut self, limit: usize) -> impl Future<Output = Result<Vec<Self::Delivery>, TransportError>> + Send;

    /// Where a consumer without a mark begins on a stream of this transport. Only a transport that never skips an event
    /// of a stream, also not after a failure, may say [`FirstContact::Latest`].
    fn first_contact(&self) -> FirstContact {
        FirstContact::Earliest
    }

    /// Whether messages of a stream come in its order, but for repeats. Where they don't, events are recognised by their ids
    /// alone, and those of a key are applied as they come.
    fn keeps_order(&self) -> bool {
        true
    }

    /// How often the transport wants to hear that a message is still worked on, by [`Delivery::extend`]; `None` where it waits
    /// for as long as it takes.
    fn heartbeat(&self) -> Option<Duration> {
        None
    }

    /// Where events that this subscription has missed can be had from, if it knows a place.
    fn refetch(&self) -> Option<Arc<dyn Refetch>> {
        None
    }
}

/// Where events that never arrived can be had from: the producer's outbox, or a broker that keeps what it has delivered.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no place to have missing events from",
    note = "use `event_core::FromOutbox`, or implement `Refetch` for it"
)]
pub trait Refetch: Send + Sync + 'static {
    /// At most `limit` messages of `stream` behind `after` and up to `until`, in their order, as they were sent: the first one's
    /// `previous` is not behind `after`. None when they are gone, or the stream is unknown here.
    ///
    /// # Errors
    /// When the place can't be reached: it is asked again.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn refetch<'r>(
        &'r self,
        stream: &'r Stream,
        after: Sequence,
        until: Sequence,
        limit: u32,
    ) -> BoxFuture<'r, Result<Vec<Vec<u8>>, TransportError>>;
}

/// A message that was received. Dropped without [`Delivery::acknowledge`], it is delivered again.
pub trait Delivery: Send + 'static {
    /// The message: a structured CloudEvent, if the producer kept to the contract.
    fn body(&self) -> &[u8];

    /// Tells the transport that the message was taken.
    fn acknowledge(self) -> impl Future<Output = ()> + Send;

    /// Asks the transport for more time; tells whether the message is still ours. What is another's by now is not committed.
    fn extend(&self) -> impl Future<Output = bool> + Send {
        ready(true)
    }
}

/// What a transport could not do.
#[derive(Debug, Error)]
#[error("cannot receive")]
#[non_exhaustive]
pub struct TransportError {
    transient: bool,
    source: Box<dyn StdError + Send + Sync>,
}

impl TransportError {
    /// The failure of a client, which may be gone on the next try.
    pub fn new(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { transient: true, source: source.into() }
    }

    /// A failure that stays until somebody mends the transport: the consumer gives up.
    pub fn permanent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { transient: false, source: source.into() }
    }

    /// Whether trying again can help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.transient
    }
}
