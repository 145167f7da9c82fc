//! A small shop: what quickstart and the load example share.

mod billing;
mod events;
mod packing;
mod tables;

pub use billing::Billing;
pub use events::{InvoiceIssued, Money, OrderId, OrderPlaced, OrderPlacedV1};
pub use packing::Packing;
pub use tables::{create_tables, insert_order};

use std::path::Path;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

/// Opens a database file, with our tables and those of outbox and inbox in it.
///
/// WAL lets readers and the writer work at the same time. One connection is enough for a process with one writer, and
/// its tasks then wait for each other in turn instead of trying again and again.
///
/// # Errors
/// When the file can't be opened or migrated.
///
/// # Cancel safety
/// A migration is applied wholly or not at all.
pub async fn open(path: &Path) -> Result<SqlitePool, Box<dyn std::error::Error>> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(Duration::from_secs(10));
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    event_sqlx::migrate(&pool).await?;
    create_tables(&pool).await?;
    Ok(pool)
}
