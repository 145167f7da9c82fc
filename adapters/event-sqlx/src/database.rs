//! What differs between databases.

use std::future::Future;

use event_core::{EnqueueError, OutboxRow};
use sqlx::Database as SqlxDatabase;

/// A database that this crate supports: `sqlx::Sqlite` so far. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no outbox",
    note = "`event-sqlx` supports `sqlx::Sqlite` with its feature `sqlite`"
)]
pub trait Database: SqlxDatabase + sealed::Sealed {
    /// How a transaction begins that can enqueue events.
    #[doc(hidden)]
    const BEGIN: &'static str;

    /// The migrations, the oldest first.
    #[doc(hidden)]
    const MIGRATIONS: &'static [Migration];

    /// Applies the migrations that are missing, and tells how many there were.
    #[doc(hidden)]
    fn migrate(pool: &sqlx::Pool<Self>) -> impl Future<Output = Result<usize, sqlx::Error>> + Send;

    /// Inserts one row into the outbox.
    #[doc(hidden)]
    fn insert(
        connection: &mut Self::Connection,
        row: &OutboxRow<'_>,
    ) -> impl Future<Output = Result<(), EnqueueError>> + Send;
}

/// One step of the schema of our own tables.
#[doc(hidden)]
#[derive(Debug)]
pub struct Migration {
    pub(crate) version: i64,
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

pub(crate) mod sealed {
    pub trait Sealed {}
}
