//! The consumer, beside an inbox by hand in its usual form: look whether the id is there, and insert it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use event_core::{Envelope, EventId, PartitionKey, Sequence};

use crate::events::OrderPlaced;

/// The streams that events come on, as a relay sends them: a place behind the one before.
#[derive(Debug, Default)]
pub struct Streams {
    number: AtomicU64,
    last: std::sync::Mutex<HashMap<u8, Sequence>>,
}

impl Streams {
    /// The next message, of one of ten thousand keys.
    pub fn next(&self) -> Envelope {
        let number = self.number.fetch_add(1, Ordering::Relaxed) + 1;
        let event = OrderPlaced::new(u32::try_from(number).unwrap_or(u32::MAX));
        let id = EventId::from(uuid::Uuid::now_v7().to_string());
        let mut envelope = Envelope::new(id, "/orders".into(), "order.placed");
        let key = PartitionKey::from(format!("order/{}", event.order_id));
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        envelope.sequence = Some(Sequence::new(number));
        envelope.previous = last.insert(key.slot().number(), Sequence::new(number));
        envelope.previous.get_or_insert(Sequence::START);
        envelope.partition_key = Some(key);
        envelope.data = serde_json::value::to_raw_value(&event).ok();
        envelope
    }

    /// The next messages, as they come.
    pub fn bodies(&self, count: usize) -> Vec<Vec<u8>> {
        (0..count).map(|_| self.next().to_json()).collect()
    }
}

/// How many events are taken one by one in a piece, and together in another.
pub const BATCH: usize = 100;

