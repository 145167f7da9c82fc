//! What the story tells with: a shop, and what its relay has sent.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use event_core::runtime::{PublishError, Transport};
use event_core::{Consumer, Envelope, InProcess, Relay, in_process};
use event_examples::shop::{Billing, OrderPlaced, insert_order};
use event_sqlx::{Enqueue, Store};
use sqlx::{Sqlite, SqlitePool};
use tokio_util::sync::CancellationToken;

/// Begins a chapter.
pub(crate) fn chapter(title: &str) {
    println!("\n── {title}");
}

/// Tells a line.
pub(crate) fn say(line: &str) {
    println!("   {line}");
}

/// The shop of the story.
pub(crate) struct Telling {
    pool: SqlitePool,
    transport: InProcess,
    relay: Relay<Store<Sqlite>, Telltale>,
    sent: Sent,
}

impl Telling {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        let (transport, _) = in_process();
        let sent = Sent::default();
        let telltale = Telltale { transport: transport.clone(), sent: sent.clone() };
        Self { relay: Relay::new(Store::new(pool.clone()), telltale), pool, transport, sent }
    }

    /// Stores an order and enqueues its event; then commits or rolls back.
    pub(crate) async fn place(&self, order: &OrderPlaced, commit: bool) -> Result<(), Box<dyn Error>> {
        let mut tx = event_sqlx::begin(&self.pool).await?;
        let id = order.enqueue(&mut tx).await?;
        insert_order(&mut tx, id.as_str(), order).await?;
        if commit {
            tx.commit().await?
        } else {
            tx.rollback().await?
        }
        Ok(())
    }

    pub(crate) fn consumer(&self, billing: Billing) -> Consumer<Store<Sqlite>, Billing> {
        Consumer::new(Store::new(self.pool.clone()), billing)
    }

    /// Runs relay and consumer until the outbox is empty; tells what was published.
    pub(crate) async fn relay_into(&self, billing: Billing) -> Result<String, Box<dyn Error>> {
        let shutdown = CancellationToken::new();
        let subscription = self.transport.subscribe();
        let consumer = tokio::spawn(self.consumer(billing).run(subscription, shutdown.clone()));
        let before = self.sent.count();
        while self.relay.step().await?.sent > 0 {}
        shutdown.cancel();
        consumer.await??;
        Ok(self.sent.types_from(before).join(", "))
    }

    /// The first message that was published, as the consumer got it.
    pub(crate) fn first_delivery(&self) -> Result<Vec<u8>, &'static str> {
        self.sent.first().ok_or("nothing was published")
    }

    pub(crate) async fn orders(&self) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar("SELECT count(*) FROM orders").fetch_one(&self.pool).await
    }

    pub(crate) async fn invoices(&self) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar("SELECT count(*) FROM invoices").fetch_one(&self.pool).await
    }

    pub(crate) async fn outbox(&self) -> Result<String, sqlx::Error> {
        let types: Vec<String> =
            sqlx::query_scalar("SELECT type || ' v' || version FROM event_outbox ORDER BY position")
                .fetch_all(&self.pool)
                .await?;
        Ok(types.join(", "))
    }

    pub(crate) async fn backlog(&self) -> Result<String, sqlx::Error> {
        let places: Vec<String> =
            sqlx::query_scalar("SELECT place || ' ' || partition_key FROM event_backlog ORDER BY id")
                .fetch_all(&self.pool)
                .await?;
        Ok(if places.is_empty() { "empty".to_owned() } else { places.join(", ") })
    }
}

/// What was published, in order.
#[derive(Clone, Default)]
struct Sent(Arc<Mutex<Vec<Envelope>>>);

impl Sent {
    fn keep(&self, events: &[Envelope]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(events);
    }

    fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn first(&self) -> Option<Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).first().map(Envelope::to_json)
    }

    fn types_from(&self, start: usize) -> Vec<String> {
        let sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sent.iter().skip(start).map(|event| format!("{} v{}", event.event_type, event.event_version)).collect()
    }
}

/// The in-process transport, and a note of what went through it.
struct Telltale {
    transport: InProcess,
    sent: Sent,
}

impl Transport for Telltale {
    async fn publish(&self, events: &[Envelope]) -> Result<(), PublishError> {
        self.transport.publish(events).await?;
        self.sent.keep(events);
        Ok(())
    }
}
