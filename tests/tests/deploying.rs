//! The guide "Deploying a new version": each of its snippets is compiled here, and each of its outcomes is tried.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(dead_code, unreachable_pub, reason = "the guide shows what a service would write")]

#[path = "deploying/after.rs"]
mod after;
#[path = "deploying/before.rs"]
mod before;
#[path = "deploying/billing.rs"]
mod billing;
#[path = "deploying/readable.rs"]
mod readable;
#[path = "deploying/service.rs"]
mod service;

use std::path::Path;
use std::time::Duration;

use after::{Money, OrderPlaced};
use event_core::{Consumer, HandlerResult, Publish, Sink, event_handlers, follow};
use event_sqlx::{Context, Enqueue, Store};
use sqlx::{Sqlite, SqlitePool};
use tokio_util::sync::CancellationToken;

const GUIDE: &str = include_str!("../../docs/guides/deploying-a-new-version.md");

/// What is compiled, and nothing else.
const COMPILED: [&str; 5] = [
    include_str!("deploying/before.rs"),
    include_str!("deploying/after.rs"),
    include_str!("deploying/billing.rs"),
    include_str!("deploying/service.rs"),
    include_str!("deploying/readable.rs"),
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

/// The build of the billing service that knows version 1.
struct Before;

#[event_handlers(consumer = "billing")]
impl Before {
    #[on]
    async fn charge(&self, event: before::OrderPlaced, cx: &mut Context<'_, Sqlite>) -> HandlerResult {
        let insert = sqlx::query("INSERT INTO invoices (order_id, cents) VALUES (?1, ?2)");
        insert.bind(event.order_id).bind(event.total_cents).execute(cx.connection()).await?;
        Ok(())
    }
}

/// The databases of both services.
struct World {
    orders: SqlitePool,
    billing: SqlitePool,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (orders, billing) = (file(folder.path(), "orders.db").await, file(folder.path(), "billing.db").await);
        let table = "CREATE TABLE invoices (order_id TEXT NOT NULL, cents INTEGER NOT NULL)";
        sqlx::query(table).execute(&billing).await.unwrap();
        Self { orders, billing, _folder: folder }
    }

    async fn place(&self, event: impl Publish) {
        let mut tx = event_sqlx::begin(&self.orders).await.unwrap();
        event.enqueue(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Runs a build of the billing service until `fact` is so.
    async fn run(&self, build: Build, fact: &str) {
        let shutdown = CancellationToken::new();
        let (orders, billing) = (self.orders.clone(), self.billing.clone());
        let running = match build {
            Build::Before => {
                let subscription = follow(Store::new(orders), Sink::new("billing"));
                tokio::spawn(Consumer::new(Store::new(billing), Before).run(subscription, shutdown.clone()))
            }
            Build::After => tokio::spawn(service::run(orders, billing, shutdown.clone())),
        };
        let so = async {
            while self.status().await != fact {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let limit = tokio::time::timeout(Duration::from_secs(30), so).await;
        if limit.is_err() {
            panic!("{} instead of {fact}", self.status().await);
        }
        shutdown.cancel();
        running.await.unwrap().unwrap();
    }

    /// What was invoiced, and what the backlog holds.
    async fn status(&self) -> String {
        let invoices: Vec<(String, i64)> = sqlx::query_as("SELECT order_id, cents FROM invoices ORDER BY rowid")
            .fetch_all(&self.billing)
            .await
            .unwrap();
        let places: Vec<String> =
            sqlx::query_scalar("SELECT place FROM event_backlog ORDER BY id").fetch_all(&self.billing).await.unwrap();
        let invoices: Vec<_> = invoices.iter().map(|(order, cents)| format!("{order}:{cents}")).collect();
        format!("{} | {}", invoices.join(" "), places.join(" "))
    }
}

#[derive(Clone, Copy)]
enum Build {
    Before,
    After,
}

async fn file(folder: &Path, name: &str) -> SqlitePool {
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.join(name))
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
        .busy_timeout(Duration::from_secs(10));
    let pool = SqlitePool::connect_with(options).await.unwrap();
    event_sqlx::migrate(&pool).await.unwrap();
    pool
}

fn v1(order: &str, cents: i64) -> before::OrderPlaced {
    before::OrderPlaced { order_id: order.to_owned(), total_cents: cents }
}

fn v2(order: &str, cents: i64) -> OrderPlaced {
    OrderPlaced { order_id: order.to_owned(), total: Money { cents, currency: "EUR".to_owned() } }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consumers_first_wait_for_nothing() {
    let world = World::new().await;
    world.place(v1("o-1", 1)).await;
    world.run(Build::After, "o-1:1 | ").await;
    world.place(v2("o-1", 2)).await;
    world.run(Build::After, "o-1:1 o-1:2 | ").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn producers_first_make_no_dead_letter_and_what_waits_flows_after_the_deploy() {
    let world = World::new().await;
    world.place(v1("o-1", 1)).await;
    world.place(v2("o-1", 2)).await;
    world.place(v1("o-1", 3)).await;
    world.place(v1("o-2", 4)).await;
    world.run(Build::Before, "o-1:1 o-2:4 | awaiting_deploy held").await;
    assert!(GUIDE.contains("consumer `billing`: 1 held, 1 awaiting a deploy"));
    world.run(Build::After, "o-1:1 o-2:4 o-1:2 o-1:3 | ").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_that_old_readers_understand_waits_for_nobody() {
    let world = World::new().await;
    let event = readable::OrderPlaced { order_id: "o-1".to_owned(), total_cents: 7, tags: Vec::new() };
    world.place(event).await;
    world.run(Build::Before, "o-1:7 | ").await;
}
