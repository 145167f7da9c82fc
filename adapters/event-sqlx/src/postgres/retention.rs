//! How long events are kept: partitions that every sink has passed and that are old enough are dropped, the oldest first.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use event_core::runtime::StoreError;
use sqlx::postgres::PgArguments;
use sqlx::query::QueryScalar;
use sqlx::{PgPool, Postgres};

use crate::dialect::statement;
use crate::retention::Retention;
use crate::store::{Store, error};

/// Events go by partition: what happens to one before it goes, and whether it is only detached.
#[derive(Clone, Default)]
pub struct Partitions {
    detach: bool,
    archive: Option<Arc<dyn Hook>>,
}

impl Retention<Postgres> {
    /// Calls `archive` with each partition before it goes. While it fails the partition stays.
    #[must_use]
    pub fn archive(mut self, archive: impl Archive) -> Self {
        self.disposal.archive = Some(Arc::new(archive));
        self
    }

    /// Detaches partitions in place of dropping them: a table of the same name is left, for `pg_dump` and a `DROP TABLE` of
    /// yours.
    #[must_use]
    pub fn detach(mut self) -> Self {
        self.disposal.detach = true;
        self
    }
}

impl fmt::Debug for Partitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let archive = self.archive.is_some();
        f.debug_struct("Partitions").field("detach", &self.detach).field("archive", &archive).finish()
    }
}

/// Keeps the events of a partition elsewhere before it is dropped: a file, an object store, a warehouse.
#[diagnostic::on_unimplemented(
    message = "`{Self}` archives no partitions",
    note = "write `impl Archive for {Self} {{ async fn archive(&self, partition: &str, pool: &PgPool) -> Result<(), BoxError> {{ … }} }}`"
)]
pub trait Archive: Send + Sync + 'static {
    /// Copies the table `partition`, whose name needs no quotes and is found along the pool's search_path. Every sink has
    /// passed it, and nobody writes to it any more. It may be called again for the same partition: when the process
    /// ends before the partition is gone, or somebody still works with it.
    ///
    /// # Errors
    /// When the copy isn't safe: the partition stays, and the archive is called again later.
    ///
    /// # Cancel safety
    /// It may be dropped when the relay is stopped.
    fn archive(
        &self,
        partition: &str,
        pool: &PgPool,
    ) -> impl Future<Output = Result<(), Box<dyn std::error::Error + Send + Sync>>> + Send;
}

type Archiving<'a> = Pin<Box<dyn Future<Output = Result<(), Box<dyn std::error::Error + Send + Sync>>> + Send + 'a>>;

/// [`Archive`], for any of them.
trait Hook: Send + Sync {
    fn call<'a>(&'a self, partition: &'a str, pool: &'a PgPool) -> Archiving<'a>;
}

impl<A: Archive> Hook for A {
    fn call<'a>(&'a self, partition: &'a str, pool: &'a PgPool) -> Archiving<'a> {
        Box::pin(self.archive(partition, pool))
    }
}

impl Store<Postgres> {
    /// Drops what is old enough and what nobody needs, the oldest partition first, until one has to stay.
    pub(super) async fn retain(&self) -> Result<(), StoreError> {
        let Some(age) = self.retention.keep else { return Ok(()) };
        for (partition, held) in self.aged(age).await? {
            if !self.let_go(&partition, held).await? {
                break;
            }
        }
        self.drop_log().await
    }

    /// The partitions that are older than `age`, the oldest first, each with what holds it.
    async fn aged(&self, age: Duration) -> Result<Vec<(String, Option<String>)>, StoreError> {
        let seconds = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
        let aged = sqlx::query_as(statement!("postgres", retention_aged)).bind(seconds).bind(self.lease_time());
        aged.fetch_all(&self.pool).await.map_err(|source| error("read which partitions are old", source))
    }

    /// Archives and drops one partition; tells whether it is gone.
    async fn let_go(&self, partition: &str, held: Option<String>) -> Result<bool, StoreError> {
        if let Some(reason) = held.or(self.unstamped(partition).await?) {
            tracing::info!(partition, reason, "a partition of the outbox is kept");
            return Ok(false);
        }
        if let Some(archive) = &self.retention.disposal.archive {
            let archived = archive.call(partition, &self.pool).await;
            archived.map_err(|source| StoreError::transient("archive a partition of the outbox", source))?;
        }
        let dropped = sqlx::query_scalar(statement!("postgres", retention_drop))
            .bind(partition)
            .bind(self.retention.disposal.detach);
        match self.alone(dropped).await {
            Ok(None) => {
                tracing::info!(partition, "dropped a partition of the outbox");
                Ok(true)
            }
            Ok(Some(reason)) => {
                tracing::info!(partition, reason, "a partition of the outbox is kept");
                Ok(false)
            }
            Err(source) if is_in_use(&source) => {
                tracing::info!(partition, "a partition of the outbox is in use; it is dropped later");
                Ok(false)
            }
            Err(source) => Err(error("drop a partition of the outbox", source)),
        }
    }

    /// Reads the whole partition, so it is asked last.
    async fn unstamped(&self, partition: &str) -> Result<Option<String>, StoreError> {
        let unstamped = sqlx::query_scalar(statement!("postgres", retention_unstamped)).bind(partition);
        let unstamped: bool =
            unstamped.fetch_one(&self.pool).await.map_err(|source| error("read a partition", source))?;
        Ok(unstamped.then(|| "it has events without a place in the log; run `event-ops doctor --full`".to_owned()))
    }

    /// Asks in a transaction that sees what is committed while it waits for a lock, whatever the database's default is.
    async fn alone(
        &self,
        query: QueryScalar<'_, Postgres, Option<String>, PgArguments>,
    ) -> Result<Option<String>, sqlx::Error> {
        let mut transaction = self.pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
        let answer = query.fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(answer)
    }

    async fn drop_log(&self) -> Result<(), StoreError> {
        let failed = |source| error("drop a partition of the log", source);
        let parts: Vec<String> =
            sqlx::query_scalar(statement!("postgres", retention_log)).fetch_all(&self.pool).await.map_err(failed)?;
        for part in parts {
            let dropped = sqlx::query_scalar(statement!("postgres", retention_log_drop)).bind(&part);
            match self.alone(dropped).await {
                Ok(None) => tracing::info!(part, "dropped a partition of the log"),
                Ok(_) => break,
                Err(source) if is_in_use(&source) => break,
                Err(source) => return Err(failed(source)),
            }
        }
        Ok(())
    }
}

/// A lock was not got in time.
pub(super) fn is_in_use(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "55P03")
}
