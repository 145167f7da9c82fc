//! Asks the databases what was committed and what was applied.

use std::collections::BTreeMap;

use sqlx::postgres::PgRow;
use sqlx::{Connection, PgConnection, Row};

use super::Failure;
use super::site::{consumers, producers};
use super::verdict::{Known, audit};

/// How many events were committed, and how many were applied.
pub async fn counts(server: &str) -> Result<(usize, usize), Failure> {
    let committed = count(producers(server), "SELECT count(*) FROM journal").await?;
    let applied = count(&consumers(server), "SELECT count(*) FROM applied").await?;
    Ok((committed, applied))
}

/// Every event that was committed.
///
/// # Errors
/// When the database can't be asked, or when the writers' two books don't agree.
pub async fn committed(server: &str) -> Result<Vec<Known>, Failure> {
    let mut connection = PgConnection::connect(producers(server)).await?;
    let rows = sqlx::query("SELECT key, n FROM business").fetch_all(&mut connection).await?;
    let counter = |row: &PgRow| Ok((row.try_get("key")?, row.try_get("n")?));
    let counters = rows.iter().map(counter).collect::<Result<BTreeMap<String, i64>, sqlx::Error>>()?;
    let statement = "SELECT key, n, event_id::text AS event_id FROM journal ORDER BY key, n";
    let committed = known(&mut connection, statement).await?;
    audit(&counters, &committed)?;
    Ok(committed)
}

/// Every event that was applied, in the order of applying.
///
/// # Errors
/// When the database can't be asked.
pub async fn applied(server: &str) -> Result<Vec<Known>, Failure> {
    let mut connection = PgConnection::connect(&consumers(server)).await?;
    known(&mut connection, "SELECT key, n, event_id FROM applied ORDER BY place").await
}

async fn known(connection: &mut PgConnection, statement: &'static str) -> Result<Vec<Known>, Failure> {
    let rows = sqlx::query(statement).fetch_all(connection).await?;
    let event =
        |row: &PgRow| Ok(Known { key: row.try_get("key")?, n: row.try_get("n")?, id: row.try_get("event_id")? });
    rows.iter().map(event).collect()
}

async fn count(url: &str, statement: &'static str) -> Result<usize, Failure> {
    let mut connection = PgConnection::connect(url).await?;
    let count: i64 = sqlx::query_scalar(statement).fetch_one(&mut connection).await?;
    Ok(usize::try_from(count)?)
}
