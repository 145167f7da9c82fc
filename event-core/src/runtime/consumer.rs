//! The consumer: mark, upcast, handle in a savepoint, move the mark once, commit, acknowledge.

mod attempt;
mod batch;
mod blocked;
mod counts;
mod deliver;
mod deprecations;
mod fetch;
mod intake;
mod lanes;
mod letters;
mod missing;
mod news;
mod rate;
mod replay;
mod standings;
mod twins;
mod watch;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{Span, warn};

pub use counts::Counts;
use deprecations::Deprecations;
pub use letters::Replayed;
use rate::Rate;
pub use replay::{ReplayOptions, ReplayReport};
use watch::Watch;

use super::blob::{BlobStore, Blobs};
use super::hooks::{Hooked, Hooks};
use super::store::{Inbox, InboxTransaction, StoreError};
use super::telemetry::{Link, consumer_count, describe};
use super::transport::{Refetch, Subscription};
use crate::backlog::error_chain;
use crate::clock::Timestamp;
use crate::entropy::{FullJitter, Jitter};
use crate::envelope::Envelope;
use crate::handler::Handlers;
use crate::health::Thresholds;
use crate::inbox::{FirstContact, GapPolicy};
use crate::registry::Registry;
use crate::retry::RetryPolicy;

/// How often a consumer looks for events that await a deploy: during a rolling one an older process may still set some
/// aside which this build knows.
const DEPLOYS: Duration = Duration::from_secs(60);

/// For how long ids of applied events are kept.
const HISTORY: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How often a consumer counts what it has not applied.
const WATCH: Duration = Duration::from_secs(15);

/// Where missing events are had from.
struct Refetching(Arc<dyn Refetch>);

impl std::ops::Deref for Refetching {
    type Target = dyn Refetch;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for Refetching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refetching")
    }
}

/// What handlers get from the store `S`.
pub(crate) type ContextOf<'c, S> = <<S as Inbox>::Transaction as InboxTransaction>::Context<'c>;

