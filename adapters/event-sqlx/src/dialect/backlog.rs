//! What a consumer has taken but not applied.

/// The same steps over the statements of one database.
macro_rules! backlog {
    ($db:ty, $folder:literal) => {
        use event_core::runtime::{Backlog, NewLetter, StoreError};
        use event_core::{EventId, Letter, LetterId, PartitionKey, Source};

        use super::row::letter as read_letter;
        use crate::dialect::{Time, json, statement};
        use crate::store::error;
        use crate::transaction::Transaction;

        impl Backlog for Transaction<'_, $db> {
            async fn is_blocked(
                &mut self,
                consumer: &str,
                source: &Source,
                key: &PartitionKey,
            ) -> Result<bool, StoreError> {
                sqlx::query_scalar(statement!($folder, backlog_is_blocked))
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
                let add = sqlx::query(statement!($folder, backlog_add))
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
                    .bind(letter.due_at.map(Time))
                    .bind(json(&letter.errors)?)
                    .bind(Time(since));
                let id = super::inserted(add, self.connection()).await;
                id.map(LetterId::new).map_err(|source| error("write a letter", source))
            }

            async fn load(&mut self, id: LetterId) -> Result<Option<Letter>, StoreError> {
                let row = sqlx::query(statement!($folder, backlog_load))
                    .bind(id.number())
                    .fetch_optional(self.connection())
                    .await
                    .map_err(|source| error("read a letter", source))?;
                row.as_ref().map(read_letter).transpose()
            }

            async fn update(&mut self, letter: &Letter) -> Result<(), StoreError> {
                sqlx::query(statement!($folder, backlog_update))
                    .bind(letter.place.as_str())
                    .bind(i64::from(letter.attempts))
                    .bind(letter.due_at.map(Time))
                    .bind(json(&letter.errors)?)
                    .bind(letter.id.number())
                    .execute(self.connection())
                    .await
                    .map(drop)
                    .map_err(|source| error("write a letter", source))
            }

            async fn remove(&mut self, letter: &Letter, discarded: Option<&str>) -> Result<(), StoreError> {
                let remove = sqlx::query(statement!($folder, backlog_remove)).bind(letter.id.number());
                remove.execute(self.connection()).await.map_err(|source| error("remove a letter", source))?;
                let Some(reason) = discarded else { return Ok(()) };
                let now = self.clock().now();
                sqlx::query(statement!($folder, backlog_audit))
                    .bind(Time(now))
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
    };
}
pub(crate) use backlog;
