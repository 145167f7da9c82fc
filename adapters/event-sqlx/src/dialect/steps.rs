//! The relay's side, as far as it is the same.

/// The same steps over the statements of one database.
macro_rules! steps {
    ($db:ty, $folder:literal) => {
        use event_core::runtime::StoreError;
        use event_core::{Advance, Owner, RelayState, Sink};

        use super::row::relay_state;
        use crate::dialect::{json, signed, statement};
        use crate::store::{Store, error};
        use crate::transaction::begin_own;

        type Connection = <$db as sqlx::Database>::Connection;

        impl Store<$db> {
            /// The relays of a sink that show signs of life.
            pub(super) async fn relays(&self, sink: &Sink) -> Result<Vec<RelayState>, StoreError> {
                let relays = sqlx::query(statement!($folder, outbox_survey_relays)).bind(sink.as_str());
                let rows = relays.fetch_all(&self.pool).await.map_err(|source| error("survey a sink", source))?;
                rows.iter().filter_map(|row| relay_state(row).transpose()).collect()
            }

            /// Parks what an advance says, in the transaction that moves the cursor.
            pub(super) async fn park(
                &self,
                connection: &mut Connection,
                sink: &Sink,
                advance: &Advance,
            ) -> Result<(), StoreError> {
                for parked in &advance.parked {
                    sqlx::query(statement!($folder, outbox_park))
                        .bind(sink.as_str())
                        .bind(signed(parked.position.number()))
                        .bind(parked.id.as_str())
                        .bind(parked.partition_key.as_str())
                        .bind(json(&parked.errors)?)
                        .bind(self.lease_time())
                        .execute(&mut *connection)
                        .await
                        .map_err(|source| error("park an event", source))?;
                }
                Ok(())
            }

            pub(super) async fn give_all_back(&self, sink: &Sink, owner: &Owner) -> Result<(), StoreError> {
                let failed = |source| error("give slots back", source);
                let mut transaction = begin_own(&self.pool).await.map_err(failed)?;
                for statement in [statement!($folder, outbox_release), statement!($folder, outbox_release_seen)] {
                    let release = sqlx::query(statement).bind(sink.as_str()).bind(owner.as_str());
                    release.execute(&mut **transaction).await.map_err(failed)?;
                }
                transaction.commit().await.map_err(failed)
            }
        }
    };
}
pub(crate) use steps;
