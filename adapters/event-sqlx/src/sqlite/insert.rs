//! Rows of the outbox: one by one, or sixteen in a statement.

use event_core::{EnqueueError, EventKey, OutboxRow};
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Connection, Sqlite, SqliteConnection};

use crate::dialect::statement;
use crate::store::explained;

/// How many rows `enqueue_all.sql` has. A statement takes sqlx two changes of the thread, which cost as much as the row.
const CHUNK: usize = 16;

/// All or none.
pub(super) async fn insert(connection: &mut SqliteConnection, rows: &[OutboxRow<'_>]) -> Result<(), EnqueueError> {
    if let [row] = rows {
        return insert_one(connection, row).await;
    }
    let failed = |error: sqlx::Error| EnqueueError::Store(explained(error));
    let mut savepoint = connection.begin().await.map_err(failed)?;
    for rows in rows.chunks(CHUNK) {
        insert_chunk(&mut savepoint, rows).await?;
    }
    savepoint.commit().await.map_err(failed)
}

async fn insert_chunk(connection: &mut SqliteConnection, rows: &[OutboxRow<'_>]) -> Result<(), EnqueueError> {
    if rows.len() == CHUNK {
        let insert = rows.iter().fold(sqlx::query(statement!("sqlite", enqueue_all)), bind);
        match insert.execute(&mut *connection).await {
            Ok(_) => return Ok(()),
            // One by one they tell which it is.
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {}
            Err(error) => return Err(EnqueueError::Store(explained(error))),
        }
    }
    for row in rows {
        insert_one(connection, row).await?;
    }
    Ok(())
}

async fn insert_one(connection: &mut SqliteConnection, row: &OutboxRow<'_>) -> Result<(), EnqueueError> {
    match bind(sqlx::query(statement!("sqlite", enqueue)), row).execute(connection).await {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
            Err(EnqueueError::DuplicateId { id: row.id.clone() })
        }
        Err(error) => Err(EnqueueError::Store(explained(error))),
    }
}

fn bind<'q>(query: Query<'q, Sqlite, SqliteArguments>, row: &OutboxRow<'_>) -> Query<'q, Sqlite, SqliteArguments> {
    query
        .bind(row.id.as_str())
        .bind(i64::from(row.slot().number()))
        .bind(row.aggregate)
        .bind(row.key.map(EventKey::as_str))
        .bind(row.event_type)
        .bind(i64::from(row.event_version))
        .bind(row.occurred_at.unix_micros())
        .bind(row.data.get())
        .bind(row.headers.as_ref())
}
