//! The sinks of an outbox.

/// The same steps over the statements of one database.
macro_rules! sinks {
    ($db:ty, $folder:literal) => {
        use event_core::runtime::{Sinks, StoreError};
        use event_core::{Registration, Sink, SinkState, Start};

        use super::row::{get, timestamp, unreadable};
        use crate::dialect::statement;
        use crate::store::{Store, error};
        use crate::transaction::begin_own;

        type Connection = <$db as sqlx::Database>::Connection;
        type Row = <$db as sqlx::Database>::Row;

        impl Sinks for Store<$db> {
            async fn register(&self, sink: &Sink, registration: &Registration) -> Result<(), StoreError> {
                let failed = |source| error("register a sink", source);
                let mut transaction = begin_own(&self.pool).await.map_err(failed)?;
                sqlx::query(statement!($folder, sinks_register))
                    .bind(sink.as_str())
                    .bind(registration.filter.to_string())
                    .bind(self.lease_time())
                    .execute(&mut **transaction)
                    .await
                    .map_err(failed)?;
                sqlx::query(statement!($folder, sinks_register_slots))
                    .bind(sink.as_str())
                    .bind(registration.start == Start::Latest)
                    .execute(&mut **transaction)
                    .await
                    .map_err(failed)?;
                transaction.commit().await.map_err(failed)
            }

            async fn remove(&self, sink: &Sink) -> Result<bool, StoreError> {
                let failed = |source| error("remove a sink", source);
                let mut transaction = begin_own(&self.pool).await.map_err(failed)?;
                // The sink first, as `register` does: in another order the two could wait for each other.
                let removed =
                    delete(&mut transaction, statement!($folder, sinks_remove), sink).await.map_err(failed)?;
                for statement in [
                    statement!($folder, sinks_remove_slot),
                    statement!($folder, sinks_remove_relay),
                    statement!($folder, sinks_remove_parked),
                ] {
                    delete(&mut transaction, statement, sink).await.map_err(failed)?;
                }
                transaction.commit().await.map_err(failed)?;
                Ok(removed > 0)
            }

            async fn sinks(&self) -> Result<Vec<SinkState>, StoreError> {
                let query = sqlx::query(statement!($folder, sinks_sinks));
                let rows = query.fetch_all(&self.pool).await.map_err(|source| error("read the sinks", source))?;
                rows.iter().map(sink).collect()
            }
        }

        async fn delete(connection: &mut Connection, statement: &'static str, sink: &Sink) -> Result<u64, sqlx::Error> {
            Ok(sqlx::query(statement).bind(sink.as_str()).execute(connection).await?.rows_affected())
        }

        fn sink(row: &Row) -> Result<SinkState, StoreError> {
            let filter: String = get(row, "filter")?;
            let filter = filter.parse().map_err(|_| unreadable("filter"))?;
            Ok(SinkState::new(Sink::new(get::<String>(row, "sink")?), filter, timestamp(row, "registered_at")?))
        }
    };
}
pub(crate) use sinks;
