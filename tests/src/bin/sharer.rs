//! One of several processes on one SQLite file, for `tests/processes.rs`: `sharer work FILE ORDERS STEPS` relays and consumes until its
//! standard input ends, `sharer NAME FILE ORDERS STEPS` writes so many events of each of so many orders, a transaction each.
#![allow(clippy::unwrap_used, reason = "what goes wrong ends the process, and with it the test")]

use std::io::Read;
use std::path::Path;

use event_core::{Consumer, Relay, in_process};
use event_sqlx::{Enqueue, Store};
use event_tests::events::Placed;
use event_tests::script::Script;
use event_tests::setup::sqlite_pool;
use sqlx::SqlitePool;
use tokio_util::sync::CancellationToken;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [part, file, orders, steps] = <[String; 4]>::try_from(arguments).unwrap();
    let pool = sqlite_pool(Path::new(&file)).await;
    match part.as_str() {
        "work" => work(pool).await,
        writer => write(&pool, writer, orders.parse().unwrap(), steps.parse().unwrap()).await,
    }
}

async fn write(pool: &SqlitePool, writer: &str, orders: u32, steps: u32) {
    for step in 1..=steps {
        for order in 1..=orders {
            let mut tx = event_sqlx::begin(pool).await.unwrap();
            Placed::new(&format!("{writer}-{order}"), step).enqueue(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
        }
    }
}

/// A relay and a consumer, until the standard input ends.
async fn work(pool: SqlitePool) {
    let (store, shutdown) = (Store::new(pool), CancellationToken::new());
    let (transport, subscription) = in_process();
    let relay = tokio::spawn(Relay::new(store.clone(), transport).run(shutdown.clone()));
    let consumer = tokio::spawn(Consumer::new(store, Script::default()).run(subscription, shutdown.clone()));
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await.unwrap().unwrap();
    shutdown.cancel();
    relay.await.unwrap().unwrap();
    consumer.await.unwrap().unwrap();
}
