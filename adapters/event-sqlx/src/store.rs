//! The store of relay and consumer: a pool, and what the outbox is called on the wire.

use std::fmt;
use std::sync::Arc;

use event_core::runtime::StoreError;
use event_core::{Clock, Source, SystemClock};
use sqlx::Pool;
use tokio::sync::OnceCell;

use crate::database::Database;

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
}

impl<DB: Database> Store<DB> {
    /// The store in the database of `pool`, whose tables [`migrate`](crate::migrate) has made.
    #[must_use]
    pub fn new(pool: Pool<DB>) -> Self {
        Self { pool, clock: Arc::new(SystemClock), source: Arc::default() }
    }

    /// What the outbox is called on the wire: CloudEvents' `source`. It must be unique among all producers and stay the
    /// same, for consumers keep their marks under it. Unless set it is made of an id that the migration has drawn.
    #[must_use]
    pub fn source(mut self, source: Source) -> Self {
        self.source = Arc::new(OnceCell::new_with(Some(source)));
        self
    }

    /// Uses another clock for leases and retries: tests move it by hand.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The pool.
    #[must_use]
    pub fn pool(&self) -> &Pool<DB> {
        &self.pool
    }
}

// Not derived: that would ask for `DB: Clone`.
impl<DB: Database> Clone for Store<DB> {
    fn clone(&self) -> Self {
        Self { pool: self.pool.clone(), clock: Arc::clone(&self.clock), source: Arc::clone(&self.source) }
    }
}

impl<DB: Database> fmt::Debug for Store<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("clock", &self.clock).field("source", &self.source).finish_non_exhaustive()
    }
}

/// A failure of the database, classified: what says that the connection or a lock was lost is transient.
pub(crate) fn error(action: &'static str, source: sqlx::Error) -> StoreError {
    if is_transient(&source) { StoreError::transient(action, source) } else { StoreError::permanent(action, source) }
}

fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => TRANSIENT_CODES.contains(&error.code().unwrap_or_default().as_ref()),
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// SQLite: busy, locked, and their extended forms; i/o errors; a full disk.
const TRANSIENT_CODES: [&str; 9] = ["5", "6", "261", "517", "773", "262", "518", "10", "13"];
