//! What differs between databases.

use std::fmt;
use std::future::Future;

use event_core::{EnqueueError, EventId, OutboxRow};
use sqlx::Database as SqlxDatabase;

/// A database that this crate supports: `sqlx::Postgres`, `sqlx::MySql` (MariaDB as well) and `sqlx::Sqlite`. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no outbox",
    note = "`event-sqlx` supports `sqlx::Postgres` with its feature `postgres`, `sqlx::MySql` with `mysql` and `sqlx::Sqlite` with `sqlite`"
)]
pub trait Database: SqlxDatabase + sealed::Sealed {
    /// How a transaction begins that can enqueue events.
    #[doc(hidden)]
    const BEGIN: &'static str;

    /// How a transaction of relays and consumers begins.
    #[doc(hidden)]
    const BEGIN_OWN: &'static str;

    /// What it means that a transaction could not begin.
    #[doc(hidden)]
    fn not_begun(_: &sqlx::Pool<Self>, error: sqlx::Error) -> impl Future<Output = sqlx::Error> + Send {
        std::future::ready(error)
    }

    /// Whether leases run on a clock of the database.
    #[doc(hidden)]
    const HAS_CLOCK: bool;

    /// How old events go: by partitions, or in batches.
    #[doc(hidden)]
    type Disposal: Default + Clone + fmt::Debug + Send + Sync + 'static;

    /// The migrations, the oldest first.
    #[doc(hidden)]
    const MIGRATIONS: &'static [Migration];

    /// The opening of a script of migrations (what it is, and the table that records them), and its end.
    #[doc(hidden)]
    const SCRIPT: (&'static str, &'static str);

    /// The statement by which a script records that a migration was applied.
    #[doc(hidden)]
    fn recorded(migration: &Migration) -> String;

    /// Applies the migrations that are missing, and tells how many there were.
    #[doc(hidden)]
    fn migrate(pool: &sqlx::Pool<Self>) -> impl Future<Output = Result<usize, sqlx::Error>> + Send;

    /// Inserts rows into the outbox, all or none.
    #[doc(hidden)]
    fn insert(
        connection: &mut Self::Connection,
        rows: &[OutboxRow<'_>],
    ) -> impl Future<Output = Result<(), EnqueueError>> + Send;

    /// Whether the commit has to know which events it commits.
    #[doc(hidden)]
    const STAMPS: bool;

    /// Commits a whole transaction, in which these were enqueued.
    #[doc(hidden)]
    fn commit(
        transaction: sqlx::Transaction<'_, Self>,
        ids: Vec<EventId>,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

/// One step of the schema of our own tables.
#[doc(hidden)]
#[derive(Debug)]
pub struct Migration {
    pub(crate) version: i64,
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
    /// What has to run before it and outside of a transaction, such as `CREATE INDEX CONCURRENTLY`: one statement each. All
    /// of them run again when one has failed, so an index is dropped, if it exists, before it is made.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "the others need no such statements"))]
    pub(crate) outside: &'static [&'static str],
    /// The oldest version whose releases work with the tables as this migration leaves them.
    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql")),
        allow(dead_code, reason = "a file of SQLite serves one build at a time")
    )]
    pub(crate) oldest: i64,
}

pub(crate) mod sealed {
    pub trait Sealed {}
}
