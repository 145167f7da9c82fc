//! How far a consumer has come.

/// The same steps over the statements of one database.
macro_rules! marks {
    ($db:ty, $folder:literal) => {
        use event_core::runtime::{Marks, StoreError};
        use event_core::{EventId, Mark, Source, Stream};

        use super::row::{get, unreadable};
        use crate::dialect::{Time, statement};
        use crate::store::error;
        use crate::transaction::Transaction;

        type Connection = <$db as sqlx::Database>::Connection;
        type Row = <$db as sqlx::Database>::Row;

        impl Marks for Transaction<'_, $db> {
            async fn mark(&mut self, consumer: &str, stream: &Stream) -> Result<Option<Mark>, StoreError> {
                let mut row = read_mark(self.connection(), consumer, stream).await?;
                if row.is_none() && super::begin_mark(self.connection(), consumer, stream).await? {
                    row = read_mark(self.connection(), consumer, stream).await?;
                }
                let Some(row) = row else { return Ok(None) };
                let Some(sequence) = get::<Option<String>>(&row, "sequence")? else { return Ok(None) };
                let sequence = sequence.parse().map_err(|_| unreadable("sequence"))?;
                Ok(Some(Mark::new(sequence, get::<String>(&row, "event_id")?.into())))
            }

            async fn move_mark(&mut self, consumer: &str, stream: &Stream, mark: &Mark) -> Result<(), StoreError> {
                sqlx::query(statement!($folder, marks_move_mark))
                    .bind(consumer)
                    .bind(stream.source.as_str())
                    .bind(i64::from(stream.slot.number()))
                    .bind(mark.sequence.to_string())
                    .bind(mark.event_id.as_str())
                    .execute(self.connection())
                    .await
                    .map(drop)
                    .map_err(|source| error("move a mark", source))
            }

            async fn remember(&mut self, consumer: &str, source: &Source, id: &EventId) -> Result<bool, StoreError> {
                let now = self.clock().now();
                let done = sqlx::query(statement!($folder, marks_remember))
                    .bind(consumer)
                    .bind(source.as_str())
                    .bind(id.as_str())
                    .bind(Time(now))
                    .execute(self.connection())
                    .await;
                match done {
                    Ok(done) => Ok(done.rows_affected() == 1),
                    // MySQL and MariaDB take back the statement alone.
                    Err(sqlx::Error::Database(source)) if source.is_unique_violation() => Ok(false),
                    Err(source) => Err(error("remember an event", source)),
                }
            }
        }

        /// Reads a mark, and keeps others from reading it until this transaction ends.
        async fn read_mark(
            connection: &mut Connection,
            consumer: &str,
            stream: &Stream,
        ) -> Result<Option<Row>, StoreError> {
            sqlx::query(statement!($folder, marks_mark))
                .bind(consumer)
                .bind(stream.source.as_str())
                .bind(i64::from(stream.slot.number()))
                .fetch_optional(connection)
                .await
                .map_err(|source| error("read a mark", source))
        }
    };
}
pub(crate) use marks;
