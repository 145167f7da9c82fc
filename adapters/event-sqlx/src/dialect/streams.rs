//! Streams, as people look at them, and how a consumer begins again.

/// The same steps over the statements of one database.
macro_rules! streams {
    ($db:ty, $folder:literal) => {
        use event_core::runtime::{Forgotten, Restart, StoreError, Streams};
        use event_core::{EventId, Gap, Mark, OpenGap, Sequence, Sink, Slot, Source, Stream, Timestamp};

        use super::row::{get, sequence, slot, timestamp, unreadable};
        use crate::dialect::{Time, signed, statement};
        use crate::store::{Store, error};
        use crate::transaction::Transaction;

        type Row = <$db as sqlx::Database>::Row;

        impl Streams for Store<$db> {
            async fn open_gaps(&self, consumer: Option<&str>) -> Result<Vec<OpenGap>, StoreError> {
                let query = sqlx::query(statement!($folder, streams_gaps)).bind(consumer);
                let rows = query.fetch_all(&self.pool).await.map_err(|source| error("read the gaps", source))?;
                rows.iter().map(open_gap).collect()
            }

            async fn in_outbox(
                &self,
                stream: &Stream,
                after: Sequence,
                until: Sequence,
            ) -> Result<Option<u64>, StoreError> {
                let count: Option<i64> = sqlx::query_scalar(statement!($folder, streams_in_outbox))
                    .bind(i64::from(stream.slot.number()))
                    .bind(signed(after.number()))
                    .bind(signed(until.number()))
                    .bind(stream.source.without_epoch().as_str())
                    .fetch_optional(&self.pool)
                    .await
                    .map_err(|source| error("look into the outbox", source))?;
                Ok(count.map(i64::unsigned_abs))
            }

            async fn own_sources(&self, consumer: &str) -> Result<Vec<Source>, StoreError> {
                let query = sqlx::query_scalar(statement!($folder, streams_own_sources)).bind(consumer);
                let sources: Result<Vec<String>, _> = query.fetch_all(&self.pool).await;
                let sources = sources.map_err(|source| error("read the marks", source))?;
                Ok(sources.into_iter().map(Source::from).collect())
            }

            async fn places(&self, time: Timestamp) -> Result<Vec<(Slot, Sequence)>, StoreError> {
                let query = sqlx::query(statement!($folder, streams_places)).bind(Time(time));
                let rows = query.fetch_all(&self.pool).await.map_err(|source| error("read the outbox", source))?;
                rows.iter().map(|row| Ok((slot(row)?, sequence(row, "position")?))).collect()
            }
        }

        impl Restart for Transaction<'_, $db> {
            async fn all_marks(&mut self, consumer: &str) -> Result<Vec<(Stream, Mark)>, StoreError> {
                let query = sqlx::query(statement!($folder, restart_marks)).bind(consumer);
                let rows = query.fetch_all(self.connection()).await;
                rows.map_err(|source| error("read the marks", source))?
                    .iter()
                    .filter_map(|row| mark(row).transpose())
                    .collect()
            }

            async fn forget_source(&mut self, consumer: &str, source: &Source) -> Result<Forgotten, StoreError> {
                let failed = |source| error("forget what a consumer has", source);
                let origin = source.without_epoch();
                let bare = origin.as_str().split('?').next().unwrap_or_default();
                let letters = sqlx::query(statement!($folder, restart_letters)).bind(consumer).bind(origin.as_str());
                let letters = letters.execute(self.connection()).await.map_err(failed)?.rows_affected();
                let ids = sqlx::query(statement!($folder, restart_ids)).bind(consumer).bind(origin.as_str()).bind(bare);
                let ids = ids.execute(self.connection()).await.map_err(failed)?.rows_affected();
                for statement in [statement!($folder, restart_history), statement!($folder, restart_gaps)] {
                    let forget = sqlx::query(statement).bind(consumer).bind(source.as_str());
                    forget.execute(self.connection()).await.map_err(failed)?;
                }
                Ok(Forgotten::new(letters, ids))
            }

            async fn rewind(&mut self, sink: &Sink, slot: Slot, after: Sequence) -> Result<bool, StoreError> {
                let rewind = sqlx::query(statement!($folder, restart_rewind))
                    .bind(signed(after.number()))
                    .bind(signed(after.number()))
                    .bind(sink.as_str())
                    .bind(i64::from(slot.number()));
                let done = rewind.execute(self.connection()).await;
                Ok(done.map_err(|source| error("move a sink", source))?.rows_affected() > 0)
            }
        }

        fn open_gap(row: &Row) -> Result<OpenGap, StoreError> {
            let stream = stream(row)?;
            let at = |column| text_sequence(row, column);
            let id = EventId::from(get::<String>(row, "event_id")?);
            let gap = Gap::new(stream, at("after")?, at("previous")?, at("sequence")?, id);
            let consumer: String = get(row, "consumer")?;
            Ok(OpenGap::new(consumer, gap, timestamp(row, "since")?, timestamp(row, "seen_at")?))
        }

        /// A row without a sequence is there to be locked: nothing was taken of it.
        fn mark(row: &Row) -> Result<Option<(Stream, Mark)>, StoreError> {
            let Some(at) = get::<Option<String>>(row, "sequence")? else { return Ok(None) };
            let at = at.parse().map_err(|_| unreadable("sequence"))?;
            let id: Option<String> = get(row, "event_id")?;
            Ok(Some((stream(row)?, Mark::new(at, EventId::from(id.unwrap_or_default())))))
        }

        fn stream(row: &Row) -> Result<Stream, StoreError> {
            Ok(Stream::new(Source::from(get::<String>(row, "source")?), slot(row)?))
        }

        fn text_sequence(row: &Row, column: &'static str) -> Result<Sequence, StoreError> {
            get::<String>(row, column)?.parse().map_err(|_| unreadable(column))
        }
    };
}
pub(crate) use streams;
