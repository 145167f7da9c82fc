//! The name of an outbox that is a server's. A database that was restored or failed over begins a new epoch: positions may be
//! used again that consumers have seen, so no stream goes on.

use event_core::Source;

/// What the outbox is called, and since when.
pub(crate) struct Identity {
    pub(crate) source: Source,
    pub(crate) epoch: i64,
}

/// The same steps over the statements of one database. `$check` says whether a new epoch may begin here.
macro_rules! epoch {
    ($db:ty, $folder:literal, $check:path) => {
        use event_core::runtime::StoreError;

        use super::row::get;
        use crate::dialect::{Identity, statement};
        use crate::store::{Store, error};
        use crate::transaction::begin_own;

        impl Store<$db> {
            /// The identity of the outbox; begins a new epoch if the database is no longer the one that it was.
            pub(super) async fn identity(&self) -> Result<Identity, StoreError> {
                let (identity, known) = self.read_identity().await?;
                if known {
                    return Ok(identity);
                }
                self.begin_epoch(identity.epoch).await?;
                let (identity, _) = self.read_identity().await?;
                let source = &identity.source;
                tracing::warn!(%source, "the database was restored or failed over; a new epoch of the outbox begins");
                Ok(identity)
            }

            async fn read_identity(&self) -> Result<(Identity, bool), StoreError> {
                let row = sqlx::query(statement!($folder, outbox_identity)).fetch_one(&self.pool).await;
                let row = row.map_err(|source| error("read the name of the outbox", source))?;
                let (id, epoch): (String, i64) = (get(&row, "id")?, get(&row, "epoch")?);
                Ok((Identity { source: self.named(&id, epoch), epoch }, get(&row, "known")?))
            }

            /// Begins the epoch after `last`, unless another relay has just done so.
            async fn begin_epoch(&self, last: i64) -> Result<(), StoreError> {
                let failed = |source| error("begin a new epoch", source);
                let mut transaction = begin_own(&self.pool).await.map_err(failed)?;
                $check(&mut transaction).await.map_err(failed)?;
                let begun = sqlx::query(statement!($folder, outbox_epoch)).bind(last).execute(&mut **transaction).await;
                if begun.map_err(failed)?.rows_affected() > 0 {
                    let slots = sqlx::query(statement!($folder, outbox_epoch_slots)).execute(&mut **transaction);
                    slots.await.map_err(failed)?;
                }
                transaction.commit().await.map_err(failed)
            }
        }
    };
}
pub(crate) use epoch;
