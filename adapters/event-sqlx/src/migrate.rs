//! Our tables, beside the user's own: embedded migrations, kept in a table of their own.

use sqlx::Pool;
use thiserror::Error;

use crate::database::Database;

/// Creates or updates the tables of outbox and inbox. Run it at every start, before or after your own migrations.
///
/// It knows what it has done by the table `event_migration`, so it doesn't meet migrations of other tools. Every name
/// of ours begins with `event_`. Several processes may run it at once.
///
/// # Errors
/// When the database can't be reached; on SQLite, when others keep the file locked for longer than `busy_timeout`. When a newer release of this crate has made tables that this one can't work with.
///
/// # Cancel safety
/// Each migration is applied wholly or not at all.
///
/// # Examples
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let pool = sqlx::SqlitePool::connect("sqlite:orders.db?mode=rwc").await?;
/// event_sqlx::migrate(&pool).await?;
/// # Ok(())
/// # }
/// ```
pub async fn migrate<DB: Database>(pool: &Pool<DB>) -> Result<(), MigrateError> {
    applied(DB::migrate(pool).await)
}

/// Says what was done.
pub(crate) fn applied(migrated: Result<usize, sqlx::Error>) -> Result<(), MigrateError> {
    let migrations = migrated.map_err(|source| MigrateError { source })?;
    if migrations > 0 {
        tracing::info!(migrations, "migrated the tables of outbox and inbox");
    }
    Ok(())
}

/// Why the tables of outbox and inbox could not be made.
#[derive(Debug, Error)]
#[error("cannot migrate the tables of outbox and inbox")]
#[non_exhaustive]
pub struct MigrateError {
    source: sqlx::Error,
}

/// The database was migrated by a newer release than this one.
#[derive(Debug, Error)]
#[error(
    "the tables are of version {found} and this release of event-sqlx knows {known}; update event-sqlx in this service"
)]
pub(crate) struct TooNew {
    pub(crate) found: i64,
    pub(crate) known: i64,
}
