//! How many bytes of write-ahead log an event takes over its life: written, stamped, relayed, its history kept.
//!
//! Each server is the test's own: nobody else writes to its log, no checkpoint comes, and whole pages, whose number depends
//! on when the last checkpoint was, are off.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use event_core::runtime::{PublishError, Transport};
use event_core::{Envelope, Relay};
use event_sqlx::{Store, enqueue_all};
use event_tests::events::Placed;
use event_tests::postgres::Server;
use event_tests::setup::postgres_schema;
use sqlx::PgPool;

/// So many that the first pages of small trees, which split soon, don't count.
const EVENTS: usize = 40_000;

/// The length of `note` with which the JSON has 900 bytes.
const NOTE: usize = 853;

/// Sends everything to nowhere.
struct Nowhere;

impl Transport for Nowhere {
    async fn publish(&self, _events: &[Envelope]) -> Result<(), PublishError> {
        Ok(())
    }
}

fn event(number: usize) -> Placed {
    let mut event = Placed::new(&format!("order-{number:04}"), 1_000);
    event.note = Some("n".repeat(NOTE));
    event
}

async fn log_position(pool: &PgPool) -> i64 {
    let position = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint";
    sqlx::query_scalar(position).fetch_one(pool).await.unwrap()
}

async fn relay(pool: &PgPool) {
    // In one step, under one lease: what a claim or a sign of life writes is not for each event either, and on a slow machine
    // there would be more of them.
    let relay = Relay::new(Store::new(pool.clone()), Nowhere).batch(10_000).lease(Duration::from_secs(60 * 60));
    relay.step().await.unwrap();
}

/// Bytes per event, with so many of them in each transaction.
async fn bytes(pool: &PgPool, in_a_transaction: usize) -> i64 {
    let events: Vec<_> = (0..EVENTS).map(event).collect();
    let before = log_position(pool).await;
    for events in events.chunks(in_a_transaction) {
        let mut tx = event_sqlx::begin(pool).await.unwrap();
        enqueue_all(events, &mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }
    relay(pool).await;
    (log_position(pool).await - before) / i64::try_from(EVENTS).unwrap()
}

async fn own(major: u32) -> (Server, PgPool) {
    let server =
        Server::start_major(major, &["fsync=off", "full_page_writes=off", "autovacuum=off", "checkpoint_timeout=1d"]);
    let pool = postgres_schema(&server.url()).await;
    assert_eq!(serde_json::to_string(&event(1)).unwrap().len(), 900);
    // The sink and the lease of its slots are made once, not for each event.
    relay(&pool).await;
    (server, pool)
}

macro_rules! on_each_major {
    ($($module:ident: $major:literal),* $(,)?) => {
        $(mod $module {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn an_event_of_900_bytes_takes_410_more_of_the_log_at_most() {
                let (_server, pool) = super::own($major).await;
                let bytes = super::bytes(&pool, 100).await;
                assert!((900..=1310).contains(&bytes), "{bytes}");
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn a_transaction_for_each_event_adds_its_commit_alone() {
                let (_server, pool) = super::own($major).await;
                let (many, one) = (super::bytes(&pool, 100).await, super::bytes(&pool, 1).await);
                assert!((30..=70).contains(&(one - many)), "{one} alone, {many} among a hundred");
            }
        })*
    };
}

on_each_major!(postgres_13: 13, postgres_15: 15, postgres_17: 17, postgres_18: 18);
