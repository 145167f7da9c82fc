//! How far a consumer has come.

/// The same steps over the statements of one database.
macro_rules! marks {
    ($db:ty, $folder:literal) => {
        use event_core::runtime::{Epochs, Gaps, Marks, StoreError};
        use event_core::{EventId, Gap, Kept, Mark, Passage, Past, Sequence, Source, Stream, Timestamp};

        use super::row::{get, unreadable};
        use crate::dialect::{Time, statement};
        use crate::store::error;
        use crate::transaction::Transaction;

        type Connection = <$db as sqlx::Database>::Connection;
        type Row = <$db as sqlx::Database>::Row;

        impl Marks for Transaction<'_, $db> {
            async fn advance(&mut self, consumer: &str, passages: &[Passage]) -> Result<Vec<bool>, StoreError> {
                super::advance(self.connection(), consumer, passages).await
            }

            async fn mark(&mut self, consumer: &str, stream: &Stream) -> Result<Option<Mark>, StoreError> {
                let mut row = read_mark(self.connection(), consumer, stream).await?;
                if row.is_none() && super::begin_mark(self.connection(), consumer, stream).await? {
                    row = read_mark(self.connection(), consumer, stream).await?;
                }
                row.as_ref().map_or(Ok(None), read)
            }

            async fn move_mark(&mut self, consumer: &str, stream: &Stream, mark: &Mark) -> Result<(), StoreError> {
                sqlx::query(statement!($folder, marks_move_mark))
                    .bind(consumer)
                    .bind(stream.source.as_str())
                    .bind(i64::from(stream.slot.number()))
                    .bind(mark.sequence.to_string())
                    .bind(mark.event_id.as_str())
                    .bind(mark.overlap.map(|overlap| overlap.to_string()))
                    .bind(&mark.recent)
                    .bind(mark.recent_after.to_string())
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

        impl Epochs for Transaction<'_, $db> {
            async fn other_epochs(
                &mut self,
                consumer: &str,
                stream: &Stream,
            ) -> Result<Vec<(Stream, Mark)>, StoreError> {
                let origin = stream.source.without_epoch();
                let sources: Vec<String> = sqlx::query_scalar(statement!($folder, epochs_other_epochs))
                    .bind(consumer)
                    .bind(i64::from(stream.slot.number()))
                    .bind(stream.source.as_str())
                    .bind(origin.as_str())
                    .fetch_all(self.connection())
                    .await
                    .map_err(|source| error("look for other epochs", source))?;
                let mut others = Vec::with_capacity(sources.len());
                for source in sources.into_iter().map(Source::from) {
                    if source.without_epoch() != origin {
                        continue;
                    }
                    let other = Stream::new(source, stream.slot);
                    let row = read_mark(self.connection(), consumer, &other).await?;
                    if let Some(mark) = row.as_ref().map_or(Ok(None), read)? {
                        others.push((other, mark));
                    }
                }
                Ok(others)
            }

            async fn keep(&mut self, consumer: &str, stream: &Stream, kept: &Kept) -> Result<(), StoreError> {
                let now = self.clock().now();
                sqlx::query(statement!($folder, epochs_keep))
                    .bind(consumer)
                    .bind(stream.source.as_str())
                    .bind(i64::from(stream.slot.number()))
                    .bind(kept.upto.to_string())
                    .bind(kept.after.to_string())
                    .bind(Time(now))
                    .bind(&kept.ids)
                    .execute(self.connection())
                    .await
                    .map(drop)
                    .map_err(|source| error("write down what was taken", source))
            }

            async fn past(
                &mut self,
                consumer: &str,
                stream: &Stream,
                sequence: Sequence,
                id: &EventId,
            ) -> Result<Past, StoreError> {
                let row = sqlx::query(statement!($folder, epochs_past))
                    .bind(consumer)
                    .bind(stream.source.as_str())
                    .bind(i64::from(stream.slot.number()))
                    .bind(sequence.to_string())
                    .fetch_optional(self.connection())
                    .await
                    .map_err(|source| error("look for an event that was taken", source))?;
                let Some(row) = row else { return Ok(Past::Forgotten) };
                let reaches_back = parsed(get(&row, "after")?, "after")? < sequence;
                Ok(if reaches_back { Past::of(get(&row, "ids")?, id) } else { Past::Forgotten })
            }
        }

        impl Gaps for Transaction<'_, $db> {
            async fn missing(&mut self, consumer: &str, gap: &Gap, now: Timestamp) -> Result<Timestamp, StoreError> {
                let failed = |source| error("write a gap down", source);
                let (source, slot) = (gap.stream.source.as_str(), i64::from(gap.stream.slot.number()));
                let since: Option<Time> = sqlx::query_scalar(statement!($folder, gaps_since))
                    .bind(consumer)
                    .bind(source)
                    .bind(slot)
                    .bind(gap.after.to_string())
                    .fetch_optional(self.connection())
                    .await
                    .map_err(failed)?;
                let since = since.unwrap_or(Time(now));
                sqlx::query(statement!($folder, gaps_missing))
                    .bind(consumer)
                    .bind(source)
                    .bind(slot)
                    .bind(gap.after.to_string())
                    .bind(gap.previous.to_string())
                    .bind(gap.sequence.to_string())
                    .bind(gap.event_id.as_str())
                    .bind(since)
                    .bind(Time(now))
                    .execute(self.connection())
                    .await
                    .map_err(failed)?;
                Ok(since.0)
            }
        }

        fn read(row: &Row) -> Result<Option<Mark>, StoreError> {
            let Some(sequence) = get::<Option<String>>(row, "sequence")? else { return Ok(None) };
            let mut mark = Mark::new(parsed(sequence, "sequence")?, get::<String>(row, "event_id")?.into());
            let overlap: Option<String> = get(row, "overlap")?;
            mark.overlap = overlap.map(|overlap| parsed(overlap, "overlap")).transpose()?;
            mark.recent = get::<Option<Vec<u8>>>(row, "recent")?.unwrap_or_default();
            let recent_after: Option<String> = get(row, "recent_after")?;
            mark.recent_after =
                recent_after.map_or(Ok(mark.sequence), |recent_after| parsed(recent_after, "recent_after"))?;
            Ok(Some(mark))
        }

        fn parsed(sequence: String, column: &'static str) -> Result<Sequence, StoreError> {
            sequence.parse().map_err(|_| unreadable(column))
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

/// Takes the passages of a batch one by one.
macro_rules! advance {
    ($db:ty, $folder:literal, $function:ident, $statement:ident) => {
        async fn $function(
            connection: &mut <$db as sqlx::Database>::Connection,
            consumer: &str,
            passages: &[event_core::Passage],
        ) -> Result<Vec<bool>, event_core::runtime::StoreError> {
            let mut taken = Vec::with_capacity(passages.len());
            for passage in passages {
                let moved = sqlx::query(statement!($folder, $statement))
                    .bind(event_core::digests(&passage.ids))
                    .bind(passage.mark.sequence.to_string())
                    .bind(passage.mark.event_id.as_str())
                    .bind(consumer)
                    .bind(passage.stream.source.as_str())
                    .bind(i64::from(passage.stream.slot.number()))
                    .bind(passage.previous.to_string())
                    .bind(passage.first.to_string())
                    .bind(crate::dialect::ROOM)
                    .execute(&mut *connection)
                    .await
                    .map_err(|source| crate::store::error("move a mark", source))?;
                taken.push(moved.rows_affected() == 1);
            }
            Ok(taken)
        }
    };
}
pub(crate) use advance;
