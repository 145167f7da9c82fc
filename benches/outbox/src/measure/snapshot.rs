//! Reading while an old snapshot keeps a million dead rows of another table alive.

use std::time::Duration;

use event_core::runtime::{Outbox, Sinks};
use event_core::{Cursor, Registration, Sequence, Sink, Slot};
use event_sqlx::Store;
use sqlx::{PgPool, Postgres};

use crate::Result;
use crate::database::{Mode, Target};
use crate::measure::EVENTS;
use crate::ratio::{Ratios, timed};
use crate::table::{Promise, Row};

/// How many reads are timed together.
const READS: u32 = 20;

pub(super) async fn snapshot(target: &Target, mode: Mode) -> Result<Vec<Row>> {
    let schema = target.schema(mode).await?;
    schema.fill(EVENTS, "").await?;
    let elsewhere =
        "CREATE TABLE elsewhere (id bigint PRIMARY KEY, count bigint NOT NULL) WITH (autovacuum_enabled = off);
        INSERT INTO elsewhere SELECT g, 0 FROM generate_series(1, 1000000) g";
    schema.run(elsewhere).await?;
    let mut ratios = Vec::new();
    for _ in 0..target.rounds.min(5) {
        schema.run("VACUUM ANALYZE elsewhere").await?;
        let without = reads(&schema.pool).await?;
        let mut old = schema.pool.begin().await?;
        sqlx::raw_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM orders")
            .execute(&mut *old)
            .await?;
        schema.run("UPDATE elsewhere SET count = count + 1").await?;
        ratios.push(reads(&schema.pool).await?.as_secs_f64() / without.as_secs_f64());
        old.rollback().await?;
    }
    schema.drop().await?;
    let what = "reading under an old snapshot with a million dead rows elsewhere: the time, beside without";
    Ok(vec![Row::ratio(what, mode, &Ratios::new(ratios), Promise::AtMost(2.0)).of_either_mode()])
}

/// Reads of all slots at once, 50 events each, as a relay reads.
async fn reads(pool: &PgPool) -> Result<Duration> {
    let (store, sink) = (Store::<Postgres>::new(pool.clone()), Sink::default());
    store.register(&sink, &Registration::default()).await?;
    let cursors: Vec<_> = (0..64)
        .filter_map(Slot::from_number)
        .map(|slot| Cursor::new(slot, Sequence::default(), Sequence::default()))
        .collect();
    store.read(&sink, &cursors, 50).await?;
    timed(async {
        for _ in 0..READS {
            store.read(&sink, &cursors, 50).await?;
        }
        Ok(())
    })
    .await
}
