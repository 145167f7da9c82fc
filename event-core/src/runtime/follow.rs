//! The database as the broker: a consumer that reads the ordered log of an outbox by itself.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::in_process::{InProcessDelivery, InProcessSubscription, in_process};
use super::relay::Relay;
use super::store::{Outbox, StoreError};
use super::transport::{Refetch, Subscription, TransportError};
use crate::inbox::Stream;
use crate::relay::{Cursor, Filter, Sink};
use crate::sequence::Sequence;

/// How long a batch of a slot may take: handlers have deadlines of their own.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// A subscription to the outbox in `store`, for a consumer in the same database or another: no broker is between them.
///
/// It is a sink of the outbox, so name it for the consumer: every process that follows under this name shares the slots
/// with the others, and retention waits for it. Events that the consumer has missed, after its own database was restored for
/// instance, are read again.
///
/// It begins when it is first received from, inside of a tokio runtime, and ends when it is dropped.
///
/// ```
/// use event_core::{Sink, follow};
/// use event_core::testing::MemoryStore;
///
/// let store = MemoryStore::new(event_core::SystemClock);
/// let subscription = follow(store, Sink::new("billing"));
/// # drop(subscription);
/// ```
pub fn follow<S: Outbox + Clone>(store: S, sink: Sink) -> Follow<S> {
    Follow { store, sink, filter: Filter::all(), batch: 100, running: None }
}

/// The receiving side of an outbox. See [`follow`].
#[derive(Debug)]
pub struct Follow<S> {
    store: S,
    sink: Sink,
    filter: Filter,
    batch: u32,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    relay: JoinHandle<Result<(), StoreError>>,
    subscription: InProcessSubscription,
    _ends_with_us: DropGuard,
}

impl<S: Outbox + Clone> Follow<S> {
    /// Takes only what the filter takes; all unless set.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = filter;
        self
    }

    /// Reads at most this many events of a slot at a time; 100 unless set.
    #[must_use]
    pub fn batch(mut self, events: u32) -> Self {
        self.batch = events.max(1);
        self
    }

    fn start(&self) -> Running {
        let (transport, subscription) = in_process();
        let shutdown = CancellationToken::new();
        let relay = Relay::new(self.store.clone(), transport)
            .sink(self.sink.clone())
            .filter(self.filter.clone())
            .batch(self.batch)
            .timeout(PATIENCE);
        let relay = tokio::spawn(relay.run(shutdown.clone()));
        Running { relay, subscription, _ends_with_us: shutdown.drop_guard() }
    }
}

impl<S: Outbox + Clone> Subscription for Follow<S> {
    type Delivery = InProcessDelivery;

    async fn receive(&mut self, limit: usize) -> Result<Vec<InProcessDelivery>, TransportError> {
        if self.running.is_none() {
            self.running = Some(self.start());
        }
        let Some(running) = &mut self.running else { return Ok(Vec::new()) };
        tokio::select! {
            biased;
            received = running.subscription.receive(limit) => received,
            ended = &mut running.relay => {
                self.running = None;
                match ended {
                    Ok(Err(error)) => Err(TransportError::permanent(error)),
                    Ok(Ok(())) => Ok(Vec::new()),
                    Err(error) => Err(TransportError::new(error)),
                }
            }
        }
    }

    fn refetch(&self) -> Option<Arc<dyn Refetch>> {
        Some(Arc::new(FromOutbox::new(self.store.clone(), self.sink.clone())))
    }
}

/// Missing events, read again from the outbox that they came from, for a consumer which can reach it.
#[derive(Debug, Clone)]
pub struct FromOutbox<S> {
    store: S,
    sink: Sink,
}

impl<S: Outbox> FromOutbox<S> {
    /// What was sent to `sink` of the outbox in `store`.
    #[must_use]
    pub fn new(store: S, sink: Sink) -> Self {
        Self { store, sink }
    }

    async fn read(
        &self,
        stream: &Stream,
        after: Sequence,
        until: Sequence,
        limit: u32,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let survey = self.store.survey(&self.sink).await?;
        let sinks = self.store.sinks().await?;
        let filter = sinks.into_iter().find(|state| state.sink == self.sink).map(|state| state.filter);
        let Some(filter) = filter.filter(|_| survey.source == stream.source) else { return Ok(Vec::new()) };
        let (mut found, mut at, mut previous) = (Vec::new(), after, after);
        while found.is_empty() {
            let records = self.store.read(&self.sink, &[Cursor::new(stream.slot, at, previous)], limit).await?;
            let Some(last) = records.last().map(|record| record.position) else { break };
            for record in records.iter().filter(|record| record.position <= until) {
                let is_sent = filter.takes(&record.event_type) && !record.key_is_parked;
                let Some(envelope) = is_sent.then(|| record.to_envelope(&stream.source, previous).ok()).flatten()
                else {
                    continue;
                };
                found.push(envelope.to_json());
                previous = record.position;
            }
            at = last;
            if at >= until {
                break;
            }
        }
        // What retention has dropped leaves no trace behind; it may have done so meanwhile.
        let is_whole = self.store.kept(stream.slot).await? <= after;
        Ok(if is_whole { found } else { Vec::new() })
    }
}

impl<S: Outbox> Refetch for FromOutbox<S> {
    fn refetch<'r>(
        &'r self,
        stream: &'r Stream,
        after: Sequence,
        until: Sequence,
        limit: u32,
    ) -> BoxFuture<'r, Result<Vec<Vec<u8>>, TransportError>> {
        Box::pin(async move { self.read(stream, after, until, limit).await.map_err(TransportError::new) })
    }
}
