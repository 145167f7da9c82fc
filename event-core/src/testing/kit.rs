//! A test bench for handlers: deliver events as a producer would, go wrong on command, and look at what came of it.

mod collect;
mod disorder;
mod error;
mod failing;
mod interrupted;
mod published;

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

pub use disorder::Disorder;
pub use error::KitError;
pub use failing::{Failing, FailingTransaction};
pub use interrupted::Interrupted;
pub use published::{Difference, Expected};

use self::collect::Collect;
use self::disorder::shuffled;
use super::{Fault, ManualClock, MemoryStore};
use crate::backlog::{Letter, LetterId, Place, error_chain};
use crate::envelope::Envelope;
use crate::event::{DomainEvent, Publish};
use crate::handler::{HandlerError, Handlers};
use crate::health::Census;
use crate::message::Message;
use crate::relay::Sink;
use crate::runtime::{Consumer, Counts, Gauges, Inbox, InboxTransaction, Outbox, Relay, StoreError};

/// How often a message is delivered before it counts as not taken.
const DELIVERIES: usize = 20;

/// How many letters are read at most.
const LETTERS: u32 = 10_000;

/// What handlers get from the store `S`.
type ContextOf<'c, S> = <<S as Inbox>::Transaction as InboxTransaction>::Context<'c>;

/// A test bench for the handlers `H` over the store `S`: the one in memory, or that of your database.
///
/// Events come from a producer of its own, in memory, so they have ids, places and twins as on the wire. The consumer
/// is the real one. What handlers publish is read from the outbox by a relay.
///
/// ```
/// use event_core::testing::{Kit, ManualClock, MemoryContext, MemoryStore};
/// use event_core::{DomainEvent, HandlerResult, assert_published, event_handlers};
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// # #[event(type = "order.placed", version = 1, key = order_id)]
/// # struct OrderPlaced { order_id: String }
/// # #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// # #[event(type = "invoice.issued", version = 1, key = order_id)]
/// # struct InvoiceIssued { order_id: String }
/// struct Billing;
///
/// #[event_handlers(consumer = "billing")]
/// impl Billing {
///     #[on]
///     async fn charge(&self, event: OrderPlaced, cx: &mut MemoryContext<'_>) -> HandlerResult {
///         cx.enqueue(&InvoiceIssued { order_id: event.order_id })?;
///         Ok(())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let clock = ManualClock::new("2026-03-01T12:00:00Z".parse()?);
/// let kit = Kit::new(MemoryStore::new(clock.clone()), Billing, clock);
/// kit.deliver(&OrderPlaced { order_id: "o-1".to_owned() }).await?;
/// assert_published!(kit, [InvoiceIssued { order_id: "o-1".to_owned() }]);
/// assert_eq!(kit.redeliver_all().await?.duplicates, 1);
/// assert_published!(kit, []);
/// # Ok(())
/// # }
/// ```
pub struct Kit<S, H>
where
    S: Inbox,
{
    consumer: Consumer<Failing<S>, Interrupted<H>>,
    failing: Failing<S>,
    interrupted: failing::Plan<()>,
    clock: ManualClock,
    producer: MemoryStore,
    from_producer: (Relay<MemoryStore, Collect>, Collect),
    from_store: (Relay<S, Collect>, Collect),
    delivered: Mutex<Vec<Vec<u8>>>,
    compared: Mutex<usize>,
}

impl<S: Inbox, H> fmt::Debug for Kit<S, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kit").field("clock", &self.clock).finish_non_exhaustive()
    }
}

