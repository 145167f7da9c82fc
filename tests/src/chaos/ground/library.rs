//! The library under test: the same calls over every database.

/// Implements [`Library`](super::Library).
macro_rules! library {
    ($ground:ty, $db:ty) => {
        impl $crate::chaos::ground::Library for $ground {
            async fn enqueue<E: event_core::Publish + Sync>(
                event: &E,
                tx: &mut event_sqlx::Transaction<'_, $db>,
            ) -> Result<event_core::EventId, event_core::EnqueueError> {
                event_sqlx::Enqueue::enqueue(event, tx).await
            }

            async fn enqueue_all<E: event_core::Publish + Sync>(
                events: &[E],
                tx: &mut event_sqlx::Transaction<'_, $db>,
            ) -> Result<Vec<event_core::EventId>, event_core::EnqueueError> {
                event_sqlx::enqueue_all(events, tx).await
            }

            async fn relay(
                pool: sqlx::Pool<$db>,
                (transport, clock): ($crate::chaos::client::BrokerTransport, Option<$crate::chaos::clock::Wrong>),
                ended: tokio_util::sync::CancellationToken,
            ) -> Result<(), $crate::chaos::Failure> {
                use $crate::chaos::relay::{BATCH, KEEP, LEASE};
                let mut store = event_sqlx::Store::new(pool).retention(event_sqlx::Retention::keep(KEEP));
                if let Some(clock) = clock {
                    store = store.clock(clock);
                }
                Ok(event_core::Relay::new(store, transport).batch(BATCH).lease(LEASE).run(ended).await?)
            }

            async fn consume<H: for<'c> event_core::Handlers<event_sqlx::Context<'c, $db>> + 'static>(
                pool: sqlx::Pool<$db>,
                handlers: H,
                (subscription, clock, lanes): (
                    $crate::chaos::client::BrokerSubscription,
                    $crate::chaos::clock::Wrong,
                    usize,
                ),
                ended: tokio_util::sync::CancellationToken,
            ) -> Result<(), $crate::chaos::Failure> {
                use $crate::chaos::consumer::{BATCH, POLL, retries};
                let consumer = event_core::Consumer::new(event_sqlx::Store::new(pool).clock(clock), handlers);
                Ok(consumer
                    .concurrency(lanes)
                    .batch(BATCH)
                    .poll(POLL)
                    .retry(retries())
                    .run(subscription, ended)
                    .await?)
            }

            async fn operate<H: for<'c> event_core::Handlers<event_sqlx::Context<'c, $db>> + 'static>(
                pool: sqlx::Pool<$db>,
                handlers: H,
                random: $crate::chaos::random::Random,
                ended: tokio_util::sync::CancellationToken,
            ) -> Result<(), $crate::chaos::Failure> {
                $crate::chaos::operator::work(event_sqlx::Store::new(pool), handlers, random, ended).await
            }
        }
    };
}
pub(super) use library;
