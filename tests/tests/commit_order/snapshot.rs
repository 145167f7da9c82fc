//! A snapshot that somebody holds for long keeps every old version of a row. Nothing of the outbox is ever updated, so
//! writing and reading stay the same work, which is counted in pages.

use event_tests::events::Placed;
use sqlx::{AssertSqlSafe, PgConnection, Row};

use crate::outbox::{Outbox, run};

const READ: &str = include_str!("../../../adapters/event-sqlx/sql/postgres/outbox_read.sql");

const WRITE: &str = "SELECT write_one()";

/// An event, and all that happens at its commit: only what a statement does itself is counted, so a function does it.
const WRITE_ONE: &str = "CREATE FUNCTION write_one() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, payload)
    VALUES (gen_random_uuid(), 'trial', 'k1', 'trial.placed', '{}');
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
  END $$";

/// The other way to number events: a row per slot, updated by each transaction.
const COUNT: &str = "UPDATE slot_counter SET n = n + 1 WHERE slot = 20";

/// The pages that a statement touches.
#[derive(Debug, Clone, Copy)]
struct Pages {
    write: u64,
    read: u64,
    count: u64,
}

async fn pages(outbox: &Outbox) -> Pages {
    let mut connection = outbox.connect().await;
    run(&mut connection, "BEGIN").await;
    // The first use of a table in a session reads the catalogue, and so does the first plan.
    for _ in 0..2 {
        explain(&mut connection, WRITE).await;
        explain(&mut connection, COUNT).await;
        read(&mut connection).await;
    }
    // Now and then a row begins a new page, which is looked for: the fewest of some are what each costs.
    let mut write = u64::MAX;
    for _ in 0..8 {
        write = write.min(explain(&mut connection, WRITE).await);
    }
    let count = explain(&mut connection, COUNT).await;
    let read = read(&mut connection).await;
    run(&mut connection, "ROLLBACK").await;
    Pages { write, read, count }
}

async fn explain(connection: &mut PgConnection, statement: &str) -> u64 {
    let explained = format!("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {statement}");
    touched(&sqlx::query(AssertSqlSafe(explained)).fetch_all(connection).await.unwrap())
}

/// What a relay reads: the next events of each slot, here all of the last ten.
async fn read(connection: &mut PgConnection) -> u64 {
    let last: Vec<(i16, i64)> = sqlx::query_as("SELECT slot, max(position) - 10 FROM event_outbox_log GROUP BY slot")
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    let (slots, positions): (Vec<i16>, Vec<i64>) = last.into_iter().unzip();
    let least = positions.iter().min().copied().unwrap_or_default();
    let explained = format!("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {READ}");
    let rows = sqlx::query(AssertSqlSafe(explained))
        .bind("reader")
        .bind(slots)
        .bind(positions)
        .bind(50_i64)
        .bind(None::<i64>)
        .bind(least)
        .fetch_all(connection)
        .await
        .unwrap();
    touched(&rows)
}

/// The first line about buffers is that of the whole plan.
fn touched(plan: &[sqlx::postgres::PgRow]) -> u64 {
    let lines = plan.iter().map(|line| line.get::<String, _>(0)).collect::<Vec<_>>();
    let line = lines.iter().find_map(|line| line.trim().strip_prefix("Buffers: shared ")).unwrap();
    let numbers = line.split([' ', ',']).filter_map(|word| word.strip_prefix("hit=").or(word.strip_prefix("read=")));
    numbers.map(|number| number.parse::<u64>().unwrap()).sum()
}

async fn write(outbox: &Outbox, transactions: u32) {
    for number in 0..transactions {
        let events: Vec<_> = (0..10).map(|key| Placed::new(&format!("k{key}"), number)).collect();
        let mut tx = event_sqlx::begin(&outbox.pool).await.unwrap();
        event_sqlx::enqueue_all(&events, &mut tx).await.unwrap();
        for _ in 0..5 {
            run(tx.connection(), COUNT).await;
        }
        tx.commit().await.unwrap();
    }
}

pub(crate) async fn a_held_snapshot_makes_neither_writing_nor_reading_more_work(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.run("CREATE TABLE slot_counter (slot int PRIMARY KEY, n bigint NOT NULL)").await;
    outbox.run("INSERT INTO slot_counter VALUES (20, 0)").await;
    outbox.run(WRITE_ONE).await;
    write(&outbox, 200).await;
    outbox.run("VACUUM ANALYZE slot_counter, event_outbox, event_outbox_log").await;
    let mut holder = outbox.connect().await;
    run(&mut holder, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM event_outbox_log").await;
    let before = pages(&outbox).await;
    write(&outbox, 600).await;
    let after = pages(&outbox).await;
    run(&mut holder, "COMMIT").await;
    let said = format!("{before:?} became {after:?}");
    // A tree that grows a level costs a page for each search.
    assert!(after.write <= before.write + 2, "{said}");
    assert!(after.read <= before.read + before.read / 4, "{said}");
    assert!(after.count >= 2 * before.count, "a counter would have become more work: {said}");
}