impl<S, H> Kit<S, H>
where
    S: Outbox + Inbox + Clone,
    H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
{
    /// A bench for `handlers` over `store`, which should show the time of `clock`.
    pub fn new(store: S, handlers: H, clock: ManualClock) -> Self {
        let (failing, interrupted) = (Failing::new(store.clone()), failing::Plan::default());
        let producer = MemoryStore::new(clock.clone());
        let (sent, published) = (Collect::default(), Collect::default());
        let sink = Sink::new("testing-kit");
        Self {
            consumer: Consumer::new(failing.clone(), Interrupted::new(handlers, interrupted.clone())),
            failing,
            interrupted,
            clock,
            from_producer: (Relay::new(producer.clone(), sent.clone()), sent),
            producer,
            from_store: (Relay::new(store, published.clone()).sink(sink), published),
            delivered: Mutex::default(),
            compared: Mutex::default(),
        }
    }

    /// Sets the consumer up, as the service does.
    #[must_use]
    pub fn configure(
        mut self,
        set_up: impl FnOnce(Consumer<Failing<S>, Interrupted<H>>) -> Consumer<Failing<S>, Interrupted<H>>,
    ) -> Self {
        self.consumer = set_up(self.consumer);
        self
    }

    /// The consumer, to replay or discard a letter, or to ask for its health.
    pub fn consumer(&self) -> &Consumer<Failing<S>, Interrupted<H>> {
        &self.consumer
    }

    /// The producer that events come from; a backup of it that is restored begins a new epoch.
    pub fn producer(&self) -> &MemoryStore {
        &self.producer
    }

    /// Delivers an event. Where a transaction fails it comes again, as from a transport.
    ///
    /// # Errors
    /// When the event can't be written, or a store can't be reached for good.
    pub async fn deliver<E: Publish>(&self, event: &E) -> Result<Counts, KitError> {
        self.deliver_all(std::slice::from_ref(event)).await
    }

    /// Delivers events in one batch.
    ///
    /// # Errors
    /// When an event can't be written, or a store can't be reached for good.
    pub async fn deliver_all<E: Publish>(&self, events: &[E]) -> Result<Counts, KitError> {
        let bodies = self.bodies(events).await?;
        self.bring(&bodies).await
    }

    /// Delivers a message as it is: a foreign event, or what is none.
    ///
    /// # Errors
    /// When the store can't be reached for good.
    pub async fn deliver_message(&self, body: &[u8]) -> Result<Counts, KitError> {
        self.bring(&[body.to_vec()]).await
    }

    /// Delivers events one by one in another order. What waits for one that comes later is delivered again after it.
    ///
    /// # Errors
    /// When an event can't be written, or a store can't be reached for good.
    pub async fn deliver_disordered<E: Publish>(&self, events: &[E], disorder: Disorder) -> Result<Counts, KitError> {
        let mut waiting = shuffled(self.bodies(events).await?, disorder);
        let mut counts = Counts::default();
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut again = Vec::new();
            for body in waiting {
                let change = self.bring(std::slice::from_ref(&body)).await?;
                if change.gaps > 0 {
                    again.push(body);
                }
                counts += change;
            }
            if again.len() == before {
                break;
            }
            waiting = again;
        }
        Ok(counts)
    }

    /// Delivers all that was delivered once more, in the same order: nothing should change.
    ///
    /// # Errors
    /// When the store can't be reached for good.
    pub async fn redeliver_all(&self) -> Result<Counts, KitError> {
        let bodies = self.delivered.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.take_in(&bodies).await
    }

    /// Moves the clock, and works the letters that are due then.
    ///
    /// # Errors
    /// When the store can't be reached.
    pub async fn after(&self, duration: Duration) -> Result<Counts, KitError> {
        self.clock.advance(duration);
        self.consumer.work_letters().await.map_err(KitError::store)
    }

    /// Makes the `nth` chance for `fault` from now on fail: 1 is the next one. [`Fault::Begin`], [`Fault::BeforeCommit`] and
    /// [`Fault::AfterCommit`] are known to every store.
    pub fn fail(&self, fault: Fault, nth: u32) {
        self.failing.fail(fault, nth);
    }

    /// Makes the `nth` call of a handler from now on fail for now, after the handler has done its work: 1 is the next one.
    pub fn fail_handler(&self, nth: u32) {
        self.interrupted.fail((), nth);
    }

    /// All events of type `E` that were published so far, those of one key in their order.
    ///
    /// # Errors
    /// When the outbox can't be read, or an event isn't what it says.
    pub async fn published<E: DomainEvent>(&self) -> Result<Vec<E>, KitError> {
        let all = self.published_envelopes().await?.into_iter();
        let own = all.filter(|event| event.event_type == E::EVENT_TYPE && event.event_version == E::EVENT_VERSION);
        let failed = |error: HandlerError| KitError::new("read an event", error_chain(error.cause()).join(": "));
        own.map(|envelope| Message::new(envelope).read().map_err(failed)).collect()
    }

    /// All that was published so far, those of one key in their order.
    ///
    /// # Errors
    /// When the outbox can't be read.
    pub async fn published_envelopes(&self) -> Result<Vec<Envelope>, KitError> {
        let (relay, published) = &self.from_store;
        drain(relay).await.map_err(KitError::store)?;
        Ok(published.all())
    }

    /// How what was published since the last call differs from what is expected. [`assert_published!`](crate::assert_published)
    /// calls this.
    ///
    /// # Errors
    /// When the outbox can't be read, or what is expected can't be written.
    pub async fn compare_published(
        &self,
        expected: impl IntoIterator<Item = Result<Expected, KitError>>,
    ) -> Result<Option<Difference>, KitError> {
        let expected = expected.into_iter().collect::<Result<Vec<_>, _>>()?;
        let all = self.published_envelopes().await?;
        let compared = {
            let mut compared = self.compared.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *compared, all.len())
        };
        Ok(Difference::between(&expected, all.get(compared..).unwrap_or_default()))
    }

    /// What is at `place` of the backlog, in the order in which it came.
    ///
    /// # Errors
    /// When the store can't be reached.
    pub async fn letters(&self, place: Place) -> Result<Vec<Letter>, KitError> {
        let name = <H as Handlers<ContextOf<'static, S>>>::CONSUMER;
        self.failing.letters(name, place, LetterId::new(0), LETTERS).await.map_err(KitError::store)
    }

    /// How many letters and gaps there are.
    ///
    /// # Errors
    /// When the store can't be reached.
    pub async fn census(&self) -> Result<Census, KitError> {
        let name = <H as Handlers<ContextOf<'static, S>>>::CONSUMER;
        self.failing.census(name).await.map_err(KitError::store)
    }

    /// The messages that the producer's relay sends for events.
    async fn bodies<E: Publish>(&self, events: &[E]) -> Result<Vec<Vec<u8>>, KitError> {
        let mut transaction = self.producer.transaction().await.map_err(KitError::store)?;
        for event in events {
            transaction.enqueue(event).map_err(|error| KitError::new("write an event", error))?;
        }
        transaction.commit().await.map_err(KitError::store)?;
        let (relay, sent) = &self.from_producer;
        drain(relay).await.map_err(KitError::store)?;
        Ok(sent.take().iter().map(Envelope::to_json).collect())
    }

    /// Delivers messages, and remembers that.
    async fn bring(&self, bodies: &[Vec<u8>]) -> Result<Counts, KitError> {
        {
            let mut delivered = self.delivered.lock().unwrap_or_else(PoisonError::into_inner);
            for body in bodies {
                if !delivered.contains(body) {
                    delivered.push(body.clone());
                }
            }
        }
        self.take_in(bodies).await
    }

    /// Delivers messages until they are taken, or wait for others.
    async fn take_in(&self, bodies: &[Vec<u8>]) -> Result<Counts, KitError> {
        let mut rest: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
        let mut counts = Counts::default();
        for _ in 0..DELIVERIES {
            if rest.is_empty() {
                break;
            }
            match self.consumer.apply(&rest).await {
                Ok((taken, change)) => {
                    counts += change;
                    rest.drain(..taken);
                    if change.gaps > 0 {
                        break;
                    }
                }
                Err(error) if error.is_transient() => {}
                Err(error) => return Err(KitError::store(error)),
            }
        }
        Ok(counts)
    }
}

/// Sends all that there is.
async fn drain<S: Outbox>(relay: &Relay<S, Collect>) -> Result<(), StoreError> {
    while relay.step().await?.sent > 0 {}
    Ok(())
}

/// Asserts that exactly these events were published since it was asserted last, those of one key in this order.
///
/// ```text
/// what was published is not what was expected (- expected, + published)
///   invoice.issued v1 o-1 {"order_id":"o-1","total":5}
/// - invoice.issued v1 o-2 {"order_id":"o-2","total":7}
/// + invoice.issued v1 o-2 {"order_id":"o-2","total":8}
/// ```
#[macro_export]
macro_rules! assert_published {
    ($kit:expr, [$($event:expr),* $(,)?]) => {
        match $kit.compare_published([$($crate::testing::Expected::of(&$event)),*]).await {
            ::core::result::Result::Ok(::core::option::Option::None) => {}
            ::core::result::Result::Ok(::core::option::Option::Some(difference)) => ::core::panic!("{difference}"),
            ::core::result::Result::Err(error) => ::core::panic!("{error:?}"),
        }
    };
}
