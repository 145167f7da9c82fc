//! Several consumers over one subscription: each gets every message, and has marks of its own.

mod branch;
mod shared;

use std::collections::BTreeSet;
use std::fmt;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use thiserror::Error;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use branch::{Branch, Trunk};

use super::consumer::{Consumer, ContextOf};
use super::store::{Inbox, StoreError};
use super::transport::{Subscription, TransportError};
use crate::backlog::error_chain;
use crate::handler::Handlers;

/// How long to wait after a transport could not be reached.
const PAUSE: Duration = Duration::from_secs(1);

/// How many messages are asked for at a time.
const AT_ONCE: usize = 100;

/// Several consumers of a service, over one subscription.
///
/// Every message goes to each of them, and is acknowledged once all have taken it. Where one of them doesn't, because its
/// transaction was rolled back or an event before it is missing, it comes again for all; those that have taken it see a
/// duplicate. So what each consumer promises is what it promises alone.
///
/// The slowest consumer sets the pace: at most 256 messages wait for each. One that may fall far behind, or that is to be
/// deployed by itself, has a subscription of its own.
///
/// ```
/// # use event_core::{DomainEvent, HandlerResult, event_handlers};
/// # use event_core::testing::{MemoryContext, MemoryStore};
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// # use tokio_util::sync::CancellationToken;
/// # #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// # #[event(type = "order.placed", version = 1, key = 0)]
/// # struct OrderPlaced(String);
/// use event_core::{Consumer, Consumers};
///
/// struct Billing;
/// struct Shipping;
///
/// #[event_handlers(consumer = "billing")]
/// impl Billing {
///     #[on]
///     async fn charge(&self, event: OrderPlaced, cx: &mut MemoryContext<'_>) -> HandlerResult {
///         Ok(cx.write(event.0))
///     }
/// }
///
/// #[event_handlers(consumer = "shipping")]
/// impl Shipping {
///     #[on]
///     async fn pack(&self, event: OrderPlaced, cx: &mut MemoryContext<'_>) -> HandlerResult {
///         Ok(cx.write(event.0))
///     }
/// }
///
/// # async fn run() -> Result<(), event_core::FanOutError> {
/// # let (store, shutdown) = (MemoryStore::new(event_core::SystemClock), CancellationToken::new());
/// let (_transport, subscription) = event_core::in_process();
/// Consumers::over(subscription)
///     .add(Consumer::new(store.clone(), Billing))
///     .add(Consumer::new(store, Shipping))
///     .run(shutdown)
///     .await
/// # }
/// ```
#[must_use = "consumers do nothing until they are run"]
pub struct Consumers<Sub: Subscription> {
    subscription: Sub,
    members: Vec<Member<Sub::Delivery>>,
}

/// A consumer, whatever its store and its handlers are.
struct Member<D> {
    name: &'static str,
    run: Run<D>,
}

/// Runs a consumer over its branch.
type Run<D> = Box<dyn FnOnce(Branch<D>, CancellationToken) -> BoxFuture<'static, Result<(), StoreError>> + Send>;

/// Why consumers over one subscription have ended.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FanOutError {
    /// Nobody would take what the subscription receives.
    #[error("there is no consumer; add one, `Consumers::over(subscription).add(consumer)`")]
    Nobody,
    /// Two consumers would share their marks, and each would miss what the other took.
    #[error(
        "two consumers are called `{consumer}`; give one of them another name, `#[event_handlers(consumer = \"…\")]`"
    )]
    SameName {
        /// The name of both.
        consumer: &'static str,
    },
    /// A consumer has failed in a way that waiting can't mend, and the others were stopped.
    #[error("the consumer `{consumer}` has given up, and the others were stopped")]
    GaveUp {
        /// Its name.
        consumer: &'static str,
        /// What failed.
        source: StoreError,
    },
    /// The subscription has failed in a way that waiting can't mend, and the consumers were stopped.
    #[error("the subscription of several consumers has given up")]
    Subscription(#[source] TransportError),
}

