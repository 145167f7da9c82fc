//! A file of its own for each measurement.

use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tempfile::TempDir;

use crate::Result;
use crate::database::Mode;

/// A file in WAL mode with our tables and a table of orders.
#[derive(Debug)]
pub struct File {
    pub pool: SqlitePool,
    _folder: TempDir,
}

impl File {
    pub async fn new(mode: Mode) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("outbox-bench-").tempdir()?;
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("orders.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(Duration::from_secs(10))
            .synchronous(synchronous(mode));
        let pool = SqlitePoolOptions::new().max_connections(4).test_before_acquire(false).connect_with(options).await?;
        event_sqlx::migrate(&pool).await?;
        let orders = "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT NOT NULL, total INTEGER NOT NULL)";
        sqlx::raw_sql(orders).execute(&pool).await?;
        Ok(Self { pool, _folder: folder })
    }
}

/// Whether a commit waits until it is on the disk: in WAL mode `FULL` does, `NORMAL` doesn't.
fn synchronous(mode: Mode) -> SqliteSynchronous {
    match mode {
        Mode::Durable => SqliteSynchronous::Full,
        Mode::Off => SqliteSynchronous::Normal,
    }
}

/// What was measured on what.
pub async fn about(rounds: usize) -> Result<String> {
    let file = File::new(Mode::Off).await?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&file.pool).await?;
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    Ok(format!("SQLite {version}, a file in WAL mode, {cores} cores, shared; at most {rounds} rounds each."))
}
