//! Several processes on one SQLite file: they write, relay and consume at once, and one of them is killed.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use event_tests::setup::sqlite_pool;
use sqlx::SqlitePool;

/// What each writer writes: so many events of each of so many orders, a transaction each.
const STEPS: u32 = 40;
const ORDERS: u32 = 4;

/// A process that does a part of the work. It ends when its standard input does.
fn start(part: &str, file: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sharer"));
    let counts = [ORDERS, STEPS].map(|count| count.to_string());
    command.arg(part).arg(file).args(counts).stdin(Stdio::piped()).spawn().unwrap()
}

async fn written(pool: &SqlitePool) -> Vec<String> {
    sqlx::query_scalar("SELECT line FROM written ORDER BY place").fetch_all(pool).await.unwrap()
}

/// Waits until so many lines are written, with a limit.
async fn until_written(pool: &SqlitePool, count: usize) {
    let so = async {
        while written(pool).await.len() < count {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), so).await.expect("it is written in time");
}

#[tokio::test]
async fn processes_that_share_a_file_lose_and_double_nothing_and_keep_the_order() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shared.db");
    let pool = sqlite_pool(&file).await;
    event_sqlx::migrate(&pool).await.unwrap();
    let table = "CREATE TABLE written (place INTEGER PRIMARY KEY, line TEXT NOT NULL)";
    sqlx::query(table).execute(&pool).await.unwrap();
    let writers = ["a", "b"].map(|writer| start(writer, &file));
    let (mut killed, mut left) = (start("work", &file), start("work", &file));
    let all = usize::try_from(2 * ORDERS * STEPS).unwrap();
    until_written(&pool, all / 4).await;
    killed.kill().unwrap();
    killed.wait().unwrap();
    for mut writer in writers {
        assert!(writer.wait().unwrap().success(), "a writer waits for its turn");
    }
    until_written(&pool, all).await;
    drop(left.stdin.take());
    assert!(left.wait().unwrap().success());
    let mut steps: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for line in written(&pool).await {
        let (order, step) = line.split_once('/').unwrap();
        steps.entry(order.to_owned()).or_default().push(step.parse().unwrap());
    }
    assert_eq!(steps.len(), 8);
    for (order, steps) in steps {
        assert_eq!(steps, (1..=STEPS).collect::<Vec<_>>(), "{order}");
    }
}
