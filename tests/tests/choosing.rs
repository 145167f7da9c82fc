//! The guide "Choosing a database": each of its snippets is compiled here, and does what the guide says.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(dead_code, unreachable_pub, reason = "the guide shows what a service would write")]

#[path = "choosing/apart.rs"]
mod apart;
#[path = "choosing/archive.rs"]
mod archive;
#[path = "choosing/backup.rs"]
mod backup;
#[path = "choosing/fresh.rs"]
mod fresh;
#[path = "choosing/mysql.rs"]
mod mysql;
#[path = "choosing/postgres.rs"]
mod postgres;
#[path = "choosing/short.rs"]
mod short;
#[path = "choosing/sqlite.rs"]
mod sqlite;

use std::path::Path;
use std::time::Duration;

use event_core::runtime::{Origin, Sinks};
use event_core::testing::ManualClock;
use event_core::{Clock, Consumer, Registration, Relay, Sink, SystemClock};
use event_sqlx::{Enqueue, Store};
use event_tests::recorder::Recorder;
use short::{Billing, OrderPlaced};
use sqlx::SqlitePool;
use tokio_util::sync::CancellationToken;

const GUIDE: &str = include_str!("../../docs/guides/choosing-a-database.md");

/// What is compiled, and nothing else.
const COMPILED: [&str; 8] = [
    include_str!("choosing/postgres.rs"),
    include_str!("choosing/mysql.rs"),
    include_str!("choosing/sqlite.rs"),
    include_str!("choosing/fresh.rs"),
    include_str!("choosing/short.rs"),
    include_str!("choosing/apart.rs"),
    include_str!("choosing/archive.rs"),
    include_str!("choosing/backup.rs"),
];

#[test]
fn every_snippet_of_the_guide_is_compiled() {
    let blocks = GUIDE.split("```rust\n").skip(1);
    let snippets: Vec<_> = blocks.map(|block| block.split("```").next().unwrap()).collect();
    assert_eq!(snippets.len(), COMPILED.len());
    for snippet in snippets {
        assert!(COMPILED.iter().any(|file| file.contains(snippet)), "not compiled:\n{snippet}");
    }
}

/// The versions that the guide claims are those of the table of servers.
#[test]
fn the_guide_claims_the_versions_that_are_tested() {
    for claimed in ["13, 15, 17 and 18", "10.6, 10.11 and 11.8", "8.0 and 8.4"] {
        assert!(GUIDE.contains(claimed), "{claimed}");
    }
}

async fn file(folder: &Path, name: &str) -> SqlitePool {
    let pool = sqlite::connect(&folder.join(name)).await.unwrap();
    event_sqlx::migrate(&pool).await.unwrap();
    pool
}

