//! The consumer: mark, upcast, handle in a savepoint, move the mark once, commit, acknowledge.

mod attempt;
mod batch;
mod counts;
mod deprecations;
mod fetch;
mod letters;
mod twins;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

pub use counts::Counts;
use deprecations::Deprecations;
pub use letters::Replayed;

use super::blob::{BlobStore, Blobs};
use super::store::{Inbox, InboxTransaction, StoreError};
use super::telemetry::consumer_count;
use super::transport::{Delivery, Subscription};
use crate::backlog::error_chain;
use crate::clock::Timestamp;
use crate::entropy::{FullJitter, Jitter};
use crate::handler::Handlers;
use crate::inbox::FirstContact;
use crate::registry::Registry;
use crate::retry::RetryPolicy;

/// How often a consumer looks for events that await a deploy: during a rolling one an older process may still set some
/// aside which this build knows.
const DEPLOYS: Duration = Duration::from_secs(60);

/// What handlers get from the store `S`.
pub(crate) type ContextOf<'c, S> = <<S as Inbox>::Transaction as InboxTransaction>::Context<'c>;

/// Applies events: what a handler writes through its context's transaction happens exactly once per event.
///
/// A failed event is retried on the schedule of [`RetryPolicy`]; what can't be applied becomes a dead letter, a row in
/// the database. Later events of its key are held and flow when it is handled, replayed or discarded.
#[derive(Debug)]
pub struct Consumer<S, H> {
    store: S,
    handlers: H,
    name: &'static str,
    registry: Registry,
    retry: RetryPolicy,
    jitter: Arc<dyn Jitter>,
    batch: usize,
    timeout: Duration,
    poll: Duration,
    first_contact: Option<FirstContact>,
    deprecations: Deprecations,
    blobs: Option<Blobs>,
}

impl<S, H> Consumer<S, H>
where
    S: Inbox,
    H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
{
    /// A consumer that keeps its marks in `store` and applies events with `handlers`.
    pub fn new(store: S, handlers: H) -> Self {
        Self {
            store,
            handlers,
            name: <H as Handlers<ContextOf<'static, S>>>::CONSUMER,
            registry: Registry::of::<H, ContextOf<'static, S>>(),
            retry: RetryPolicy::default(),
            jitter: Arc::new(FullJitter),
            batch: 100,
            timeout: Duration::from_secs(30),
            poll: Duration::from_secs(1),
            first_contact: None,
            deprecations: Deprecations::default(),
            blobs: None,
        }
    }

    /// Retries on another schedule.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Spreads retries in another way.
    #[must_use]
    pub fn jitter(mut self, jitter: impl Jitter + 'static) -> Self {
        self.jitter = Arc::new(jitter);
        self
    }

    /// Applies at most this many events in one transaction; 100 unless set.
    #[must_use]
    pub fn batch(mut self, events: usize) -> Self {
        self.batch = events.max(1);
        self
    }

    /// Gives a handler this long, unless its `#[on(timeout = …)]` says otherwise; 30 seconds unless set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Looks for retries that are due at least this often, at most every millisecond; every second unless set.
    #[must_use]
    pub fn poll(mut self, interval: Duration) -> Self {
        self.poll = interval.max(Duration::from_millis(1));
        self
    }

    /// Says what to take from a stream on which this consumer has no mark yet. Unless set it is the earliest
    /// event, or what the subscription of [`Consumer::run`] says of its transport.
    #[must_use]
    pub fn first_contact(mut self, first: FirstContact) -> Self {
        self.first_contact = Some(first);
        self
    }

    /// Fetches data that is kept elsewhere, where CloudEvents' `dataref` says, before an event is handled. Data that can't be
    /// fetched is a failure like that of a handler: it is retried.
    #[must_use]
    pub fn blobs(mut self, store: impl BlobStore) -> Self {
        self.blobs = Some(Blobs::new(store));
        self
    }

    /// Applies what arrives until `shutdown` or the end of the transport. A store that can't be reached is tried again.
    ///
    /// # Errors
    /// When the store fails in a way that waiting can't mend, such as a missing table.
    ///
    /// # Cancel safety
    /// Stop it by `shutdown`: the batch at hand is finished. Dropping the future rolls that batch back; its events are
    /// delivered again.
    pub async fn run(
        mut self,
        mut subscription: impl Subscription,
        shutdown: CancellationToken,
    ) -> Result<(), StoreError> {
        self.first_contact.get_or_insert_with(|| subscription.first_contact());
        let mut look = None;
        while !shutdown.is_cancelled() {
            let wait = self.work_letters_calmly(&mut look, &shutdown).await?;
            tokio::select! {
                biased;
                () = shutdown.cancelled() => break,
                received = subscription.receive(self.batch) => match received {
                    Ok(deliveries) if deliveries.is_empty() => return self.drain(look, &shutdown).await,
                    Ok(deliveries) => self.take(deliveries).await?,
                    Err(error) => {
                        warn!(consumer = self.name, cause = ?error_chain(&error), "the consumer can't receive");
                        pause(self.poll, &shutdown).await;
                    }
                },
                () = sleep(wait) => {}
            }
        }
        Ok(())
    }

    /// Goes on with the letters alone once the transport has ended.
    async fn drain(&self, mut look: Option<Timestamp>, shutdown: &CancellationToken) -> Result<(), StoreError> {
        info!(consumer = self.name, "the transport has ended; only retries go on");
        while !shutdown.is_cancelled() {
            let wait = self.work_letters_calmly(&mut look, shutdown).await?;
            pause(wait, shutdown).await;
        }
        Ok(())
    }

    /// Works the letters that are due; tells how long to wait at most before the next look.
    async fn work_letters_calmly(
        &self,
        look: &mut Option<Timestamp>,
        shutdown: &CancellationToken,
    ) -> Result<Duration, StoreError> {
        self.look_and_work(look, shutdown).await.or_else(|error| {
            if !error.is_transient() {
                return Err(error);
            }
            warn!(consumer = self.name, cause = ?error_chain(&error), "the consumer can't reach its store");
            Ok(self.poll)
        })
    }

    async fn look_and_work(
        &self,
        look: &mut Option<Timestamp>,
        shutdown: &CancellationToken,
    ) -> Result<Duration, StoreError> {
        let now = self.store.now();
        if look.is_none_or(|at| at <= now) {
            self.reconsider().await?;
            *look = Some(now + DEPLOYS);
        }
        self.tell(self.work_letters_until(shutdown).await?);
        self.until_next_letter().await
    }

    /// Applies deliveries and acknowledges what was taken. What could not be taken is delivered again.
    async fn take<D: Delivery>(&self, deliveries: Vec<D>) -> Result<(), StoreError> {
        let bodies: Vec<&[u8]> = deliveries.iter().map(Delivery::body).collect();
        let taken = match self.apply_each(&bodies).await {
            Ok((taken, counts)) => {
                self.tell(counts);
                taken
            }
            Err(error) if error.is_transient() => {
                warn!(consumer = self.name, cause = ?error_chain(&error), "a batch was rolled back; it comes again");
                Vec::new()
            }
            Err(error) => return Err(error),
        };
        for (delivery, taken) in deliveries.into_iter().zip(taken) {
            if taken {
                delivery.acknowledge().await;
            }
        }
        Ok(())
    }

    fn tell(&self, counts: Counts) {
        for (outcome, count) in counts.by_outcome() {
            consumer_count(self.name, outcome, count);
        }
    }
}

async fn pause(duration: Duration, shutdown: &CancellationToken) {
    tokio::select! {
        () = sleep(duration) => {}
        () = shutdown.cancelled() => {}
    }
}
