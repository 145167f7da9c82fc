//! PostgreSQL 13 and later: triggers give positions in the order of commits.

mod backlog;
mod epoch;
mod fused;
mod gauges;
mod inbox;
mod insert;
mod letters;
mod marks;
mod migrate;
mod outbox;
mod retention;
mod row;
mod script;
mod sinks;
mod steps;
mod streams;
mod verb;

use event_core::runtime::StoreError;
use event_core::{EnqueueError, EventId, OutboxRow, Passage, Stream, digests};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{PgConnection, Pool, Postgres, Row};

use crate::database::{Database, Migration, sealed};
use crate::dialect::{ROOM, statement};

pub use fused::{EnqueueWith, PostgresTx};
pub(crate) use fused::{Statement, insert_fused};
pub use migrate::migrate_in;
pub use retention::Archive;
pub use script::migration_script_in;

impl sealed::Sealed for Postgres {}

impl Database for Postgres {
    const BEGIN: &'static str = "BEGIN";

    const BEGIN_OWN: &'static str = Self::BEGIN;

    const HAS_CLOCK: bool = true;

    const STAMPS: bool = false;

    type Disposal = retention::Partitions;

    const MIGRATIONS: &'static [Migration] = &[
        Migration {
            version: 1,
            name: "outbox_and_inbox",
            sql: include_str!("../migrations/postgres/0001_outbox_and_inbox.sql"),
            outside: &[],
            oldest: 1,
        },
        Migration {
            version: 2,
            name: "care",
            sql: include_str!("../migrations/postgres/0002_care.sql"),
            outside: &[],
            oldest: 1,
        },
        Migration {
            version: 3,
            name: "consumers",
            sql: include_str!("../migrations/postgres/0003_consumers.sql"),
            outside: &[],
            oldest: 1,
        },
    ];

    const SCRIPT: (&'static str, &'static str) = (statement!("postgres", migrate_script), "");

    fn recorded(migration: &Migration) -> String {
        let Migration { version, name, oldest, .. } = migration;
        format!("INSERT INTO event_migration (version, name, oldest) VALUES ({version}, '{name}', {oldest});")
    }

    async fn migrate(pool: &Pool<Self>) -> Result<usize, sqlx::Error> {
        migrate::migrate(pool, None).await
    }

    async fn insert(connection: &mut PgConnection, rows: &[OutboxRow<'_>]) -> Result<(), EnqueueError> {
        insert::insert(connection, rows).await
    }

    /// The triggers stamp.
    async fn commit(transaction: sqlx::Transaction<'_, Self>, _: Vec<EventId>) -> Result<(), sqlx::Error> {
        transaction.commit().await
    }
}

/// Makes the row of a mark, which is then locked: of two processes that begin the same stream one waits for the other.
async fn begin_mark(connection: &mut PgConnection, consumer: &str, stream: &Stream) -> Result<bool, StoreError> {
    sqlx::query(statement!("postgres", marks_begin))
        .bind(consumer)
        .bind(stream.source.as_str())
        .bind(i64::from(stream.slot.number()))
        .execute(connection)
        .await
        .map_err(|source| crate::store::error("begin a mark", source))?;
    Ok(true)
}

crate::dialect::advance!(Postgres, "postgres", advance_each, marks_advance_one);

/// Moves all marks at once. One alone by a plainer statement: arrays are planned anew each time.
async fn advance(connection: &mut PgConnection, consumer: &str, passages: &[Passage]) -> Result<Vec<bool>, StoreError> {
    if let [_] = passages {
        return advance_each(connection, consumer, passages).await;
    }
    let texts = |text: fn(&Passage) -> String| passages.iter().map(text).collect::<Vec<_>>();
    let places: Vec<i64> = sqlx::query_scalar(statement!("postgres", marks_advance))
        .bind(consumer)
        .bind(texts(|passage| passage.stream.source.to_string()))
        .bind(passages.iter().map(|passage| i16::from(passage.stream.slot.number())).collect::<Vec<_>>())
        .bind(texts(|passage| passage.previous.to_string()))
        .bind(texts(|passage| passage.first.to_string()))
        .bind(texts(|passage| passage.mark.sequence.to_string()))
        .bind(texts(|passage| passage.mark.event_id.to_string()))
        .bind(ROOM)
        .bind(passages.iter().map(|passage| digests(&passage.ids)).collect::<Vec<_>>())
        .fetch_all(connection)
        .await
        .map_err(|source| crate::store::error("move marks", source))?;
    Ok((1..).zip(passages).map(|(place, _)| places.contains(&place)).collect())
}

/// Inserts a row, and tells its number.
async fn inserted(insert: Query<'_, Postgres, PgArguments>, connection: &mut PgConnection) -> Result<i64, sqlx::Error> {
    insert.fetch_one(connection).await?.try_get(0)
}
