//! A transaction in which events can be enqueued.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use event_core::{Clock, EventId, SystemClock};
use sqlx::pool::PoolConnection;
use sqlx::{Connection, Pool, SqlSafeStr};

use crate::database::Database;
use crate::wake;

/// Begins a transaction in which events can be enqueued.
///
/// On SQLite it is `BEGIN IMMEDIATE`: a deferred transaction that writes later fails whenever another writer came
/// between, and no waiting helps it. On MySQL and MariaDB it is the only transaction that can enqueue, for its commit gives
/// the events their positions.
///
/// # Errors
/// When no connection is to be had. On SQLite also when other transactions hold the write lock of the file for longer than the
/// connection's `busy_timeout`, 5 seconds unless `SqliteConnectOptions` says otherwise: trying again later can help.
///
/// # Cancel safety
/// Nothing is written; a transaction that was begun is rolled back.
///
/// # Examples
/// ```no_run
/// # async fn example(pool: sqlx::SqlitePool) -> Result<(), sqlx::Error> {
/// let mut tx = event_sqlx::begin(&pool).await?;
/// sqlx::query("UPDATE orders SET paid = true WHERE id = ?1").bind("o-1").execute(&mut **tx).await?;
/// tx.commit().await?;
/// # Ok(())
/// # }
/// ```
pub async fn begin<DB: Database>(pool: &Pool<DB>) -> Result<Transaction<'static, DB>, sqlx::Error> {
    begin_by(pool, DB::BEGIN).await
}

/// Begins a transaction of a relay or a consumer.
pub(crate) async fn begin_own<DB: Database>(pool: &Pool<DB>) -> Result<Transaction<'static, DB>, sqlx::Error> {
    begin_by(pool, DB::BEGIN_OWN).await
}

async fn begin_by<DB: Database>(
    pool: &Pool<DB>,
    statement: &'static str,
) -> Result<Transaction<'static, DB>, sqlx::Error> {
    let connection = sound_connection(pool).await?;
    let inner = match sqlx::Transaction::begin(connection, Some(statement.into_sql_str())).await {
        Ok(inner) => inner,
        Err(error) => return Err(DB::not_begun(pool, error).await),
    };
    Ok(Transaction { inner, is_whole: true, enqueued: Arc::default(), clock: Arc::new(SystemClock) })
}

/// What was enqueued in a transaction.
#[derive(Debug, Default)]
pub(crate) struct Enqueued {
    any: AtomicBool,
    /// Where the commit has to know them. Those of a savepoint that was rolled back are among them.
    ids: Mutex<Vec<EventId>>,
}

impl Enqueued {
    /// The commit has something to wake relays for.
    pub(crate) fn note(&self) {
        self.any.store(true, Ordering::Release);
    }

    /// The commit has these to stamp.
    #[cfg_attr(not(feature = "mysql"), allow(dead_code, reason = "other databases stamp by themselves"))]
    pub(crate) fn note_ids(&self, ids: impl IntoIterator<Item = EventId>) {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).extend(ids);
    }

    fn take_ids(&self) -> Vec<EventId> {
        std::mem::take(&mut *self.ids.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A connection that is in no transaction. One on which somebody ended a transaction behind sqlx's back, by a raw
/// `ROLLBACK` for instance, would fail every later `begin`; it is closed, and the pool opens another.
async fn sound_connection<DB: Database>(pool: &Pool<DB>) -> Result<PoolConnection<DB>, sqlx::Error> {
    loop {
        let mut connection = pool.acquire().await?;
        if !connection.is_in_transaction() {
            return Ok(connection);
        }
        // The rollback of a transaction that was dropped may still be on its way.
        connection.ping().await?;
        if !connection.is_in_transaction() {
            return Ok(connection);
        }
        tracing::warn!("closing a connection whose transaction was ended by a raw statement");
        connection.close().await?;
    }
}

/// A transaction in which events can be enqueued. It derefs to sqlx's transaction; dropped, it is rolled back.
///
/// Helper functions take it as `&mut Transaction<'_, Sqlite>` when they enqueue, or as `&mut SqliteConnection` when
/// they don't; `&mut tx` fits both. Where sqlx wants an executor write `&mut **tx`.
#[derive(Debug)]
pub struct Transaction<'c, DB: Database> {
    inner: sqlx::Transaction<'c, DB>,
    /// It is no savepoint.
    is_whole: bool,
    enqueued: Arc<Enqueued>,
    clock: Arc<dyn Clock>,
}

impl<'c, DB: Database> Transaction<'c, DB> {
    pub(crate) fn parts(&mut self) -> (&mut DB::Connection, &Enqueued, &dyn Clock) {
        (&mut self.inner, &self.enqueued, &*self.clock)
    }

    pub(crate) fn into_inner(self) -> sqlx::Transaction<'c, DB> {
        self.inner
    }

    pub(crate) fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The connection within the transaction, which sqlx takes as an executor: `query.execute(tx.connection())`.
    pub fn connection(&mut self) -> &mut DB::Connection {
        &mut self.inner
    }

    /// Opens a savepoint: a transaction within this one, in which events can be enqueued as well.
    ///
    /// # Errors
    /// When the connection is lost.
    ///
    /// # Cancel safety
    /// A savepoint that was opened is rolled back.
    pub async fn savepoint(&mut self) -> Result<Transaction<'_, DB>, sqlx::Error> {
        let (enqueued, clock) = (Arc::clone(&self.enqueued), Arc::clone(&self.clock));
        let inner = self.inner.begin().await?;
        Ok(Transaction { inner, is_whole: false, enqueued, clock })
    }

    /// Commits, and wakes the relays of this process if events were enqueued. Of a savepoint: keeps what it wrote.
    ///
    /// On MySQL and MariaDB it waits while another transaction commits events of the same slots, for as long as
    /// `innodb_lock_wait_timeout` says.
    ///
    /// # Errors
    /// When the database refuses: nothing was written. When the connection is lost meanwhile nobody knows; what was
    /// committed is published all the same.
    ///
    /// # Cancel safety
    /// Dropping the future either commits or rolls back.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        if !self.is_whole {
            return self.inner.commit().await;
        }
        let ids = if DB::STAMPS { self.enqueued.take_ids() } else { Vec::new() };
        DB::commit(self.inner, ids).await?;
        if self.enqueued.any.load(Ordering::Acquire) {
            wake::relays();
        }
        Ok(())
    }

    /// Rolls back.
    ///
    /// # Errors
    /// When the connection is lost: the database rolls back by itself.
    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        self.inner.rollback().await
    }
}

impl<'c, DB: Database> Deref for Transaction<'c, DB> {
    type Target = sqlx::Transaction<'c, DB>;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl<DB: Database> DerefMut for Transaction<'_, DB> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.inner
    }
}