async fn place(pool: &SqlitePool, order_id: &str) {
    let mut tx = event_sqlx::begin(pool).await.unwrap();
    OrderPlaced { order_id: order_id.to_owned(), total_cents: 990 }.enqueue(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_options_of_sqlite_are_in_force() {
    let folder = tempfile::tempdir().unwrap();
    let pool = file(folder.path(), "orders.db").await;
    for (pragma, value) in [("journal_mode", "wal"), ("synchronous", "2"), ("busy_timeout", "10000")] {
        let statement = sqlx::AssertSqlSafe(format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}"));
        let statement = if pragma == "busy_timeout" {
            sqlx::AssertSqlSafe("SELECT CAST(timeout AS TEXT) FROM pragma_busy_timeout".to_owned())
        } else {
            statement
        };
        let found: String = sqlx::query_scalar(statement).fetch_one(&pool).await.unwrap();
        assert_eq!(found, value, "{pragma}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_fresh_file_is_opened_by_many_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fresh.db");
    let opened = (0..16).map(|_| {
        let path = path.clone();
        tokio::spawn(async move { event_sqlx::migrate(&fresh::open(&path).await.unwrap()).await.unwrap() })
    });
    for opened in opened.collect::<Vec<_>>() {
        opened.await.unwrap();
    }
}

#[tokio::test]
async fn a_consumer_with_a_file_of_its_own_keeps_no_producer_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let (orders, billing) = (file(folder.path(), "orders.db").await, file(folder.path(), "billing.db").await);
    let table = "CREATE TABLE charges (key TEXT PRIMARY KEY, order_id TEXT NOT NULL, cents INTEGER NOT NULL)";
    sqlx::query(table).execute(&billing).await.unwrap();
    let shutdown = CancellationToken::new();
    let running = apart::run(orders.clone(), billing.clone(), shutdown.clone());
    let check = async {
        // What a consumer's transaction holds.
        let held = event_sqlx::begin(&billing).await.unwrap();
        place(&orders, "o-1").await;
        held.rollback().await.unwrap();
        let charged = async {
            while sqlx::query("SELECT 1 FROM charges").fetch_optional(&billing).await.unwrap().is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), charged).await.unwrap();
        shutdown.cancel();
    };
    let (ran, ()) = tokio::join!(running, check);
    ran.unwrap();
}

#[tokio::test]
async fn the_archive_has_each_event_that_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let pool = file(folder.path(), "orders.db").await;
    place(&pool, "o-1").await;
    let clock = ManualClock::new(SystemClock.now());
    let store = archive::store(pool.clone(), folder.path().to_owned()).clock(clock.clone());
    store.register(&Sink::default(), &Registration::default()).await.unwrap();
    Relay::new(store.clone(), Recorder::default()).step().await.unwrap();
    clock.advance(Duration::from_secs(91 * 24 * 60 * 60));
    let id: String = sqlx::query_scalar("SELECT id FROM event_outbox").fetch_one(&pool).await.unwrap();
    store.tend().await.unwrap();
    assert!(sqlx::query("SELECT id FROM event_outbox").fetch_optional(&pool).await.unwrap().is_none());
    let kept = std::fs::read_to_string(folder.path().join(id)).unwrap();
    assert_eq!(kept, r#"{"order_id":"o-1","total_cents":990}"#);
}

/// What one service sends to another, and how much of it is applied there.
async fn send(from: &SqlitePool, to: &SqlitePool, clock: &ManualClock) -> usize {
    let recorder = Recorder::default();
    // The leases of the relay before are over.
    clock.advance(Duration::from_secs(60));
    let relay = Relay::new(Store::new(from.clone()).clock(clock.clone()), recorder.clone());
    while relay.step().await.unwrap().sent > 0 {}
    let bodies = recorder.bodies();
    let bodies: Vec<_> = bodies.iter().map(Vec::as_slice).collect();
    Consumer::new(Store::new(to.clone()), Billing).apply(&bodies).await.unwrap().1.applied
}

#[tokio::test]
async fn a_restored_file_with_a_new_epoch_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (orders, billing) = (file(folder.path(), "orders.db").await, file(folder.path(), "billing.db").await);
    let table = "CREATE TABLE charges (key TEXT PRIMARY KEY, order_id TEXT NOT NULL, cents INTEGER NOT NULL)";
    sqlx::query(table).execute(&billing).await.unwrap();
    let clock = ManualClock::new(SystemClock.now());
    place(&orders, "o-1").await;
    assert_eq!(send(&orders, &billing, &clock).await, 1);
    let copy = folder.path().join("copy.db");
    backup::back_up(&orders, copy.to_str().unwrap()).await.unwrap();
    // The copy knows nothing of this one, and gives its position again.
    place(&orders, "o-1").await;
    assert_eq!(send(&orders, &billing, &clock).await, 1);
    orders.close().await;
    let restored = sqlite::connect(&copy).await.unwrap();
    let source = async || Origin::source(&Store::new(restored.clone())).await.unwrap();
    let before = source().await;
    backup::begin_epoch(&restored).await.unwrap();
    assert_ne!(source().await, before);
    place(&restored, "o-1").await;
    assert_eq!(send(&restored, &billing, &clock).await, 1);
}

mod postgres_15 {
    #[tokio::test]
    async fn the_options_of_postgres_are_in_force() {
        let pool = super::postgres::connect(&event_tests::postgres::url("postgres_15")).await.unwrap();
        let path: String = sqlx::query_scalar("SHOW search_path").fetch_one(&pool).await.unwrap();
        assert_eq!(path.replace(' ', ""), "public,events");
    }
}

mod mariadb_10_11 {
    #[tokio::test]
    async fn the_options_of_mariadb_are_in_force() {
        let pool = super::mysql::connect(&event_tests::mysql::url("mariadb_10_11")).await.unwrap();
        let charset: String =
            sqlx::query_scalar("SELECT CAST(@@character_set_client AS CHAR)").fetch_one(&pool).await.unwrap();
        assert_eq!(charset, "utf8mb4");
    }
}
