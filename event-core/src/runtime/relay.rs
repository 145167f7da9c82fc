//! The relay: hold slots, read behind their cursors, publish in order, move the cursors.

mod course;
mod flights;
mod publish;
mod tend;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use tracing::{Span, warn};

use self::course::Course;
use super::blob::{BlobStore, Blobs};
use super::store::{Outbox, StoreError};
use super::telemetry::{Link, RELAY_SLOTS, describe, relay_level};
use super::transport::Transport;
use crate::backlog::error_chain;
use crate::envelope::Envelope;
use crate::relay::{Breaker, Filter, Owner, Registration, Sink, Start};
use crate::slot::Slot;

/// The shortest and the longest lease: a shorter one is over before anything is sent, a longer one is never over.
const LEASE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(24 * 60 * 60));

/// The longest wait that a timer can be set to.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Publishes committed events, in the order of commits within each key, at least once.
///
/// Any number of relays may run for a sink: each slot belongs to one of them at a time, and they share the slots evenly.
/// A relay holds no transaction while it sends. What the transport refuses for good is parked with the later events of
/// its key; the others flow. A slot that fails or hangs holds up no other.
#[derive(Debug)]
pub struct Relay<S, T> {
    store: Arc<S>,
    transport: T,
    sink: Sink,
    registration: Registration,
    registered: OnceCell<()>,
    owner: Owner,
    batch: u32,
    concurrency: usize,
    lease: Duration,
    timeout: Duration,
    drain: Duration,
    breaker: Breaker,
    blobs: Option<(Blobs, usize)>,
    link: Option<Link>,
}

/// What one round of a relay did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Step {
    /// Events that were sent.
    pub sent: usize,
    /// Events that were parked.
    pub parked: usize,
    /// Slots that a transient failure stopped.
    pub stopped: usize,
    /// Slots whose lease was another's when their cursor should move.
    pub lost: usize,
    /// Slots that have more events than one round takes.
    pub unfinished: usize,
}

impl<S: Outbox, T: Transport> Relay<S, T> {
    /// A relay from `store` to `transport`, for the sink `default`.
    pub fn new(store: S, transport: T) -> Self {
        let owner = store.owner();
        Self {
            store: Arc::new(store),
            transport,
            sink: Sink::default(),
            registration: Registration::default(),
            registered: OnceCell::new(),
            owner,
            batch: 50,
            concurrency: Slot::COUNT.into(),
            lease: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            drain: Duration::from_secs(3),
            breaker: Breaker::default(),
            blobs: None,
            link: None,
        }
    }

    /// Publishes for another sink, which has cursors of its own. It is registered when the relay begins, and removed
    /// by [`Sinks::remove`](super::Sinks::remove) alone.
    #[must_use]
    pub fn sink(mut self, sink: Sink) -> Self {
        self.sink = sink;
        self
    }