/// Applies events: what a handler writes through its context's transaction happens exactly once per event.
///
/// Give it the events of one sink of an outbox: marks are kept for each slot of a source, and a second sink that sends others of the
/// same slots would have them taken for repeats.
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
    ordered: bool,
    gaps: GapPolicy,
    refetch: Option<Refetching>,
    history: Duration,
    concurrency: usize,
    rate: Option<Rate>,
    changed: Notify,
    deprecations: Deprecations,
    blobs: Option<Blobs>,
    hooks: Hooked,
    link: Option<Link>,
    watch: Duration,
    thresholds: Thresholds,
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
            ordered: true,
            gaps: GapPolicy::default(),
            refetch: None,
            history: HISTORY,
            concurrency: 1,
            rate: None,
            changed: Notify::new(),
            deprecations: Deprecations::default(),
            blobs: None,
            hooks: Hooked::default(),
            link: None,
            watch: WATCH,
            thresholds: Thresholds::default(),
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
    ///
    /// It ends what the handler awaits. A statement that the database is still at work on is waited for, so give the pool's
    /// connections a `statement_timeout` (MariaDB: `max_statement_time`) as well; a loop that never awaits can't be ended.
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

    /// What becomes of events that are missing on a stream: the consumer waits for them for ever unless set.
    #[must_use]
    pub fn gaps(mut self, policy: GapPolicy) -> Self {
        self.gaps = policy;
        self
    }

    /// Where missing events can be had from: the producer's outbox, as [`FromOutbox`](super::FromOutbox), where this service can
    /// reach it. Unless set the subscription of [`Consumer::run`] is asked, if it knows a place.
    #[must_use]
    pub fn refetch(mut self, place: impl Refetch) -> Self {
        self.refetch = Some(Refetching(Arc::new(place)));
        self
    }

    /// Keeps the ids of applied events for this long, eight bytes each; seven days unless set. When the producer's database is
    /// restored to an earlier state its relays send again what was applied since: such an event is recognised by its id.
    /// One that is older than this becomes a dead letter, for nobody knows any more whether it was applied.
    #[must_use]
    pub fn history(mut self, length: Duration) -> Self {
        self.history = length;
        self
    }

    /// Works on this many batches at once, each in a transaction of its own and with events of other slots, so that order per
    /// key is kept; one unless set. Each needs a connection of the pool.
    #[must_use]
    pub fn concurrency(mut self, batches: usize) -> Self {
        self.concurrency = batches.max(1);
        self
    }

    /// Takes at most this many messages a second, on average, at least one; as many as come unless set.
    #[must_use]
    pub fn rate_limit(mut self, per_second: u32) -> Self {
        self.rate = Some(Rate::new(per_second));
        self
    }

    /// Fetches data that is kept elsewhere, where CloudEvents' `dataref` says, before an event is handled. Data that can't be
    /// fetched is a failure like that of a handler: it is retried.
    #[must_use]
    pub fn blobs(mut self, store: impl BlobStore) -> Self {
        self.blobs = Some(Blobs::new(store));
        self
    }

    /// Tells `hooks` what happens to events, after it is committed.
    #[must_use]
    pub fn hooks(mut self, hooks: impl Hooks) -> Self {
        self.hooks = Hooked::new(hooks);
        self
    }

    /// Makes the span of each attempt of a handler a part of the trace that the event carries in `traceparent`. What
    /// tracing says of it is on the span in any case; a bridge such as tracing-opentelemetry is told here who its parent is.
    #[must_use]
    pub fn link_spans(mut self, link: impl Fn(&Span, &Envelope) + Send + Sync + 'static) -> Self {
        self.link = Some(Link::new(link));
        self
    }

    /// Counts what was not applied, for metrics and the health report, this often; every 15 seconds unless set.
    #[must_use]
    pub fn watch(mut self, interval: Duration) -> Self {
        self.watch = interval;
        self
    }

    /// What the health report is judged by.
    #[must_use]
    pub fn thresholds(mut self, thresholds: Thresholds) -> Self {
        self.thresholds = thresholds;
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
    pub async fn run(mut self, subscription: impl Subscription, shutdown: CancellationToken) -> Result<(), StoreError> {
        describe();
        self.first_contact.get_or_insert_with(|| subscription.first_contact());
        self.ordered = subscription.keeps_order();
        self.refetch = self.refetch.or_else(|| subscription.refetch().map(Refetching));
        // What gives up ends the other.
        let stop = shutdown.child_token();
        let ending = |done: Result<(), StoreError>| {
            if done.is_err() {
                stop.cancel();
            }
            done
        };
        let taking = async { ending(self.take_in(subscription, &stop).await) };
        let working = async { ending(self.work_letters_always(&stop).await) };
        let (taken, worked) = tokio::join!(taking, working);
        taken.and(worked)
    }

    /// Works the letters as they become due, frees what has its deploy, forgets what is old enough.
    async fn work_letters_always(&self, shutdown: &CancellationToken) -> Result<(), StoreError> {
        let (mut look, mut watch) = (None, Watch::default());
        while !shutdown.is_cancelled() {
            let wait = self.look_and_work(&mut look, &mut watch, shutdown).await.or_else(|error| {
                if !error.is_transient() {
                    return Err(error);
                }
                warn!(consumer = self.name, cause = ?error_chain(&error), "the consumer can't reach its store");
                Ok(self.poll)
            })?;
            tokio::select! {
                () = pause(wait, shutdown) => {}
                () = self.changed.notified() => {}
            }
        }
        Ok(())
    }

    async fn look_and_work(
        &self,
        look: &mut Option<Timestamp>,
        watch: &mut Watch,
        shutdown: &CancellationToken,
    ) -> Result<Duration, StoreError> {
        let now = self.store.now();
        if look.is_none_or(|at| at <= now) {
            self.reconsider().await?;
            while !shutdown.is_cancelled() && self.store.forget(self.name, now - self.history).await? {}
            *look = Some(now + DEPLOYS);
        }
        // A page at a time: a long backlog keeps nothing else from its turn.
        let mut counts = Counts::default();
        let wait = self.work_page(shutdown, &mut counts).await?;
        self.tell(counts);
        self.look(watch).await?;
        Ok(wait.unwrap_or_default())
    }

    fn tell(&self, counts: Counts) {
        for (outcome, count) in counts.by_outcome() {
            consumer_count(self.name, outcome, count);
        }
        if counts.retries + counts.held > 0 {
            self.changed.notify_one();
        }
    }
}

async fn pause(duration: Duration, shutdown: &CancellationToken) {
    tokio::select! {
        () = sleep(duration) => {}
        () = shutdown.cancelled() => {}
    }
}
