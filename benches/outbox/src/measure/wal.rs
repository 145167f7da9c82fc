//! Bytes of write-ahead log for an event of 900 bytes over its life, its history kept: written, stamped, relayed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use event_core::runtime::{PublishError, Transport};
use event_core::{Envelope, Relay};
use event_sqlx::{Store, enqueue_all};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::Result;
use crate::database::{Mode, Target};
use crate::events::OrderPlaced;
use crate::table::{Promise, Row};

const EVENTS: u32 = 2_000;

/// A queue that marks what was sent, and has an index of what wasn't.
const PEER: &str =
    "CREATE TABLE peer (id uuid PRIMARY KEY, topic text NOT NULL, key text NOT NULL, payload text NOT NULL,
       created_at timestamptz NOT NULL DEFAULT now(), sent_at timestamptz);
CREATE INDEX peer_unsent ON peer (created_at) WHERE sent_at IS NULL;
CREATE INDEX peer_sent ON peer (sent_at)";

pub(super) async fn wal(target: &Target, mode: Mode) -> Result<Vec<Row>> {
    let schema = target.schema(mode).await?;
    schema.run(PEER).await?;
    let pages = Pages::without_images(&schema.pool).await?;
    let pool = &schema.pool;
    let (mut hundreds, mut ours, mut peer) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        hundreds.push(bytes(pool, async || life(pool, 100).await).await?);
        ours.push(bytes(pool, async || life(pool, 1).await).await?);
        peer.push(bytes(pool, async || peer_life(pool).await).await?);
    }
    pages.restore(pool).await?;
    schema.drop().await?;
    let row = |what: &str, mut bytes: Vec<f64>, promise| {
        bytes.sort_by(f64::total_cmp);
        let spread = format!("{:.0} – {:.0}", bytes[0], bytes[2]);
        Row::figure(what, None, (bytes[1], "B"), spread, promise)
    };
    let what = "write-ahead log for an event of 900 bytes over its life, 100 in a transaction";
    Ok(vec![
        row(what, hundreds, Promise::AtMost(1310.0)),
        row("the same, a transaction and a move of the cursor for each", ours, Promise::AtMost(1310.0)),
        row("the same for a peer that marks rows sent, 100 at a time", peer, Promise::None),
    ])
}

/// Whole pages in the log depend on when the last checkpoint was, so they are off meanwhile.
struct Pages(String);

impl Pages {
    async fn without_images(pool: &PgPool) -> Result<Self> {
        let pages = Self(sqlx::query_scalar("SHOW full_page_writes").fetch_one(pool).await?);
        Self("off".to_owned()).restore(pool).await?;
        Ok(pages)
    }

    async fn restore(self, pool: &PgPool) -> Result<()> {
        // Taken from a list: nothing can be bound in this statement.
        let set = if self.0 == "on" {
            "ALTER SYSTEM SET full_page_writes = on"
        } else {
            "ALTER SYSTEM SET full_page_writes = off"
        };
        for statement in [set, "SELECT pg_reload_conf()", "CHECKPOINT"] {
            sqlx::raw_sql(statement).execute(pool).await?;
        }
        Ok(())
    }
}

async fn bytes(pool: &PgPool, work: impl AsyncFnOnce() -> Result<()>) -> Result<f64> {
    let position = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint";
    let before: i64 = sqlx::query_scalar(position).fetch_one(pool).await?;
    work().await?;
    let after: i64 = sqlx::query_scalar(position).fetch_one(pool).await?;
    Ok((after - before) as f64 / f64::from(EVENTS))
}

/// So many events in each transaction; a relay moves its cursors as it goes.
async fn life(pool: &PgPool, events: u32) -> Result<()> {
    let stop = CancellationToken::new();
    let left = Arc::new(AtomicUsize::new(EVENTS as usize));
    let relay = Relay::new(Store::new(pool.clone()), Sent { left, stop: stop.clone() });
    let relay = tokio::spawn(relay.run(stop));
    for first in (0..EVENTS).step_by(events as usize) {
        let events: Vec<_> = (first..first + events).map(OrderPlaced::new).collect();
        let mut tx = event_sqlx::begin(pool).await?;
        enqueue_all(&events, &mut tx).await?;
        tx.commit().await?;
    }
    Ok(relay.await??)
}

#[derive(Debug)]
struct Sent {
    left: Arc<AtomicUsize>,
    stop: CancellationToken,
}

impl Transport for Sent {
    async fn publish(&self, events: &[Envelope]) -> std::result::Result<(), PublishError> {
        if self.left.fetch_sub(events.len(), Ordering::SeqCst) <= events.len() {
            self.stop.cancel();
        }
        Ok(())
    }
}

async fn peer_life(pool: &PgPool) -> Result<()> {
    for number in 0..EVENTS {
        let event = OrderPlaced::new(number);
        let insert = "INSERT INTO peer (id, topic, key, payload) VALUES (gen_random_uuid(), $1, $2, $3)";
        let insert =
            sqlx::query(insert).bind("order.placed").bind(&event.order_id).bind(serde_json::to_string(&event)?);
        insert.execute(pool).await?;
        if number % 100 == 99 {
            let mark = "UPDATE peer SET sent_at = now() WHERE sent_at IS NULL";
            sqlx::query(mark).execute(pool).await?;
        }
    }
    Ok(())
}
