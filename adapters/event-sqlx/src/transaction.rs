//! A transaction in which events can be enqueued.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use event_core::{Clock, SystemClock};
use sqlx::pool::PoolConnection;
use sqlx::{Connection, Pool, SqlSafeStr};

use crate::database::Database;
use crate::wake;

/// Begins a transaction in which events can be enqueued.
///
/// On SQLite it is `BEGIN IMMEDIATE`: a deferred transaction that writes later fails whenever another writer came
/// between, and no waiting helps it.
///
/// # Errors
/// When no connection is to be had, or another writer keeps the database locked for longer than its `busy_timeout`.
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
    let connection = sound_connection(pool).await?;
    let inner = sqlx::Transaction::begin(connection, Some(DB::BEGIN.into_sql_str())).await?;
    Ok(Transaction { inner, enqueued: Arc::default(), clock: Arc::new(SystemClock) })
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
    enqueued: Arc<AtomicBool>,
    clock: Arc<dyn Clock>,
}

impl<'c, DB: Database> Transaction<'c, DB> {
    pub(crate) fn parts(&mut self) -> (&mut DB::Connection, &AtomicBool, &dyn Clock) {
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
        Ok(Transaction { inner, enqueued, clock })
    }

    /// Commits, and wakes the relays of this process if events were enqueued.
    ///
    /// # Errors
    /// When the database refuses: nothing was written. When the connection is lost meanwhile nobody knows; what was
    /// committed is published all the same.
    ///
    /// # Cancel safety
    /// Dropping the future either commits or rolls back.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.inner.commit().await?;
        if self.enqueued.load(Ordering::Acquire) {
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
