//! Our tables, one transaction for all that is missing.

use sqlx::postgres::PgConnection;
use sqlx::{Connection, PgPool, Row};

use crate::database::{Database, Migration};
use crate::dialect::statement;
use crate::migrate::{MigrateError, TooNew, applied};

/// Creates or updates the tables of outbox and inbox in `schema`, which is made unless it is there.
///
/// [`migrate`](crate::migrate()) makes them in the first schema of the search_path. Everything else finds them along the
/// search_path, so put `schema` on it: `ALTER ROLE app SET search_path = public, events`, or in the pool's options
/// `PgConnectOptions::options([("search_path", "public,events")])`.
///
/// # Errors
/// When the database can't be reached, the role may not create the schema, or a newer release has made tables that this
/// one can't work with.
///
/// # Cancel safety
/// All migrations that are missing are applied, or none.
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
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    if let Some(schema) = schema {
        sqlx::query(statement!("postgres", migrate_schema_name)).bind(schema).execute(&mut *transaction).await?;
        sqlx::raw_sql(statement!("postgres", migrate_schema)).execute(&mut *transaction).await?;
    }
    sqlx::query(statement!("postgres", migrate_lock)).execute(&mut *transaction).await?;
    sqlx::query(statement!("postgres", migrate_create)).execute(&mut *transaction).await?;
    let missing = missing(&mut transaction).await?;
    for migration in missing {
        sqlx::raw_sql(migration.sql).execute(&mut *transaction).await?;
        record(&mut transaction, migration).await?;
    }
    transaction.commit().await?;
    Ok(missing.len())
}

/// What is to be applied. Tables of a newer release are left alone as long as this one works with them: then two builds of
/// a service run side by side.
async fn missing(connection: &mut PgConnection) -> Result<&'static [Migration], sqlx::Error> {
    let row = sqlx::query(statement!("postgres", migrate_version)).fetch_one(connection).await?;
    let found = row.try_get::<Option<i64>, _>("version")?.unwrap_or(0);
    let oldest = row.try_get::<Option<i64>, _>("oldest")?.unwrap_or(0);
    let known = sqlx::Postgres::MIGRATIONS.last().map_or(0, |migration| migration.version);
    if oldest > known {
        return Err(sqlx::Error::Configuration(Box::new(TooNew { found, known })));
    }
    let first = sqlx::Postgres::MIGRATIONS.iter().position(|migration| migration.version > found);
    Ok(first.and_then(|first| sqlx::Postgres::MIGRATIONS.get(first..)).unwrap_or_default())
}

async fn record(connection: &mut PgConnection, migration: &Migration) -> Result<(), sqlx::Error> {
    sqlx::query(statement!("postgres", migrate_record))
        .bind(migration.version)
        .bind(migration.name)
        .bind(migration.oldest)
        .execute(connection)
        .await
        .map(drop)
}
