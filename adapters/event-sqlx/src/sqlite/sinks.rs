//! The sinks of an outbox.

use event_core::runtime::{Sinks, StoreError};
use event_core::{Registration, Sink, SinkState, Start};
use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, SqliteConnection};

use super::row::{get, timestamp, unreadable};
use crate::store::{Store, error};
use crate::transaction::begin;

impl Sinks for Store<Sqlite> {
    async fn register(&self, sink: &Sink, registration: &Registration) -> Result<(), StoreError> {
        let failed = |source| error("register a sink", source);
        let mut transaction = begin(&self.pool).await.map_err(failed)?;
        sqlx::query(include_str!("../../sql/sqlite/sinks_register.sql"))
            .bind(sink.as_str())
            .bind(registration.filter.to_string())
            .bind(self.clock.now().unix_micros())
            .execute(&mut **transaction)
            .await
            .map_err(failed)?;
        sqlx::query(include_str!("../../sql/sqlite/sinks_register_slots.sql"))
            .bind(sink.as_str())
            .bind(registration.start == Start::Latest)
            .execute(&mut **transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn remove(&self, sink: &Sink) -> Result<bool, StoreError> {
        let failed = |source| error("remove a sink", source);
        let mut transaction = begin(&self.pool).await.map_err(failed)?;
        for statement in [
            include_str!("../../sql/sqlite/sinks_remove_slot.sql"),
            include_str!("../../sql/sqlite/sinks_remove_relay.sql"),
            include_str!("../../sql/sqlite/sinks_remove_parked.sql"),
        ] {
            delete(&mut transaction, statement, sink).await.map_err(failed)?;
        }
        let statement = include_str!("../../sql/sqlite/sinks_remove.sql");
        let removed = delete(&mut transaction, statement, sink).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        Ok(removed > 0)
    }

    async fn sinks(&self) -> Result<Vec<SinkState>, StoreError> {
        let query = sqlx::query(include_str!("../../sql/sqlite/sinks_sinks.sql"));
        let rows = query.fetch_all(&self.pool).await.map_err(|source| error("read the sinks", source))?;
        rows.iter().map(sink).collect()
    }
}

async fn delete(connection: &mut SqliteConnection, statement: &'static str, sink: &Sink) -> Result<u64, sqlx::Error> {
    Ok(sqlx::query(statement).bind(sink.as_str()).execute(connection).await?.rows_affected())
}

fn sink(row: &SqliteRow) -> Result<SinkState, StoreError> {
    let filter: String = get(row, "filter")?;
    let filter = filter.parse().map_err(|_| unreadable("filter"))?;
    Ok(SinkState::new(Sink::new(get::<String>(row, "sink")?), filter, timestamp(row, "registered_at")?))
}
