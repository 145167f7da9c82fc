//! A transaction of somebody else: with an xid and a snapshot, open for a while, doing nothing.

use std::time::Duration;

use sqlx::{Connection, PgConnection};
use tokio::time::sleep;

use super::Failure;

/// Holds one open for so long, or until the server goes away.
///
/// # Errors
/// When the server is away.
pub async fn hold(url: &str, length: Duration) -> Result<(), Failure> {
    let mut connection = PgConnection::connect(url).await?;
    let mut tx = connection.begin().await?;
    sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").execute(&mut *tx).await?;
    let statement = "SELECT pg_current_xact_id()::text, count(*) FROM journal";
    sqlx::query(statement).execute(&mut *tx).await?;
    sleep(length).await;
    Ok(tx.rollback().await?)
}
