//! One check on one database.

use event_sqlx::migration_script;
use sqlx::mysql::MySqlDatabaseError;
use sqlx::{MySql, MySqlPool, Row, SqlitePool};

use super::checks::{Check, Needs};
use super::{Finding, Level, Options};
use crate::connection::{Database, unreadable};
use crate::error::CannotRun;
use crate::lag;

/// What a check found: messages and mends.
type Rows = Vec<(String, String)>;

/// Looks; what the account has no right to see is told in a note.
pub(super) async fn at(database: &Database, check: &Check, options: &Options) -> Result<Vec<Finding>, CannotRun> {
    let rows = match database {
        Database::Postgres(pool) if check.needs == Needs::Full => {
            sqlx::query_as(check.sql).bind(options.full).fetch_all(pool).await
        }
        Database::Postgres(pool) => sqlx::query_as(check.sql).fetch_all(pool).await,
        Database::Sqlite(pool) => at_sqlite(pool, check, options).await,
        Database::MySql(pool) => {
            let lags = if check.needs == Needs::Lags { lag::read(database, 1).await? } else { Vec::new() };
            at_mysql(pool, check, options, &lags).await
        }
    };
    match rows {
        Ok(rows) => Ok(rows.into_iter().map(|row| found(check, check.level, row)).collect()),
        Err(error) if lacks_a_privilege(&error) => Ok(vec![found(check, Level::Note, unseen())]),
        Err(error) => {
            let CannotRun { message, help } = unreadable(&error);
            Err(CannotRun::new(format!("`{}`: {message}", check.id), help))
        }
    }
}

async fn at_sqlite(pool: &SqlitePool, check: &Check, options: &Options) -> Result<Rows, sqlx::Error> {
    let query = sqlx::query_as(check.sql);
    match check.needs {
        Needs::Full => match query.bind(options.full).fetch_all(pool).await {
            Err(error) if is_damage(&error) => Ok(vec![damaged(pool)]),
            rows => rows,
        },
        Needs::WalSize => query.bind(wal_size(pool)).fetch_all(pool).await,
        _ => query.fetch_all(pool).await,
    }
}

async fn at_mysql(pool: &MySqlPool, check: &Check, options: &Options, lags: &[lag::Lag]) -> Result<Rows, sqlx::Error> {
    let query = sqlx::query(check.sql);
    let query = match check.needs {
        Needs::Full => query.bind(options.full),
        Needs::Idle => query.bind(options.idle),
        Needs::Script => query.bind(migration_script::<MySql>(0)),
        Needs::Lags => query.bind(serde_json::json!(lags).to_string()),
        Needs::Nothing | Needs::WalSize => query,
    };
    let rows = query.fetch_all(pool).await?;
    // Texts with something of the server's catalog in them are bytes to some versions.
    rows.iter().map(|row| Ok((row.try_get_unchecked(0)?, row.try_get_unchecked(1)?))).collect()
}

fn found(check: &Check, level: Level, (message, mend): (String, String)) -> Finding {
    Finding { id: check.id, level, message, mend }
}

fn unseen() -> (String, String) {
    let message = "this account may not see the transactions of others, so this was not looked at";
    (message.to_owned(), "GRANT PROCESS ON *.* TO …; -- the account of event-ops".to_owned())
}

/// MySQL and MariaDB: the privilege that a table of the server's own asks for.
fn lacks_a_privilege(error: &sqlx::Error) -> bool {
    let number = |error: &dyn sqlx::error::DatabaseError| {
        error.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number)
    };
    error.as_database_error().and_then(number) == Some(1227)
}

/// SQLite gave up looking: the damage is where it has to pass.
fn is_damage(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "11")
}

fn damaged(pool: &SqlitePool) -> (String, String) {
    let file = pool.connect_options().get_filename().display().to_string().replace('\'', r"'\''");
    let message = "the file is damaged: not even the look at it came to its end";
    (message.to_owned(), format!("sqlite3 '{file}' .recover > recovered.sql # into a new file"))
}

/// The bytes of the write-ahead log beside the file; none for a database in memory.
fn wal_size(pool: &SqlitePool) -> i64 {
    let mut file = pool.connect_options().get_filename().as_os_str().to_owned();
    file.push("-wal");
    std::fs::metadata(file).map_or(0, |found| i64::try_from(found.len()).unwrap_or(i64::MAX))
}
