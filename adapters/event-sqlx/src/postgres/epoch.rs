//! The name of the outbox. A database that was restored or failed over begins a new epoch: positions may be used again
//! that consumers have seen, so no stream goes on.

use event_core::Source;
use event_core::runtime::StoreError;
use sqlx::Postgres;

use super::row::get;
use crate::dialect::statement;
use crate::store::{Store, error};
use crate::transaction::begin;

/// What the outbox is called, and since when.
pub(super) struct Identity {
    pub(super) source: Source,
    pub(super) epoch: i64,
}

impl Store<Postgres> {
    /// The identity of the outbox; begins a new epoch if the database is no longer the one that it was.
    pub(super) async fn identity(&self) -> Result<Identity, StoreError> {
        let (identity, known) = self.read_identity().await?;
        if known {
            return Ok(identity);
        }
        self.begin_epoch().await?;
        let (identity, _) = self.read_identity().await?;
        tracing::warn!(source = %identity.source, "the database was restored or failed over; a new epoch of the outbox begins");
        Ok(identity)
    }

    async fn read_identity(&self) -> Result<(Identity, bool), StoreError> {
        let row = sqlx::query(statement!("postgres", outbox_identity)).fetch_one(&self.pool).await;
        let row = row.map_err(|source| error("read the name of the outbox", source))?;
        let (id, epoch): (String, i64) = (get(&row, "id")?, get(&row, "epoch")?);
        Ok((Identity { source: self.named(&id, epoch), epoch }, get(&row, "known")?))
    }

    async fn begin_epoch(&self) -> Result<(), StoreError> {
        let failed = |source| error("begin a new epoch", source);
        let mut transaction = begin(&self.pool).await.map_err(failed)?;
        let begun = sqlx::query(statement!("postgres", outbox_epoch)).execute(&mut **transaction).await;
        if begun.map_err(failed)?.rows_affected() > 0 {
            let slots = sqlx::query(statement!("postgres", outbox_epoch_slots)).execute(&mut **transaction);
            slots.await.map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)
    }
}
