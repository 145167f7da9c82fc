//! A relay that drains, beside a bare ordered read of the same rows.

use std::time::Duration;

use event_core::Relay;
use event_sqlx::Store;
use sqlx::SqlitePool;
use tokio_util::sync::CancellationToken;

use super::file::File;
use crate::Result;
use crate::database::Mode;
use crate::measure::{BATCH, Counting, EVENTS, read_slots};
use crate::ratio::{Ratios, timed};
use crate::table::{Promise, Row};

const READ: &str = "SELECT position, id, type, version, aggregatetype, aggregateid, occurred_at, payload, headers
FROM event_outbox WHERE slot = ?1 AND position > ?2 ORDER BY position LIMIT 100";

pub(super) async fn drain(mode: Mode, rounds: usize) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (slots, what) in [(64, "in 64 slots"), (1, "in one slot")] {
        let file = File::new(mode).await?;
        fill(&file.pool, slots).await?;
        let ratios =
            Ratios::of(rounds.min(15), async || relay(&file.pool).await, async || timed(read(&file.pool)).await);
        let what = format!("draining 20,000 events {what}, batch 100, beside a bare ordered read");
        rows.push(Row::ratio(&what, mode, &ratios.await?, Promise::None));
    }
    Ok(rows)
}

async fn fill(pool: &SqlitePool, slots: i64) -> Result<()> {
    let insert = "WITH RECURSIVE g (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < ?1)
        INSERT INTO event_outbox (id, slot, aggregatetype, aggregateid, type, version, occurred_at, payload, at)
        SELECT lower(hex(randomblob(16))), n % ?2, 'order', 'order-' || n % 10000, 'order.placed', 1, 0,
               '{\"note\":\"' || replace(hex(zeroblob(445)), '0', 'n') || '\"}', 0 FROM g";
    sqlx::query(insert).bind(EVENTS).bind(slots).execute(pool).await?;
    Ok(())
}

/// From the start of a relay until its cursors have moved and its slots are free.
async fn relay(pool: &SqlitePool) -> Result<Duration> {
    sqlx::query("UPDATE event_relay_slot SET position = 0, sent = 0").execute(pool).await?;
    let stop = CancellationToken::new();
    let transport = Counting::new(stop.clone());
    let run = Relay::new(Store::new(pool.clone()), transport).batch(BATCH).run(stop);
    timed(async { Ok(run.await?) }).await
}

/// Reads every slot in its order, 100 rows at a time.
async fn read(pool: &SqlitePool) -> Result<()> {
    read_slots!(pool, i64, READ)
}
