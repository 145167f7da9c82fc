//! What a consumer has taken but not applied.

/// The same steps over the statements of one database.
macro_rules! backlog {
    ($db:ty, $folder:literal) => {
        use event_core::runtime::{Audit, Backlog, NewLetter, StoreError};
        use event_core::{Class, Entry, EventId, Letter, LetterId, PartitionKey, Source};

        use super::row::letter as read_letter;
        use crate::dialect::{Time, json, statement};
        use crate::store::error;
        use crate::transaction::Transaction;

        impl Backlog for Transaction<'_, $db> {
            async fn blocked(
                &mut self,
                consumer: &str,
                keys: &[(Source, PartitionKey)],
            ) -> Result<Vec<bool>, StoreError> {
                let keys: Vec<_> = keys.iter().map(|(origin, key)| [origin.as_str(), key.as_str()]).collect();
                sqlx::query_scalar(statement!($folder, backlog_blocked))
                    .bind(consumer)
                    .bind(json(&keys)?)
                    .fetch_all(self.connection())
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
                    .bind(Time(since))
                    .bind(letter.class.map(Class::as_str));
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
                    .bind(letter.class.map(Class::as_str))
                    .bind(letter.replay.as_deref())
                    .bind(letter.id.number())
                    .execute(self.connection())
                    .await
                    .map(drop)
                    .map_err(|source| error("write a letter", source))
            }

            async fn remove(&mut self, letter: &Letter) -> Result<Option<LetterId>, StoreError> {
                let failed = |source| error("remove a letter", source);
                let remove = sqlx::query(statement!($folder, backlog_remove)).bind(letter.id.number());
                remove.execute(self.connection()).await.map_err(failed)?;
                let (Some(source), Some(key), true) = (&letter.source, &letter.partition_key, letter.blocks) else {
                    return Ok(None);
                };
                let next = sqlx::query_scalar(statement!($folder, backlog_next))
                    .bind(&letter.consumer)
                    .bind(key.as_str())
                    .bind(source.without_epoch().as_str())
                    .fetch_optional(self.connection())
                    .await
                    .map_err(failed)?;
                Ok(next.flatten().map(LetterId::new))
            }
        }

        impl Audit for Transaction<'_, $db> {
            async fn record(&mut self, entry: &Entry) -> Result<(), StoreError> {
                let now = self.clock().now();
                sqlx::query(statement!($folder, audit_record))
                    .bind(Time(now))
                    .bind(entry.action.as_str())
                    .bind(&entry.consumer)
                    .bind(entry.event_id.as_ref().map(EventId::as_str))
                    .bind(&entry.reason)
                    .bind(&entry.body)
                    .bind(json(&entry.errors)?)
                    .bind(entry.letter.map(LetterId::number))
                    .bind(entry.actor.as_deref())
                    .execute(self.connection())
                    .await
                    .map(drop)
                    .map_err(|source| error("write an entry of the audit", source))
            }
        }
    };
}
pub(crate) use backlog;