    /// Publishes only what the filter takes; all unless set. Every relay of a sink should have the same.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.registration.filter = filter;
        self
    }

    /// Where the sink begins if it is new; with the oldest event unless set.
    #[must_use]
    pub fn start(mut self, start: Start) -> Self {
        self.registration.start = start;
        self
    }

    /// Reads at most this many events per slot at a time; 50 unless set.
    #[must_use]
    pub fn batch(mut self, events: u32) -> Self {
        self.batch = events.max(1);
        self
    }

    /// Sends at most this many slots at once; all 64 unless set. What waits for its turn was read already, so
    /// [`Relay::batch`] bounds how much that is.
    #[must_use]
    pub fn concurrency(mut self, slots: usize) -> Self {
        self.concurrency = slots.max(1);
        self
    }

    /// Holds slots for this long after the last sign of life, from 100 ms to a day; 10 seconds unless set.
    #[must_use]
    pub fn lease(mut self, duration: Duration) -> Self {
        self.lease = duration.clamp(LEASE.0, LEASE.1);
        self
    }

    /// Waits this long for the transport to send the events of a slot; 30 seconds unless set. One that takes longer has
    /// failed for now, and the events are sent again.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit.clamp(Duration::from_millis(1), LONGEST);
        self
    }

    /// Waits this long, once it is stopped, for what it is sending; 3 seconds unless set. What is still on its way then
    /// is given up and sent again by whoever has the slot next.
    #[must_use]
    pub fn drain(mut self, limit: Duration) -> Self {
        self.drain = limit.min(LONGEST);
        self
    }

    /// When a destination that fails is left alone, and for how long.
    #[must_use]
    pub fn breaker(mut self, breaker: Breaker) -> Self {
        self.breaker = breaker;
        self
    }

    /// Puts data of more than `above` bytes into a store of its own, before its event is sent with CloudEvents' `dataref`
    /// in place of `data`. Every consumer then needs [`Consumer::blobs`](super::Consumer::blobs).
    ///
    /// The outbox holds all of it, so that no network is waited for in a business transaction: raise `max_data_bytes`
    /// where such an event is enqueued.
    #[must_use]
    pub fn blobs(mut self, store: impl BlobStore, above: usize) -> Self {
        self.blobs = Some((Blobs::new(store), above));
        self
    }

    /// Links the span of each call of the transport to the trace of each event in it, which the event carries in `traceparent`:
    /// called once for each event.
    #[must_use]
    pub fn link_spans(mut self, link: impl Fn(&Span, &Envelope) + Send + Sync + 'static) -> Self {
        self.link = Some(Link::new(link));
        self
    }

    /// Publishes until `shutdown`, then sends to the end what is on its way and gives its slots back. A store that can't
    /// be reached is tried again. At the start and every five minutes the store is asked to care for its outbox; what that is
    /// doing when the drain is over goes on in a task of its own, and ends by itself.
    ///
    /// # Errors
    /// When the store fails in a way that waiting can't mend, such as a missing table, or the sink was removed.
    ///
    /// # Cancel safety
    /// Stop it by `shutdown`. Dropping the future loses nothing, but its slots stay leased until the lease ends.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), StoreError> {
        describe();
        let ended = shutdown.child_token();
        let publishing = async {
            let _ended = ended.clone().drop_guard();
            self.publish_until(&shutdown).await
        };
        let tending = tend::until(Arc::clone(&self.store), self.sink.clone(), ended.clone(), self.drain);
        let (published, ()) = futures_util::future::join(publishing, tending).await;
        published
    }

    async fn publish_until(&self, shutdown: &CancellationToken) -> Result<(), StoreError> {
        let mut course = Course::new(self);
        let done = match course.run(shutdown).await {
            Ok(()) => self.forgive(course.drain().await),
            failed => failed,
        };
        drop(course);
        relay_level(RELAY_SLOTS, &self.sink, 0);
        done.and(self.forgive(self.store.release(&self.sink, &self.owner).await))
    }

    /// A store that can't be reached any more gives the slots free by itself.
    fn forgive(&self, done: Result<(), StoreError>) -> Result<(), StoreError> {
        match done {
            Err(error) if error.is_transient() => {
                let cause = error_chain(&error);
                warn!(sink = %self.sink, ?cause, "the relay can't end as it should; its slots are free when the lease ends");
                Ok(())
            }
            done => done,
        }
    }

    /// Once: a sink that is removed later stays removed.
    async fn register(&self) -> Result<(), StoreError> {
        let registered = self.registered.get_or_try_init(|| self.store.register(&self.sink, &self.registration));
        registered.await.copied()
    }

    /// One round: claims slots, sends at most [`Relay::batch`] events of each, and moves the cursors. It tries
    /// everything at once, also what has just failed.
    ///
    /// # Errors
    /// When the store can't be reached, or the sink was removed. What was sent by then is sent again.
    ///
    /// # Cancel safety
    /// Dropping the future may leave events sent whose cursor has not moved: they are sent again.
    pub async fn step(&self) -> Result<Step, StoreError> {
        Course::new(self).step().await
    }
}
