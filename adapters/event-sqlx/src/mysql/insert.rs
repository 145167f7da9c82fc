//! Rows into the outbox: one round trip, however many they are.

use event_core::{EnqueueError, EventKey, OutboxRow};
use sqlx::{Connection, MySqlConnection};

use crate::dialect::statement;
use crate::store::explained;

/// How many rows go out in one statement, and in how many bytes: a server takes packets of 16 MiB unless it is told otherwise.
const ROWS: usize = 1_000;
const BYTES: usize = 4 << 20;

/// How many characters the columns of ids and aggregates have.
const CHARACTERS: usize = 255;
const TOO_LONG: &str = "of at most 255 characters: MySQL and MariaDB keep it in an index";

/// How many bytes the column of keys has.
const KEY_BYTES: usize = 65_535;

pub(super) async fn insert(connection: &mut MySqlConnection, rows: &[OutboxRow<'_>]) -> Result<(), EnqueueError> {
    for row in rows {
        check_length("id", row.id.as_str())?;
        check_length("aggregate", row.aggregate)?;
        if row.key.is_some_and(|key| key.as_str().len() > KEY_BYTES) {
            return Err(EnqueueError::attribute("subject", "of at most 65535 bytes: MySQL and MariaDB keep no more"));
        }
    }
    if let [row] = rows {
        return insert_one(connection, row).await.map_err(|error| refused(error, rows));
    }
    let failed = |error: sqlx::Error| EnqueueError::Store(explained(error));
    let mut chunks = chunks(rows).peekable();
    let Some(first) = chunks.next() else { return Ok(()) };
    if chunks.peek().is_none() {
        return insert_all(connection, first).await.map_err(|error| refused(error, first));
    }
    let mut savepoint = connection.begin().await.map_err(failed)?;
    for rows in std::iter::once(first).chain(chunks) {
        insert_all(&mut savepoint, rows).await.map_err(|error| refused(error, rows))?;
    }
    savepoint.commit().await.map_err(failed)
}

fn check_length(name: &'static str, value: &str) -> Result<(), EnqueueError> {
    // Bytes are never fewer than characters.
    if value.len() <= CHARACTERS || value.chars().count() <= CHARACTERS {
        Ok(())
    } else {
        Err(EnqueueError::attribute(name, TOO_LONG))
    }
}

async fn insert_one(connection: &mut MySqlConnection, row: &OutboxRow<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(statement!("mysql", enqueue))
        .bind(row.id.as_str())
        .bind(row.aggregate)
        .bind(row.key.map(EventKey::as_str))
        .bind(row.event_type)
        .bind(i64::from(row.event_version))
        .bind(row.occurred_at.unix_micros())
        .bind(row.data.get())
        .bind(row.headers.as_ref())
        .execute(connection)
        .await
        .map(drop)
}

async fn insert_all(connection: &mut MySqlConnection, rows: &[OutboxRow<'_>]) -> Result<(), sqlx::Error> {
    if let [row] = rows {
        return insert_one(connection, row).await;
    }
    let columns = |row: &OutboxRow<'_>| {
        serde_json::to_string(&(
            row.id.as_str(),
            row.aggregate,
            row.key.map(EventKey::as_str),
            row.event_type,
            row.event_version,
            row.occurred_at.unix_micros(),
            row.data.get(),
            row.headers.as_ref(),
        ))
    };
    let rows: Result<Vec<_>, _> = rows.iter().map(columns).collect();
    let document = format!("[{}]", rows.map_err(|error| sqlx::Error::Encode(error.into()))?.join(","));
    sqlx::query(statement!("mysql", enqueue_all)).bind(document).execute(connection).await.map(drop)
}

/// Runs of rows that fit into one statement; a row that doesn't fit goes alone.
fn chunks<'r, 'a>(mut rows: &'r [OutboxRow<'a>]) -> impl Iterator<Item = &'r [OutboxRow<'a>]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fitting = rows.iter().take(ROWS).take_while(|row| {
            bytes += row.data.get().len() + row.headers.len();
            bytes <= BYTES
        });
        let (chunk, rest) = rows.split_at_checked(fitting.count().max(1))?;
        rows = rest;
        Some(chunk)
    })
}

/// Names the id that is there already.
fn refused(error: sqlx::Error, rows: &[OutboxRow<'_>]) -> EnqueueError {
    if let sqlx::Error::Database(error) = &error
        && error.is_unique_violation()
        && let Some(row) = rows.iter().find(|row| rows.len() == 1 || error.message().contains(&format!("'{}'", row.id)))
    {
        return EnqueueError::DuplicateId { id: row.id.clone() };
    }
    EnqueueError::Store(explained(error))
}
