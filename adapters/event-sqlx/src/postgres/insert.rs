//! Rows into the outbox: one round trip, however many they are.

use event_core::{EnqueueError, EventKey, OutboxRow};
use sqlx::PgConnection;

use crate::dialect::{Time, statement};
use crate::store::explained;

/// How many rows go out in one statement: enough that the round trips don't count, and little enough to hold in memory.
const ROWS: usize = 1_000;

/// The outbox keeps ids as `uuid`, which has one spelling.
const UUID: &str = "a UUID in lower case with hyphens: PostgreSQL keeps it as `uuid`";

pub(super) async fn insert(connection: &mut PgConnection, rows: &[OutboxRow<'_>]) -> Result<(), EnqueueError> {
    check_ids(rows)?;
    let inserted = match rows {
        [row] => insert_one(connection, row).await,
        rows => insert_all(connection, rows).await,
    };
    inserted.map_err(|error| EnqueueError::Store(explained(error)))
}

pub(super) fn check_ids(rows: &[OutboxRow<'_>]) -> Result<(), EnqueueError> {
    let fit = rows.iter().all(|row| is_uuid(row.id.as_str()));
    if fit { Ok(()) } else { Err(EnqueueError::attribute("id", UUID)) }
}

async fn insert_one(connection: &mut PgConnection, row: &OutboxRow<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(statement!("postgres", enqueue))
        .bind(row.id.as_str())
        .bind(row.aggregate)
        .bind(row.key.map(EventKey::as_str))
        .bind(row.event_type)
        .bind(version(row))
        .bind(Time(row.occurred_at))
        .bind(row.data.get())
        .bind(row.headers.as_ref())
        .execute(connection)
        .await
        .map(drop)
}

async fn insert_all(connection: &mut PgConnection, rows: &[OutboxRow<'_>]) -> Result<(), sqlx::Error> {
    for rows in rows.chunks(ROWS) {
        sqlx::query(statement!("postgres", enqueue_all))
            .bind(column(rows, |row| row.id.as_str()))
            .bind(column(rows, |row| row.aggregate))
            .bind(column(rows, |row| row.key.map(EventKey::as_str)))
            .bind(column(rows, |row| row.event_type))
            .bind(column(rows, version))
            .bind(column(rows, |row| Time(row.occurred_at)))
            .bind(column(rows, |row| row.data.get()))
            .bind(column(rows, |row| row.headers.as_ref()))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn column<'r, T>(rows: &'r [OutboxRow<'r>], value: impl Fn(&'r OutboxRow<'r>) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

/// Versions end at 2147483647, which the derive sees to.
pub(super) fn version(row: &OutboxRow<'_>) -> i32 {
    i32::try_from(row.event_version).unwrap_or(i32::MAX)
}

fn is_uuid(id: &str) -> bool {
    let fits = |(place, byte): (usize, u8)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
    };
    id.len() == 36 && id.bytes().enumerate().all(fits)
}

#[cfg(test)]
mod tests {
    use super::is_uuid;

    #[test]
    fn an_id_that_the_database_would_spell_in_another_way_is_no_uuid() {
        assert!(is_uuid("0193a1b2-0000-7000-8000-00000000abcd"));
        for id in ["", "twice", "0193A1B2-0000-7000-8000-00000000ABCD", "0193a1b2000070008000000000000000abcd"] {
            assert!(!is_uuid(id), "{id}");
        }
    }
}
