//! The store of relay and consumer: a pool, and what the outbox is called on the wire.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use event_core::runtime::StoreError;
use event_core::{Clock, Sink, Source, SystemClock};
use sqlx::Pool;
use tokio::sync::OnceCell;

use crate::database::Database;
use crate::dialect::Time;
use crate::retention::Retention;

/// A database as the store of relays and consumers. Clones share the pool.
///
/// ```no_run
/// # async fn example(pool: sqlx::SqlitePool) -> Result<(), Box<dyn std::error::Error>> {
/// use event_core::Relay;
///
/// event_sqlx::migrate(&pool).await?;
/// let store = event_sqlx::Store::new(pool);
/// let (transport, subscription) = event_core::in_process();
/// let shutdown = tokio_util::sync::CancellationToken::new();
/// let relay = tokio::spawn(Relay::new(store.clone(), transport).run(shutdown.clone()));
/// # drop((relay, subscription));
/// # Ok(())
/// # }
/// ```
pub struct Store<DB: Database> {
    pub(crate) pool: Pool<DB>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) source: Arc<OnceCell<Source>>,
    pub(crate) retention: Arc<Retention<DB>>,
    has_own_clock: bool,
    epochs: Arc<Mutex<HashMap<Sink, i64>>>,
}

impl<DB: Database> Store<DB> {
    /// The store in the database of `pool`, whose tables [`migrate`](crate::migrate) has made.
    #[must_use]
    pub fn new(pool: Pool<DB>) -> Self {
        Self {
            pool,
            clock: Arc::new(SystemClock),
            source: Arc::default(),
            retention: Arc::default(),
            has_own_clock: false,
            epochs: Arc::default(),
        }
    }

    /// What the outbox is called on the wire: CloudEvents' `source`. It must be unique among all producers and stay the
    /// same, for consumers keep their marks under it. Unless set it is made of an id that the migration has drawn.
    #[must_use]
    pub fn source(mut self, source: Source) -> Self {
        self.source = Arc::new(OnceCell::new_with(Some(source)));
        self
    }

    /// Uses another clock for leases and retries: tests move it by hand. Unless set leases run on the clock of a database
    /// that has one, so relays on several hosts agree.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self.has_own_clock = true;
        self
    }

    /// How long events are kept; unless set, for ever. Every relay of this database should have the same.
    #[must_use]
    pub fn retention(mut self, retention: Retention<DB>) -> Self {
        self.retention = Arc::new(retention);
        self
    }

    /// The pool.
    #[must_use]
    pub fn pool(&self) -> &Pool<DB> {
        &self.pool
    }

    /// The time for leases; `None` where the database's own clock counts.
    pub(crate) fn lease_time(&self) -> Option<Time> {
        (self.has_own_clock || !DB::HAS_CLOCK).then(|| Time(self.clock.now()))
    }
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
impl<DB: Database> Store<DB> {
    /// The name that the store was given, with its epoch from the second one on, else one of the id.
    pub(crate) fn named(&self, id: &str, epoch: i64) -> Source {
        let Some(given) = self.source.get() else { return Source::from(format!("/outbox/{id}?epoch={epoch}")) };
        if epoch <= 1 {
            return given.clone();
        }
        let separator = if given.as_str().contains('?') { '&' } else { '?' };
        Source::from(format!("{given}{separator}epoch={epoch}"))
    }

    /// Remembers under which epoch a relay of `sink` knows the outbox: it reads nothing of another one.
    pub(crate) fn remember_epoch(&self, sink: &Sink, epoch: i64) {
        self.epochs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(sink.clone(), epoch);
    }

    pub(crate) fn epoch_of(&self, sink: &Sink) -> Option<i64> {
        self.epochs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(sink).copied()
    }
}

// Not derived: that would ask for `DB: Clone`.
impl<DB: Database> Clone for Store<DB> {
    fn clone(&self) -> Self {
        Self {
            pool: self.pool.clone(),
            clock: Arc::clone(&self.clock),
            source: Arc::clone(&self.source),
            retention: Arc::clone(&self.retention),
            has_own_clock: self.has_own_clock,
            epochs: Arc::clone(&self.epochs),
        }
    }
}

impl<DB: Database> fmt::Debug for Store<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("clock", &self.clock).field("source", &self.source).finish_non_exhaustive()
    }
}

/// A failure of the database, classified: what says that the connection or a lock was lost is transient.
pub(crate) fn error(action: &'static str, source: sqlx::Error) -> StoreError {
    if is_transient(&source) {
        StoreError::transient(action, source)
    } else {
        StoreError::permanent(action, explained(source))
    }
}

