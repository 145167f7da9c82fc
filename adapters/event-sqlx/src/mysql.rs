//! MariaDB 10.6 and later, MySQL 8.0.29 and later: the commit gives events their positions, under a named lock of the server for
//! each slot.

mod backlog;
mod commit;
mod epoch;
mod gauges;
mod inbox;
mod insert;
mod letters;
mod marks;
mod migrate;
mod outbox;
mod retention;
mod row;
mod sinks;
mod statements;
mod steps;
mod streams;
mod sweep;
mod writers;

use event_core::runtime::StoreError;
use event_core::{EnqueueError, EventId, OutboxRow, Stream};
use sqlx::mysql::MySqlArguments;
use sqlx::query::Query;
use sqlx::{MySql, MySqlConnection, Pool};

use crate::database::{Database, Migration, sealed};
use crate::dialect::statement;
use crate::retention::Batches;

impl sealed::Sealed for MySql {}

impl Database for MySql {
    const BEGIN: &'static str = "START TRANSACTION";

    /// Others' commits are seen when a lock was got, and what isn't found locks nothing: of two consumers that begin
    /// neighbouring streams neither waits for the other.
    const BEGIN_OWN: &'static str = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION";

    const HAS_CLOCK: bool = true;

    const STAMPS: bool = true;

    type Disposal = Batches;

    const MIGRATIONS: &'static [Migration] = &[
        Migration {
            version: 1,
            name: "outbox_and_inbox",
            sql: include_str!("../migrations/mysql/0001_outbox_and_inbox.sql"),
            outside: &[],
            oldest: 1,
        },
        Migration {
            version: 2,
            name: "consumers",
            sql: include_str!("../migrations/mysql/0002_consumers.sql"),
            outside: &[],
            oldest: 1,
        },
    ];

    const SCRIPT: (&'static str, &'static str) = (statement!("mysql", migrate_script), "");

    fn recorded(migration: &Migration) -> String {
        let Migration { version, name, oldest, .. } = migration;
        format!("INSERT IGNORE INTO event_migration (version, name, oldest) VALUES ({version}, '{name}', {oldest});")
    }

    async fn migrate(pool: &Pool<Self>) -> Result<usize, sqlx::Error> {
        migrate::migrate(pool).await
    }

    async fn insert(connection: &mut MySqlConnection, rows: &[OutboxRow<'_>]) -> Result<(), EnqueueError> {
        insert::insert(connection, rows).await
    }

    async fn commit(transaction: sqlx::Transaction<'_, Self>, ids: Vec<EventId>) -> Result<(), sqlx::Error> {
        commit::commit(transaction, &ids).await
    }
}

/// Makes the row of a mark, which is then locked: of two processes that begin the same stream one waits for the other.
async fn begin_mark(connection: &mut MySqlConnection, consumer: &str, stream: &Stream) -> Result<bool, StoreError> {
    sqlx::query(statement!("mysql", marks_begin))
        .bind(consumer)
        .bind(stream.source.as_str())
        .bind(i64::from(stream.slot.number()))
        .execute(connection)
        .await
        .map_err(|source| crate::store::error("begin a mark", source))?;
    Ok(true)
}

crate::dialect::advance!(MySql, "mysql", advance, marks_advance);

/// Inserts a row, and tells its number. MySQL has no `RETURNING`.
async fn inserted(
    insert: Query<'_, MySql, MySqlArguments>,
    connection: &mut MySqlConnection,
) -> Result<i64, sqlx::Error> {
    let done = insert.execute(connection).await?;
    i64::try_from(done.last_insert_id()).map_err(|error| sqlx::Error::Decode(error.into()))
}