impl<Sub: Subscription> Consumers<Sub> {
    /// No consumers yet, over `subscription`.
    pub fn over(subscription: Sub) -> Self {
        Self { subscription, members: Vec::new() }
    }

    /// Adds a consumer. Its options are its own; each has another name.
    #[allow(clippy::should_implement_trait, reason = "`+` would hide what is added to what")]
    pub fn add<S, H>(mut self, consumer: Consumer<S, H>) -> Self
    where
        S: Inbox,
        H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
    {
        self.members.push(Member {
            name: <H as Handlers<ContextOf<'static, S>>>::CONSUMER,
            run: Box::new(move |branch, shutdown| Box::pin(consumer.run(branch, shutdown))),
        });
        self
    }

    /// Applies what arrives until `shutdown` or the end of the transport, as each consumer does by itself. All run in the task
    /// that awaits this.
    ///
    /// # Errors
    /// When there is no consumer, two have one name, or when one of them, or the subscription, fails in a way that waiting can't mend. The
    /// first that does ends the others, which finish the batches at hand.
    ///
    /// # Cancel safety
    /// Stop it by `shutdown`. Dropping the future rolls the batches at hand back; their events are delivered again.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), FanOutError> {
        self.check()?;
        let stop = shutdown.child_token();
        let (mut trunk, mut running) = (Trunk::over(&self.subscription), FuturesUnordered::new());
        for Member { name, run } in self.members {
            let ended = run(trunk.branch(), stop.clone());
            running.push(async move { ended.await.map_err(|source| FanOutError::GaveUp { consumer: name, source }) });
        }
        let alive = trunk.alive();
        let mut beat = pin!(alive.keep());
        let mut pump = pin!(pump(self.subscription, trunk, &stop));
        let (mut first, mut pumps) = (Ok(()), true);
        loop {
            let ended = tokio::select! {
                pumped = &mut pump, if pumps => {
                    pumps = false;
                    pumped.map_err(FanOutError::Subscription)
                }
                () = &mut beat => Ok(()),
                ended = running.next() => match ended {
                    Some(ended) => ended,
                    None => return first,
                },
            };
            if ended.is_err() {
                stop.cancel();
                first = first.and(ended);
            }
        }
    }

    fn check(&self) -> Result<(), FanOutError> {
        if self.members.is_empty() {
            return Err(FanOutError::Nobody);
        }
        let mut names = BTreeSet::new();
        let again = self.members.iter().find(|member| !names.insert(member.name));
        again.map_or(Ok(()), |member| Err(FanOutError::SameName { consumer: member.name }))
    }
}

impl<Sub: Subscription> fmt::Debug for Consumers<Sub> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.members.iter().map(|member| member.name)).finish()
    }
}

/// Hands out what arrives until the transport ends, while every branch has room.
async fn pump<Sub: Subscription>(
    mut subscription: Sub,
    trunk: Trunk<Sub::Delivery>,
    stop: &CancellationToken,
) -> Result<(), TransportError> {
    loop {
        let received = async {
            let room = trunk.room().await;
            let tags = trunk.tags();
            subscription.receive(room.min(AT_ONCE)).await.map(|deliveries| (deliveries, tags))
        };
        let received = tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(()),
            received = received => received,
        };
        match received {
            Ok((deliveries, _)) if deliveries.is_empty() => return Ok(()),
            Ok((deliveries, tags)) => deliveries.into_iter().for_each(|delivery| trunk.put(delivery, &tags)),
            Err(error) if !error.is_transient() => return Err(error),
            Err(error) => {
                warn!(cause = ?error_chain(&error), "several consumers can't receive");
                tokio::select! {
                    () = sleep(PAUSE) => {}
                    () = stop.cancelled() => return Ok(()),
                }
            }
        }
    }
}