/// The failure, with what to do about it where that isn't plain.
pub(crate) fn explained(source: sqlx::Error) -> Box<dyn std::error::Error + Send + Sync> {
    let number = number(&source);
    let is_denied = source.as_database_error().is_some_and(|error| error.code().as_deref() == Some("42501"));
    if is_denied || number.is_some_and(|number| MYSQL_DENIED.contains(&number)) {
        return Box::new(NoRight { source });
    }
    if lacks_procedures(&source) {
        return Box::new(NoProcedures { source });
    }
    let lacks_tables = source.as_database_error().is_some_and(|error| {
        matches!(error.code().as_deref(), Some("42P01" | "42883"))
            || error.message().starts_with("no such table: event_")
    }) || number == Some(MYSQL_ABSENT);
    if lacks_tables { Box::new(NoTables { source }) } else { Box::new(source) }
}

/// The role of this connection lacks a right.
#[derive(Debug, thiserror::Error)]
#[error("the role lacks a right; docs/guides/operating-the-outbox.md has the grants of writers, relays and consumers")]
struct NoRight {
    source: sqlx::Error,
}

/// Nobody has made our tables, or they are where the connection doesn't look.
#[derive(Debug, thiserror::Error)]
#[error(
    "the tables of the outbox are not found: call `event_sqlx::migrate(&pool)`, or on PostgreSQL put their schema on the search_path"
)]
struct NoTables {
    source: sqlx::Error,
}

/// A dump without `--routines` was restored.
#[derive(Debug, thiserror::Error)]
#[error(
    "the procedures of the outbox are not found; after a dump without `--routines` make them: event-ops migrate --print mysql | mariadb <database>"
)]
struct NoProcedures {
    source: sqlx::Error,
}

/// Whether a procedure of ours isn't there: trying again won't help.
pub(crate) fn lacks_procedures(error: &sqlx::Error) -> bool {
    number(error) == Some(1305)
        && error.as_database_error().is_some_and(|error| error.message().starts_with("PROCEDURE"))
}

fn is_transient(error: &sqlx::Error) -> bool {
    if number(error).is_some_and(|number| MYSQL_TRANSIENT.contains(&number)) || has_lost_its_savepoint(error) {
        return true;
    }
    match error {
        sqlx::Error::Database(error) => is_transient_code(&error.code().unwrap_or_default()),
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed => true,
        // The server went away in the middle of an answer.
        sqlx::Error::Protocol(_) => true,
        _ => false,
    }
}

/// A deadlock rolls back the whole transaction, and its savepoints go with it.
fn has_lost_its_savepoint(error: &sqlx::Error) -> bool {
    number(error) == Some(1305)
        && error.as_database_error().is_some_and(|error| error.message().starts_with("SAVEPOINT"))
}

/// Codes of SQLite have at most three digits, those of PostgreSQL five characters.
fn is_transient_code(code: &str) -> bool {
    SQLITE.contains(&code) || POSTGRES.iter().any(|prefix| code.len() == 5 && code.starts_with(prefix))
}

/// MySQL's and MariaDB's own number of an error, which says more than its SQLSTATE.
#[cfg(feature = "mysql")]
fn number(error: &sqlx::Error) -> Option<u16> {
    let error = error.as_database_error()?.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()?;
    Some(error.number())
}

#[cfg(not(feature = "mysql"))]
fn number(_: &sqlx::Error) -> Option<u16> {
    None
}

/// A record that has changed since the snapshot, a full disk, too many connections, memory, shutdown, a lock that was not got,
/// a deadlock, a server that takes no writes (it was not promoted yet), a killed statement, a table that was altered,
/// a statement or a transaction that took too long, a killed connection.
const MYSQL_TRANSIENT: [u16; 24] = [
    1020, 1021, 1037, 1038, 1040, 1041, 1053, 1129, 1203, 1205, 1213, 1226, 1290, 1317, 1412, 1615, 1836, 1927, 1969,
    3024, 3058, 3169, 3572, 4031,
];

/// A table, a database, a column, a program: denied to this user.
const MYSQL_DENIED: [u16; 5] = [1044, 1142, 1143, 1227, 1370];

/// A table that isn't there.
const MYSQL_ABSENT: u16 = 1146;

/// Busy, locked, and their extended forms; i/o errors; a full disk.
const SQLITE: [&str; 9] = ["5", "6", "261", "517", "773", "262", "518", "10", "13"];

/// SQLSTATE, whole or a class: connections, a plan that a migration has outdated, a standby that is not promoted yet (it
/// writes nothing, and tells no place in its log), a transaction that was open for too long,
/// serialization failures and deadlocks, resources, a lock or a statement that took too long, an operator's shutdown, i/o.
const POSTGRES: [&str; 12] =
    ["08", "0A000", "25006", "25P03", "25P04", "40", "53", "55000", "55P03", "57", "58", "XX000"];

#[cfg(test)]
mod tests {
    use super::is_transient_code;

    #[test]
    fn what_waiting_can_mend_is_transient() {
        for code in ["5", "517", "40001", "40P01", "57P01", "08006", "53300", "55P03", "25006", "55000", "25P03"] {
            assert!(is_transient_code(code), "{code}");
        }
        for code in ["", "1", "40", "42P01", "23505", "22P02", "42501"] {
            assert!(!is_transient_code(code), "{code}");
        }
    }
}
