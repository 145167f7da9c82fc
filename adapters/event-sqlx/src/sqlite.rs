//! SQLite: one writer at a time, so positions grow in the order of commits.

mod backlog;
mod busy;
mod gauges;
mod inbox;
mod insert;
mod letters;
mod marks;
mod outbox;
mod retention;
mod row;
mod sinks;
mod steps;
mod streams;

use event_core::runtime::StoreError;
use event_core::{EnqueueError, EventId, OutboxRow, Stream};
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Pool, Row, Sqlite, SqliteConnection};

use crate::database::{Database, Migration, sealed};
use crate::dialect::statement;
use crate::migrate::TooNew;
use crate::retention::Batches;

impl sealed::Sealed for Sqlite {}

impl Database for Sqlite {
    const BEGIN: &'static str = "BEGIN IMMEDIATE";

    const BEGIN_OWN: &'static str = Self::BEGIN;

    const HAS_CLOCK: bool = false;

    const STAMPS: bool = false;

    type Disposal = Batches;

    const MIGRATIONS: &'static [Migration] = &[
        Migration {
            version: 1,
            name: "outbox_and_inbox",
            sql: include_str!("../migrations/sqlite/0001_outbox_and_inbox.sql"),
            outside: &[],
            oldest: 1,
        },
        Migration {
            version: 2,
            name: "sinks_and_relays",
            sql: include_str!("../migrations/sqlite/0002_sinks_and_relays.sql"),
            outside: &[],
            oldest: 1,
        },
        Migration {
            version: 3,
            name: "retention",
            sql: include_str!("../migrations/sqlite/0003_retention.sql"),
            outside: &[],
            oldest: 1,
        },
        Migration {
            version: 4,
            name: "consumers",
            sql: include_str!("../migrations/sqlite/0004_consumers.sql"),
            outside: &[],
            oldest: 1,
        },
    ];

    const SCRIPT: (&'static str, &'static str) = (statement!("sqlite", migrate_script), "\nCOMMIT;\n");

    fn recorded(migration: &Migration) -> String {
        let (version, name) = (migration.version, migration.name);
        let now = "CAST(unixepoch('subsec') * 1000000 AS INTEGER)";
        format!("INSERT INTO event_migration (version, name, applied_at) VALUES ({version}, '{name}', {now});")
    }

    async fn not_begun(pool: &Pool<Self>, error: sqlx::Error) -> sqlx::Error {
        busy::explained(pool, error).await
    }

    async fn migrate(pool: &Pool<Self>) -> Result<usize, sqlx::Error> {
        let mut transaction = match pool.begin_with(Self::BEGIN).await {
            Ok(transaction) => transaction,
            Err(error) => return Err(Self::not_begun(pool, error).await),
        };
        sqlx::query(statement!("sqlite", migrate_create)).execute(&mut *transaction).await?;
        let found = sqlx::query(statement!("sqlite", migrate_version)).fetch_one(&mut *transaction).await?;
        let found = found.try_get::<Option<i64>, _>(0)?.unwrap_or(0);
        let known = Self::MIGRATIONS.last().map_or(0, |migration| migration.version);
        if found > known {
            return Err(sqlx::Error::Configuration(Box::new(TooNew { found, known })));
        }
        let mut applied = 0;
        for migration in Self::MIGRATIONS.iter().filter(|migration| migration.version > found) {
            apply(&mut transaction, migration).await?;
            applied += 1;
        }
        transaction.commit().await?;
        Ok(applied)
    }

    async fn insert(connection: &mut SqliteConnection, rows: &[OutboxRow<'_>]) -> Result<(), EnqueueError> {
        insert::insert(connection, rows).await
    }

    async fn commit(transaction: sqlx::Transaction<'_, Self>, _: Vec<EventId>) -> Result<(), sqlx::Error> {
        transaction.commit().await
    }
}

async fn apply(connection: &mut SqliteConnection, migration: &Migration) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(migration.sql).execute(&mut *connection).await?;
    sqlx::query(statement!("sqlite", migrate_record))
        .bind(migration.version)
        .bind(migration.name)
        .execute(connection)
        .await
        .map(drop)
}

/// A writer is the only one: nobody else begins the same stream.
#[allow(clippy::unused_async, reason = "other databases ask the server")]
async fn begin_mark(_: &mut SqliteConnection, _: &str, _: &Stream) -> Result<bool, StoreError> {
    Ok(false)
}

crate::dialect::advance!(Sqlite, "sqlite", advance, marks_advance);

/// Inserts a row, and tells its number.
async fn inserted(
    insert: Query<'_, Sqlite, SqliteArguments>,
    connection: &mut SqliteConnection,
) -> Result<i64, sqlx::Error> {
    insert.fetch_one(connection).await?.try_get(0)
}
