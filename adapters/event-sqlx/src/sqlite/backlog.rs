//! What a consumer has taken but not applied.

use event_core::runtime::{Backlog, NewLetter, StoreError};
use event_core::{EventId, Letter, LetterId, PartitionKey, Source, Timestamp};
use sqlx::Sqlite;

use super::row::{json, letter as read_letter};
use crate::store::error;
use crate::transaction::Transaction;

impl Backlog for Transaction<'_, Sqlite> {
    async fn is_blocked(&mut self, consumer: &str, source: &Source, key: &PartitionKey) -> Result<bool, StoreError> {
        sqlx::query_scalar(include_str!("../../sql/sqlite/backlog_is_blocked.sql"))
            .bind(consumer)
            .bind(source.as_str())
            .bind(key.as_str())
            .fetch_one(self.connection())
            .await
            .map_err(|source| error("look at the backlog", source))
    }

    async fn add(&mut self, consumer: &str, letter: &NewLetter) -> Result<LetterId, StoreError> {
        let envelope = letter.envelope.as_ref();
        let key = envelope.map(|envelope| envelope.ordering_key());
        let since = self.clock().now();
        let added = sqlx::query(include_str!("../../sql/sqlite/backlog_add.sql"))
            .bind(consumer)
            .bind(letter.place.as_str())
            .bind(&letter.body)
            .bind(envelope.map(|envelope| envelope.source.as_str()))
            .bind(envelope.map(|envelope| envelope.id.as_str()))
            .bind(envelope.map(|envelope| envelope.event_type.as_str()))
            .bind(envelope.map(|envelope| i64::from(envelope.event_version)))
            .bind(key.as_ref().map(PartitionKey::as_str))
            .bind(letter.blocks)
            .bind(i64::from(letter.attempts))
            .bind(letter.due_at.map(Timestamp::unix_micros))
            .bind(json(&letter.errors)?)
            .bind(since.unix_micros())
            .execute(self.connection())
            .await
            .map_err(|source| error("write a letter", source))?;
        Ok(LetterId::new(added.last_insert_rowid()))
    }

    async fn load(&mut self, id: LetterId) -> Result<Option<Letter>, StoreError> {
        let row = sqlx::query(include_str!("../../sql/sqlite/backlog_load.sql"))
            .bind(id.number())
            .fetch_optional(self.connection())
            .await
            .map_err(|source| error("read a letter", source))?;
        row.as_ref().map(read_letter).transpose()
    }

    async fn update(&mut self, letter: &Letter) -> Result<(), StoreError> {
        sqlx::query(include_str!("../../sql/sqlite/backlog_update.sql"))
            .bind(letter.id.number())
            .bind(letter.place.as_str())
            .bind(i64::from(letter.attempts))
            .bind(letter.due_at.map(Timestamp::unix_micros))
            .bind(json(&letter.errors)?)
            .execute(self.connection())
            .await
            .map(drop)
            .map_err(|source| error("write a letter", source))
    }

    async fn remove(&mut self, letter: &Letter, discarded: Option<&str>) -> Result<(), StoreError> {
        let remove = sqlx::query(include_str!("../../sql/sqlite/backlog_remove.sql")).bind(letter.id.number());
        remove.execute(self.connection()).await.map_err(|source| error("remove a letter", source))?;
        let Some(reason) = discarded else { return Ok(()) };
        let now = self.clock().now();
        sqlx::query(include_str!("../../sql/sqlite/backlog_audit.sql"))
            .bind(now.unix_micros())
            .bind(&letter.consumer)
            .bind(letter.event_id.as_ref().map(EventId::as_str))
            .bind(reason)
            .bind(&letter.body)
            .bind(json(&letter.errors)?)
            .execute(self.connection())
            .await
            .map(drop)
            .map_err(|source| error("record a discard", source))
    }
}
