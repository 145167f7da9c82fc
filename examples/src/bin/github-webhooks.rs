//! Takes real deliveries of GitHub's webhooks through typed events → outbox → relay → handlers:
//! `github-webhooks [FOLDER]`, a folder with a folder per kind.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to its user")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use event_core::{Consumer, Relay, in_process};
use event_examples::github::{Journal, decode};
use event_examples::shop::open;
use sqlx::SqlitePool;
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> ExitCode {
    let folder = std::env::args_os().nth(1).map_or_else(fixtures, PathBuf::from);
    match run(&folder).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("github-webhooks: {}", event_core::error_chain(&*error).join(": "));
            ExitCode::FAILURE
        }
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/github")
}

/// One delivery as it came: its kind, its file, its bytes.
struct Delivered {
    kind: String,
    name: String,
    body: Vec<u8>,
}

async fn run(folder: &Path) -> Result<bool, Box<dyn Error>> {
    let deliveries = read(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let temporary = tempfile::tempdir()?;
    let pool = open(&temporary.path().join("github.db")).await?;
    sqlx::raw_sql("CREATE TABLE journal (event_id TEXT PRIMARY KEY, kind TEXT, who TEXT, what TEXT) STRICT")
        .execute(&pool)
        .await?;
    for delivery in &deliveries {
        take(&pool, delivery).await?;
    }
    apply(&pool).await?;
    report(&pool, &deliveries).await
}

fn read(folder: &Path) -> std::io::Result<Vec<Delivered>> {
    let mut deliveries = Vec::new();
    for kind in sorted(folder)?.into_iter().filter(|path| path.is_dir()) {
        for file in sorted(&kind)?.into_iter().filter(|path| path.extension().is_some_and(|e| e == "json")) {
            let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            deliveries.push(Delivered { kind: name(&kind), name: name(&file), body: fs::read(&file)? });
        }
    }
    Ok(deliveries)
}

fn sorted(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// What a service does behind its webhook: an event in the outbox, or a dead letter with the cause.
async fn take(pool: &SqlitePool, delivery: &Delivered) -> Result<(), Box<dyn Error>> {
    let mut tx = event_sqlx::begin(pool).await?;
    match decode(&delivery.kind, &String::from_utf8_lossy(&delivery.body)) {
        Ok(event) => drop(event.enqueue(&mut tx).extension("delivery", delivery.name.as_str()).await?),
        Err(error) => drop(tx.bury("webhook", &delivery.body, None, &error).await?),
    }
    tx.commit().await?;
    Ok(())
}

/// Relays and handles until nothing is left to do.
async fn apply(pool: &SqlitePool) -> Result<(), Box<dyn Error>> {
    let store = event_sqlx::Store::new(pool.clone());
    let (transport, subscription) = in_process();
    let shutdown = CancellationToken::new();
    let relay = tokio::spawn(Relay::new(store.clone(), transport).run(shutdown.clone()));
    let consumer = tokio::spawn(Consumer::new(store, Journal).run(subscription, shutdown.clone()));
    while left(pool).await? > 0 && !relay.is_finished() && !consumer.is_finished() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    shutdown.cancel();
    relay.await??;
    consumer.await??;
    Ok(())
}

async fn left(pool: &SqlitePool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM event_outbox) - (SELECT count(*) FROM journal)
              - (SELECT count(*) FROM event_dead_letter WHERE consumer = 'journal')",
    )
    .fetch_one(pool)
    .await
}

/// Prints what was applied per kind; tells whether all was.
async fn report(pool: &SqlitePool, deliveries: &[Delivered]) -> Result<bool, Box<dyn Error>> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT kind, count(*) FROM journal GROUP BY kind").fetch_all(pool).await?;
    let applied: BTreeMap<_, _> = rows.into_iter().collect();
    let mut received: BTreeMap<&str, i64> = BTreeMap::new();
    deliveries.iter().for_each(|delivery| *received.entry(&delivery.kind).or_default() += 1);
    println!("{:<22} {:>8} {:>8}", "kind", "received", "applied");
    for (kind, received) in &received {
        println!("{kind:<22} {received:>8} {:>8}", applied.get(*kind).copied().unwrap_or(0));
    }
    let letters: Vec<(String, String)> =
        sqlx::query_as("SELECT consumer, errors FROM event_dead_letter ORDER BY id").fetch_all(pool).await?;
    for (consumer, errors) in &letters {
        println!("dead letter of {consumer}: {errors}");
    }
    let total: i64 = applied.values().sum();
    println!("kinds={} received={} applied={total} dead={}", received.len(), deliveries.len(), letters.len());
    Ok(letters.is_empty() && usize::try_from(total)? == deliveries.len())
}
