//! Isolation levels, snapshot isolation, held snapshots: events add no failure to what a service does.

use std::time::Duration;

use event_core::runtime::{Origin as _, Outbox as _, Sinks as _};
use event_core::{Advance, Claim, Cursor, Lease, Owner, Registration, Sequence, Sink, Slot};
use event_sqlx::Store;
use sqlx::mysql::MySqlPoolOptions;
use sqlx::{MySql, MySqlPool};

use crate::outbox::{Outbox, enqueue, key_in, run};

const LEVELS: [&str; 3] = ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"];

const WRITERS: u32 = 4;

const ROUNDS: u32 = 25;

/// A pool whose sessions are set so.
async fn pool_of(outbox: &Outbox, settings: String) -> MySqlPool {
    let options = MySqlPoolOptions::new().max_connections(4).after_connect(move |connection, _| {
        let settings = settings.clone();
        Box::pin(async move {
            run(connection, settings).await;
            Ok(())
        })
    });
    options.connect_with((*outbox.pool.connect_options()).clone()).await.unwrap()
}

/// Every level, with snapshot isolation and without where the server has a choice.
async fn settings(outbox: &Outbox) -> Vec<String> {
    let version: String = sqlx::query_scalar("SELECT VERSION()").fetch_one(&outbox.pool).await.unwrap();
    let is_maria = version.contains("MariaDB");
    let level = |level: &str, isolation: &str| format!("SET SESSION TRANSACTION ISOLATION LEVEL {level}{isolation}");
    let choices: &[&str] = match is_maria {
        true => &["; SET SESSION innodb_snapshot_isolation = OFF", "; SET SESSION innodb_snapshot_isolation = ON"],
        false => &[""],
    };
    LEVELS.iter().flat_map(|name| choices.iter().map(|choice| level(name, choice))).collect()
}

/// Each writer has an account of its own; all events go into one slot, so the commits meet.
async fn failures(pool: &MySqlPool, with_events: bool) -> usize {
    let key = key_in(11);
    let writers = (0..WRITERS).map(|writer| {
        let (pool, key) = (pool.clone(), key.clone());
        tokio::spawn(async move {
            let mut failures = 0;
            for round in 0..ROUNDS {
                let mut tx = event_sqlx::begin(&pool).await.unwrap();
                let read = sqlx::query_scalar::<_, i64>("SELECT balance FROM account WHERE id = ?").bind(writer);
                read.fetch_one(tx.connection()).await.unwrap();
                let add = sqlx::query("UPDATE account SET balance = balance + 1 WHERE id = ?").bind(writer);
                add.execute(tx.connection()).await.unwrap();
                if with_events {
                    enqueue(&mut tx, &key, round).await;
                }
                failures += usize::from(tx.commit().await.is_err());
            }
            failures
        })
    });
    let mut failures = 0;
    for writer in writers.collect::<Vec<_>>() {
        failures += writer.await.unwrap();
    }
    failures
}

pub(crate) async fn on_rows_of_their_own_events_make_no_transaction_fail(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.run("CREATE TABLE account (id INT PRIMARY KEY, balance BIGINT NOT NULL)").await;
    outbox.run("INSERT INTO account VALUES (0, 0), (1, 0), (2, 0), (3, 0)").await;
    let settings = settings(&outbox).await;
    let rounds = i64::try_from(settings.len()).unwrap();
    for setting in settings {
        let pool = pool_of(&outbox, setting.clone()).await;
        assert_eq!(failures(&pool, true).await, 0, "{setting}, with events");
        assert_eq!(failures(&pool, false).await, 0, "{setting}, without");
        pool.close().await;
    }
    assert_eq!(outbox.counts().await, [rounds * i64::from(WRITERS * ROUNDS); 3]);
}

/// What a session's handlers have read.
async fn work(pool: &MySqlPool) -> u64 {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SHOW SESSION STATUS LIKE 'Handler_read%'").fetch_all(pool).await.unwrap();
    rows.iter().map(|(_, value)| value.parse::<u64>().unwrap()).sum()
}

/// Rows that are read to find one new event and to move the cursor past it, on the one connection of `pool`.
async fn step(outbox: &Outbox, store: &Store<MySql>, lease: &mut Lease, owner: &Owner, number: u32) -> u64 {
    let mut tx = outbox.begin().await;
    enqueue(&mut tx, &key_in(5), number).await;
    tx.commit().await.unwrap();
    let sink = Sink::new("default");
    let before = work(store.pool()).await;
    let records = store.read(&sink, &[lease.cursor], 10).await.unwrap();
    assert_eq!(records.len(), 1);
    lease.cursor = Cursor::new(lease.cursor.slot, records[0].position, records[0].position);
    let lost = store.advance(&sink, owner, &[Advance::new(lease.cursor, lease.fence)]).await.unwrap();
    assert_eq!(lost, []);
    work(store.pool()).await - before
}

/// A snapshot that is held keeps every old version of every row. The log is never changed, so reading it is the same work; so is
/// moving a cursor.
pub(crate) async fn a_held_snapshot_makes_no_step_of_a_relay_more_work(server: &str) {
    let outbox = Outbox::on(server).await;
    let pool = MySqlPoolOptions::new().max_connections(1);
    let pool = pool.connect_with((*outbox.pool.connect_options()).clone()).await.unwrap();
    let (store, sink) = (Store::new(pool), Sink::new("default"));
    let owner = store.owner();
    store.register(&sink, &Registration::default()).await.unwrap();
    let seen = store.survey(&sink).await.unwrap().slots;
    let slot = seen.into_iter().find(|state| state.lease.cursor.slot.number() == 5).unwrap();
    let claim = Claim::new(vec![slot.lease], Vec::new());
    let mut lease = store.claim(&sink, &owner, Duration::from_secs(600), &claim).await.unwrap().remove(0);
    for number in 0..3 {
        step(&outbox, &store, &mut lease, &owner, number).await;
    }
    let mut held = outbox.connect().await;
    run(&mut held, "START TRANSACTION WITH CONSISTENT SNAPSHOT").await;
    let first = step(&outbox, &store, &mut lease, &owner, 10).await;
    for number in 100..300 {
        step(&outbox, &store, &mut lease, &owner, number).await;
    }
    let last = step(&outbox, &store, &mut lease, &owner, 1_000).await;
    assert!(last <= first + 5, "{first} rows before, {last} after 200 steps");
    let cursors: Vec<_> = Slot::all().map(|slot| Cursor::new(slot, Sequence::START, Sequence::START)).collect();
    assert_eq!(store.read(&sink, &cursors, 1_000).await.unwrap().len(), 205);
}
