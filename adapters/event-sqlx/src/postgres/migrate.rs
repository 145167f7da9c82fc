//! Our tables, a transaction for each migration that is missing.

use std::time::Duration;

use sqlx::postgres::PgConnection;
use sqlx::{Connection, PgPool, Row};

use super::retention::is_in_use;
use crate::database::{Database, Migration};
use crate::dialect::statement;
use crate::migrate::{MigrateError, TooNew, applied};

#[cfg(test)]
mod tests;

/// How long to leave a table alone whose lock was not got, and how often to come back.
const PAUSE: Duration = Duration::from_secs(1);
const TRIES: u32 = 60;

/// How soon to look again whether another process has done its migration.
const LOOK: Duration = Duration::from_millis(50);

/// Creates or updates the tables of outbox and inbox in `schema`, which is made unless it is there.
///
/// [`migrate`](crate::migrate()) makes them in the first schema of the search_path. Everything else finds them along the
/// search_path, so put `schema` on it: `ALTER ROLE app SET search_path = public, events`, or in the pool's options
/// `PgConnectOptions::options([("search_path", "public,events")])`.
///
/// It never waits for long in front of a table that is in use, and so holds up no writer: it gives up after two seconds
/// and comes back, for some minutes.
///
/// # Errors
/// When the database can't be reached, the role may not create the schema, the tables stay in use, or a newer release has
/// made tables that this one can't work with.
///
/// # Cancel safety
/// Each migration is applied wholly or not at all.
///
/// # Examples
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let pool = sqlx::PgPool::connect("postgres://localhost/orders").await?;
/// event_sqlx::migrate_in(&pool, "events").await?;
/// # Ok(())
/// # }
/// ```
pub async fn migrate_in(pool: &PgPool, schema: &str) -> Result<(), MigrateError> {
    applied(migrate(pool, Some(schema)).await)
}

pub(super) async fn migrate(pool: &PgPool, schema: Option<&str>) -> Result<usize, sqlx::Error> {
    run(pool, schema, sqlx::Postgres::MIGRATIONS).await
}

/// What became of a look at what is missing.
enum Step {
    /// Nothing is missing.
    Done,
    /// A migration was applied; there may be more.
    Applied,
    /// Another process migrates.
    Busy,
}

async fn run(pool: &PgPool, schema: Option<&str>, migrations: &[Migration]) -> Result<usize, sqlx::Error> {
    let (mut applied, mut refused) = (0, 0);
    loop {
        match step(pool, schema, migrations).await {
            Ok(Step::Done) => return Ok(applied),
            Ok(Step::Applied) => applied += 1,
            Ok(Step::Busy) => tokio::time::sleep(LOOK).await,
            Err(error) if is_in_use(&error) && refused < TRIES => {
                refused += 1;
                tracing::warn!(refused, "a table is in use; the migration is tried again");
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    }
}

async fn step(pool: &PgPool, schema: Option<&str>, migrations: &[Migration]) -> Result<Step, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    enter(&mut transaction, schema, true).await?;
    if !locked(&mut transaction, statement!("postgres", migrate_lock)).await? {
        return Ok(Step::Busy);
    }
    if !found(&mut transaction, true).await? {
        sqlx::query(statement!("postgres", migrate_create)).execute(&mut *transaction).await?;
    }
    let missing = missing(&mut transaction, migrations).await?.first();
    let Some(migration) = missing else {
        transaction.commit().await?;
        return Ok(Step::Done);
    };
    if migration.outside.is_empty() {
        apply(&mut transaction, migration).await?;
        transaction.commit().await?;
        return Ok(Step::Applied);
    }
    transaction.commit().await?;
    drop(connection);
    apart(pool, schema, migrations, migration.version).await
}

/// A migration with statements that must run outside of a transaction: on a connection of its own, whose end frees the
/// lock and undoes its settings.
async fn apart(
    pool: &PgPool,
    schema: Option<&str>,
    migrations: &[Migration],
    version: i64,
) -> Result<Step, sqlx::Error> {
    let mut connection = pool.acquire().await?.detach();
    enter(&mut connection, schema, false).await?;
    if !locked(&mut connection, statement!("postgres", migrate_lock_session)).await? {
        return Ok(Step::Busy);
    }
    found(&mut connection, false).await?;
    // Another process may have done it before the lock was got.
    let missing = missing(&mut connection, migrations).await?.first();
    if let Some(migration) = missing.filter(|migration| migration.version == version) {
        for &statement in migration.outside {
            sqlx::raw_sql(statement).execute(&mut connection).await?;
        }
        let mut transaction = connection.begin().await?;
        apply(&mut transaction, migration).await?;
        transaction.commit().await?;
    }
    connection.close().await?;
    Ok(Step::Applied)
}

/// Puts the schema first, for the transaction or for the session.
async fn enter(connection: &mut PgConnection, schema: Option<&str>, locally: bool) -> Result<(), sqlx::Error> {
    let Some(schema) = schema else { return Ok(()) };
    let name = sqlx::query(statement!("postgres", migrate_schema_name)).bind(schema).bind(locally);
    name.execute(&mut *connection).await?;
    if locally {
        sqlx::raw_sql(statement!("postgres", migrate_schema)).execute(connection).await.map(drop)
    } else {
        sqlx::query(statement!("postgres", migrate_schema_session)).execute(connection).await.map(drop)
    }
}

/// Whether our tables are somewhere along the search_path; their schema is put first then. A role that may not create
/// anything finds in this way that nothing is to be done.
async fn found(connection: &mut PgConnection, locally: bool) -> Result<bool, sqlx::Error> {
    let found = sqlx::query(statement!("postgres", migrate_found)).bind(locally).fetch_optional(connection).await?;
    Ok(found.is_some())
}

async fn locked(connection: &mut PgConnection, statement: &'static str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(statement).fetch_one(connection).await
}

async fn apply(connection: &mut PgConnection, migration: &Migration) -> Result<(), sqlx::Error> {
    sqlx::query(statement!("postgres", migrate_patience)).execute(&mut *connection).await?;
    sqlx::raw_sql(migration.sql).execute(&mut *connection).await?;
    sqlx::query(statement!("postgres", migrate_record))
        .bind(migration.version)
        .bind(migration.name)
        .bind(migration.oldest)
        .execute(connection)
        .await
        .map(drop)
}

/// What is to be applied. Tables of a newer release are left alone as long as this one works with them: then two builds of
/// a service run side by side.
async fn missing<'m>(
    connection: &mut PgConnection,
    migrations: &'m [Migration],
) -> Result<&'m [Migration], sqlx::Error> {
    let row = sqlx::query(statement!("postgres", migrate_version)).fetch_one(connection).await?;
    let found = row.try_get::<Option<i64>, _>("version")?.unwrap_or(0);
    let oldest = row.try_get::<Option<i64>, _>("oldest")?.unwrap_or(0);
    let known = migrations.last().map_or(0, |migration| migration.version);
    if oldest > known {
        return Err(sqlx::Error::Configuration(Box::new(TooNew { found, known })));
    }
    let first = migrations.iter().position(|migration| migration.version > found);
    Ok(first.and_then(|first| migrations.get(first..)).unwrap_or_default())
}
