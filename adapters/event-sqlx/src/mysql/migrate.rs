//! Our tables. Neither MariaDB nor MySQL takes back a statement that makes a table, so each is one that can be run again, and a
//! migration counts once all of it is done.

use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, MySqlPool, Row};

use super::statements::statements;
use super::writers;
use crate::database::{Database, Migration};
use crate::dialect::statement;
use crate::migrate::TooNew;

pub(super) async fn migrate(pool: &MySqlPool) -> Result<usize, sqlx::Error> {
    // A connection of its own: its end frees the lock.
    let mut connection = pool.acquire().await?.detach();
    writers::check(&mut connection).await?;
    if is_found(&mut connection).await? && missing(&mut connection).await?.is_empty() {
        return Ok(0);
    }
    let locked: Option<i64> = sqlx::query_scalar(statement!("mysql", migrate_lock)).fetch_one(&mut connection).await?;
    if locked != Some(1) {
        return Err(sqlx::Error::Configuration(Box::new(Busy)));
    }
    let applied = apply_missing(&mut connection).await;
    sqlx::query(statement!("mysql", migrate_unlock)).execute(&mut connection).await?;
    applied
}

/// Another process migrates and doesn't come to its end.
#[derive(Debug, thiserror::Error)]
#[error("another process has been migrating for a minute; see SHOW PROCESSLIST")]
struct Busy;

async fn apply_missing(connection: &mut MySqlConnection) -> Result<usize, sqlx::Error> {
    if !is_found(connection).await? {
        sqlx::raw_sql(statement!("mysql", migrate_create)).execute(&mut *connection).await?;
    }
    let missing = missing(connection).await?;
    for migration in missing {
        apply(connection, migration).await?;
    }
    Ok(missing.len())
}

async fn is_found(connection: &mut MySqlConnection) -> Result<bool, sqlx::Error> {
    let found: i64 = sqlx::query_scalar(statement!("mysql", migrate_found)).fetch_one(connection).await?;
    Ok(found > 0)
}

async fn apply(connection: &mut MySqlConnection, migration: &Migration) -> Result<(), sqlx::Error> {
    for statement in statements(migration.sql) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut *connection).await?;
    }
    sqlx::query(statement!("mysql", migrate_record))
        .bind(migration.version)
        .bind(migration.name)
        .bind(migration.oldest)
        .execute(connection)
        .await
        .map(drop)
}

/// What is to be applied. Tables of a newer release are left alone as long as this one works with them.
async fn missing(connection: &mut MySqlConnection) -> Result<&'static [Migration], sqlx::Error> {
    let row = sqlx::query(statement!("mysql", migrate_version)).fetch_one(connection).await?;
    let found = row.try_get::<Option<i64>, _>("version")?.unwrap_or(0);
    let oldest = row.try_get::<Option<i64>, _>("oldest")?.unwrap_or(0);
    let migrations = sqlx::MySql::MIGRATIONS;
    let known = migrations.last().map_or(0, |migration| migration.version);
    if oldest > known {
        return Err(sqlx::Error::Configuration(Box::new(TooNew { found, known })));
    }
    let first = migrations.iter().position(|migration| migration.version > found);
    Ok(first.and_then(|first| migrations.get(first..)).unwrap_or_default())
}
