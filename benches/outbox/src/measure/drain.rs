//! A relay that drains, beside a bare ordered read of the same rows.

use std::time::Duration;

use event_core::Relay;
use event_sqlx::Store;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::Result;
use crate::database::{Mode, Target};
use crate::measure::{BATCH, Counting, EVENTS, read_slots};
use crate::ratio::{Ratios, timed};
use crate::table::{Promise, Row};

/// The slot and the position are bound, and the places are limited before their rows are looked up: whatever the planner
/// thinks of the tables' sizes, it reads no more.
const READ: &str =
    "SELECT l.position, o.id::text, o.type, o.version, o.aggregatetype, o.aggregateid, o.occurred_at, o.payload,
       o.headers::text
FROM (SELECT position, at, id FROM event_outbox_log WHERE slot = $1 AND position > $2 ORDER BY position LIMIT 100) l
CROSS JOIN LATERAL (SELECT * FROM event_outbox e WHERE e.at = l.at AND e.id = l.id LIMIT 1) o ORDER BY l.position";

pub(super) async fn drain(target: &Target, mode: Mode) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (key, what) in [("", "in 64 slots"), ("hot", "in one slot")] {
        let schema = target.schema(mode).await?;
        schema.fill(EVENTS, key).await?;
        let ratios = Ratios::of(
            target.rounds.min(15),
            async || relay(&schema.pool, 0).await,
            async || timed(read(&schema.pool)).await,
        );
        let ratios = ratios.await?;
        schema.drop().await?;
        let what = format!("draining 20,000 events {what}, batch 100, beside a bare ordered read");
        rows.push(Row::ratio(&what, mode, &ratios, Promise::AtLeast(0.6)));
    }
    Ok(rows)
}

/// Drains what lies behind a position: from the start of a relay until its cursors have moved and its slots are free.
pub(super) async fn relay(pool: &PgPool, position: i64) -> Result<Duration> {
    let store = Store::new(pool.clone());
    let reset = "UPDATE event_relay_slot SET position = $1, sent = $1";
    sqlx::query(reset).bind(position).execute(pool).await?;
    let stop = CancellationToken::new();
    let transport = Counting::new(stop.clone());
    let run = Relay::new(store, transport).batch(BATCH).run(stop);
    timed(async { Ok(run.await?) }).await
}

/// Reads every slot in its order, 100 rows at a time.
async fn read(pool: &PgPool) -> Result<()> {
    read_slots!(pool, i16, READ)
}
