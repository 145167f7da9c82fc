//! Events that were committed without a position: found, published once, counted.

use std::time::Duration;

use event_core::Relay;
use event_core::runtime::Origin as _;
use event_core::testing::ManualClock;
use event_sqlx::Store;
use event_tests::recorder::Recorder;
use event_tests::setup::noon;
use sqlx::mysql::MySqlPoolOptions;

use crate::outbox::{Outbox, enqueue, insert, run, until};

const FOUND: &str = "SELECT found FROM event_outbox_sweep";

fn store(outbox: &Outbox, clock: &ManualClock) -> Store<sqlx::MySql> {
    Store::new(outbox.pool.clone()).clock(clock.clone())
}

pub(crate) async fn a_raw_commit_is_swept_once_and_counted(server: &str) {
    let outbox = Outbox::on(server).await;
    let clock = noon();
    let mut tx = outbox.begin().await;
    enqueue(&mut tx, "a", 1).await;
    tx.commit().await.unwrap();
    let mut tx = outbox.begin().await;
    enqueue(&mut tx, "a", 2).await;
    run(tx.connection(), "COMMIT").await;
    drop(tx);
    let mut stranger = outbox.connect().await;
    insert(&mut stranger, "a", 3).await;
    assert_eq!(outbox.counts().await, [3, 1, 1]);
    let recorder = Recorder::default();
    let relay = Relay::new(store(&outbox, &clock), recorder.clone());
    assert_eq!(relay.step().await.unwrap().sent, 1);
    // Relays of other processes sweep as well, and each event is found once.
    for _ in 0..3 {
        store(&outbox, &clock).tend().await.unwrap();
    }
    assert_eq!(outbox.number(FOUND).await, 2);
    assert_eq!(outbox.steps("a").await, [1, 2, 3]);
    assert_eq!(outbox.counts().await, [3; 3]);
    assert_eq!(relay.step().await.unwrap().sent, 2);
    outbox.is_free().await;
}

/// Later transactions were swept long before.
pub(crate) async fn an_old_transaction_that_ends_by_a_raw_commit_is_found_in_its_hole(server: &str) {
    let outbox = Outbox::on(server).await;
    let clock = noon();
    let mut old = outbox.connect().await;
    run(&mut old, "START TRANSACTION").await;
    insert(&mut old, "old", 1).await;
    for step in 1..=5 {
        let mut tx = outbox.begin().await;
        enqueue(&mut tx, "new", step).await;
        tx.commit().await.unwrap();
    }
    for _ in 0..3 {
        store(&outbox, &clock).tend().await.unwrap();
        // Longer than a hole rests: an open transaction is in it.
        clock.advance(Duration::from_secs(120));
    }
    assert_eq!(outbox.counts().await, [5; 3]);
    run(&mut old, "COMMIT").await;
    store(&outbox, &clock).tend().await.unwrap();
    assert_eq!(outbox.steps("old").await, [1]);
    assert_eq!(outbox.number(FOUND).await, 1);
    assert_eq!(outbox.number("SELECT JSON_LENGTH(holes) FROM event_outbox_sweep").await, 0);
}

pub(crate) async fn holes_of_what_was_rolled_back_are_forgotten_and_those_of_open_transactions_stay(server: &str) {
    let outbox = Outbox::on(server).await;
    let clock = noon();
    let mut open = outbox.connect().await;
    run(&mut open, "START TRANSACTION").await;
    insert(&mut open, "open", 1).await;
    let mut tx = outbox.begin().await;
    enqueue(&mut tx, "gone", 1).await;
    tx.rollback().await.unwrap();
    let mut tx = outbox.begin().await;
    enqueue(&mut tx, "kept", 1).await;
    tx.commit().await.unwrap();
    let holes = "SELECT CAST(SUM(h.last - h.first + 1) AS SIGNED) FROM event_outbox_sweep s, JSON_TABLE(s.holes, '$[*]'
                 COLUMNS (first BIGINT PATH '$[0]', last BIGINT PATH '$[1]')) h";
    store(&outbox, &clock).tend().await.unwrap();
    assert_eq!(outbox.number(holes).await, 2);
    clock.advance(Duration::from_secs(59));
    store(&outbox, &clock).tend().await.unwrap();
    assert_eq!(outbox.number(holes).await, 2, "neither has rested for a minute");
    clock.advance(Duration::from_secs(2));
    store(&outbox, &clock).tend().await.unwrap();
    let rows: Vec<u8> = sqlx::query_scalar("SELECT holes FROM event_outbox_sweep")
        .fetch_one(&outbox.pool)
        .await
        .map(String::into_bytes)
        .unwrap();
    // One range of two numbers stays while a transaction is open in it.
    assert!(!rows.is_empty());
    run(&mut open, "ROLLBACK").await;
    store(&outbox, &clock).tend().await.unwrap();
    assert_eq!(outbox.number("SELECT JSON_LENGTH(holes) FROM event_outbox_sweep").await, 0);
    assert_eq!(outbox.number(FOUND).await, 0);
}

/// XA: the first phase keeps its rows for itself, and no slot. Nobody stamps at the second, so they are swept.
pub(crate) async fn a_prepared_transaction_blocks_nobody_and_is_swept(server: &str) {
    let outbox = Outbox::on(server).await;
    let database: String = sqlx::query_scalar("SELECT DATABASE()").fetch_one(&outbox.pool).await.unwrap();
    let clock = noon();
    let mut coordinator = outbox.connect().await;
    run(&mut coordinator, format!("XA START '{database}'")).await;
    insert(&mut coordinator, "a", 2).await;
    run(&mut coordinator, format!("XA END '{database}'")).await;
    run(&mut coordinator, format!("XA PREPARE '{database}'")).await;
    let mut tx = outbox.begin().await;
    enqueue(&mut tx, "a", 1).await;
    tx.commit().await.unwrap();
    store(&outbox, &clock).tend().await.unwrap();
    assert_eq!(outbox.steps("a").await, [1]);
    run(&mut coordinator, format!("XA COMMIT '{database}'")).await;
    until("it is swept", async || {
        store(&outbox, &clock).tend().await.unwrap();
        outbox.steps("a").await == [1, 2]
    })
    .await;
}

/// The connection that holds the lock of the sweep is the only one.
pub(crate) async fn a_pool_of_one_connection_sweeps(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut stranger = outbox.connect().await;
    insert(&mut stranger, "a", 1).await;
    let pool = MySqlPoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(5));
    let pool = pool.connect_with((*outbox.pool.connect_options()).clone()).await.unwrap();
    Store::new(pool).tend().await.unwrap();
    assert_eq!(outbox.counts().await, [1; 3]);
}

/// Numbers that the server passes over are no holes.
pub(crate) async fn a_server_that_counts_in_twos_is_swept_without_holes(server: &str) {
    let outbox = Outbox::on(server).await;
    let pool = MySqlPoolOptions::new().max_connections(1).after_connect(|connection, _| {
        Box::pin(async {
            run(connection, "SET SESSION auto_increment_increment = 2").await;
            Ok(())
        })
    });
    let pool = pool.connect_with((*outbox.pool.connect_options()).clone()).await.unwrap();
    for step in 0..5 {
        let mut tx = event_sqlx::begin(&pool).await.unwrap();
        enqueue(&mut tx, "a", step).await;
        tx.commit().await.unwrap();
    }
    Store::new(pool).tend().await.unwrap();
    assert_eq!(outbox.number("SELECT JSON_LENGTH(holes) FROM event_outbox_sweep").await, 0);
}