/// Both sides over one database.
macro_rules! apply {
    ($db:ty, begin: $begin:literal, seen: $seen:literal, remember: $remember:literal, order: $order:literal) => {
        use std::future::Future;

        use event_core::{Consumer, HandlerResult, event_handlers};
        use event_sqlx::{Context, Store};
        use sqlx::Pool;

        use $crate::Result;
        use $crate::apply::{BATCH, Streams};
        use $crate::database::Mode;
        use $crate::events::OrderPlaced;
        use $crate::measure::{HUNDREDS, SINGLE};
        use $crate::ratio::Ratios;
        use $crate::table::{Promise, Row};

        struct Orders;

        #[event_handlers(consumer = "orders")]
        impl Orders {
            #[on]
            async fn write(&self, event: OrderPlaced, cx: &mut Context<'_, $db>) -> HandlerResult {
                sqlx::query($order).bind(&event.order_id).bind(event.total_cents).execute(cx.connection()).await?;
                Ok(())
            }
        }

        /// Whether an event is new: the mark of its stream, beside its id in an inbox.
        pub async fn dedup(pool: &Pool<$db>, mode: Mode, rounds: usize) -> Result<Vec<Row>> {
            let streams = Streams::default();
            // The marks of all slots are there.
            let consumer = Consumer::new(Store::new(pool.clone()), Orders);
            for body in streams.bodies(2000) {
                consumer.apply(&[&body]).await?;
            }
            let alone = Ratios::in_turn(
                (rounds, SINGLE),
                async |_| by_mark(&consumer, &streams).await,
                async |_| by_id(pool, async |_| Ok(())).await,
            );
            let alone = alone.await?;
            let whole = Ratios::in_turn(
                (rounds, SINGLE),
                async |_| applied(&consumer, &streams, 1).await,
                async |_| by_id(pool, async |connection| {
                    sqlx::query($order).bind("order").bind(123_456_i64).execute(connection).await?;
                    Ok(())
                })
                .await,
            );
            let whole = whole.await?;
            Ok(vec![
                Row::ratio("is an event new: by the mark of its stream, beside two statements with its id", mode, &alone, Promise::AtLeast(1.4)),
                Row::ratio("an event and its handler's row by the whole consumer, beside those two statements and the row by hand", mode, &whole, Promise::None),
            ])
        }

        /// A batch in one transaction, beside a transaction for each event.
        pub async fn batch(pool: &Pool<$db>, mode: Mode, rounds: usize) -> Result<Vec<Row>> {
            let streams = Streams::default();
            let consumer = Consumer::new(Store::new(pool.clone()), Orders);
            let ratios = Ratios::in_turn(
                (rounds, HUNDREDS / 4),
                async |_| applied(&consumer, &streams, BATCH).await,
                async |_| {
                    for body in streams.bodies(BATCH) {
                        consumer.apply(&[&body]).await?;
                    }
                    Ok(())
                },
            );
            let ratios = ratios.await?;
            Ok(vec![Row::ratio("100 events in one transaction of the consumer, beside one for each", mode, &ratios, Promise::AtLeast(2.3))])
        }

        async fn applied(consumer: &Consumer<Store<$db>, Orders>, streams: &Streams, count: usize) -> Result<()> {
            let bodies = streams.bodies(count);
            let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
            let (taken, _) = consumer.apply(&bodies).await?;
            if taken == count { Ok(()) } else { Err("an event was not taken".into()) }
        }

        /// An event that the consumer ignores: its mark moves, and nothing else is done.
        async fn by_mark(consumer: &Consumer<Store<$db>, Orders>, streams: &Streams) -> Result<()> {
            let mut envelope = streams.next();
            envelope.event_type = "order.viewed".to_owned();
            let (taken, _) = consumer.apply(&[&envelope.to_json()]).await?;
            if taken == 1 { Ok(()) } else { Err("the mark has not moved".into()) }
        }

        async fn by_id(
            pool: &Pool<$db>,
            handler: impl AsyncFnOnce(&mut <$db as sqlx::Database>::Connection) -> Result<()>,
        ) -> Result<()> {
            let id = uuid::Uuid::now_v7().to_string();
            let mut tx = pool.begin_with($begin).await?;
            let seen: Option<i64> = sqlx::query_scalar($seen).bind("orders").bind(&id).fetch_optional(&mut *tx).await?;
            if seen.is_some() {
                return Ok(());
            }
            sqlx::query($remember).bind("orders").bind(&id).execute(&mut *tx).await?;
            handler(&mut tx).await?;
            Ok(tx.commit().await?)
        }

        /// A table of ids as one makes it by hand.
        pub fn inbox(pool: &Pool<$db>) -> impl Future<Output = sqlx::Result<()>> {
            let table = "CREATE TABLE IF NOT EXISTS inbox (consumer VARCHAR(100) NOT NULL, event_id VARCHAR(100) NOT NULL, PRIMARY KEY (consumer, event_id))";
            async move { sqlx::query(table).execute(pool).await.map(drop) }
        }
    };
}

pub mod postgres {
    apply!(
        sqlx::Postgres,
        begin: "BEGIN",
        seen: "SELECT 1::bigint FROM inbox WHERE consumer = $1 AND event_id = $2",
        remember: "INSERT INTO inbox (consumer, event_id) VALUES ($1, $2)",
        order: "INSERT INTO orders (customer, total) VALUES ($1, $2)"
    );
}

pub mod sqlite {
    apply!(
        sqlx::Sqlite,
        begin: "BEGIN IMMEDIATE",
        seen: "SELECT 1 FROM inbox WHERE consumer = ?1 AND event_id = ?2",
        remember: "INSERT INTO inbox (consumer, event_id) VALUES (?1, ?2)",
        order: "INSERT INTO orders (customer, total) VALUES (?1, ?2)"
    );
}

pub mod mariadb {
    apply!(
        sqlx::MySql,
        begin: "START TRANSACTION",
        seen: "SELECT 1 FROM inbox WHERE consumer = ? AND event_id = ?",
        remember: "INSERT INTO inbox (consumer, event_id) VALUES (?, ?)",
        order: "INSERT INTO orders (customer, total) VALUES (?, ?)"
    );
}
