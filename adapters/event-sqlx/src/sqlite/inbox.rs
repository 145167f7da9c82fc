//! The consumer's side: transactions, marks, and what can be tried.

use event_core::runtime::{Inbox, InboxTransaction, Marks, StoreError};
use event_core::{EventId, Letter, LetterId, Mark, Message, Place, Source, Stream, Timestamp};
use sqlx::Sqlite;

use super::row::{get, letter, unreadable};
use crate::context::Context;
use crate::store::{Store, error};
use crate::transaction::{Transaction, begin};

impl Inbox for Store<Sqlite> {
    type Transaction = Transaction<'static, Sqlite>;

    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        let transaction = begin(&self.pool).await.map_err(|source| error("begin a transaction", source))?;
        Ok(transaction.with_clock(self.clock.clone()))
    }

    async fn due(
        &self,
        consumer: &str,
        now: Timestamp,
        limit: u32,
    ) -> Result<(Vec<LetterId>, Option<Timestamp>), StoreError> {
        let due = sqlx::query_scalar(include_str!("../../sql/sqlite/inbox_due.sql"))
            .bind(consumer)
            .bind(now.unix_micros())
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(|source| error("look for retries", source))?;
        let next: Option<i64> = sqlx::query_scalar(include_str!("../../sql/sqlite/inbox_next_due.sql"))
            .bind(consumer)
            .fetch_one(&self.pool)
            .await
            .map_err(|source| error("look for retries", source))?;
        Ok((due.into_iter().map(LetterId::new).collect(), next.map(Timestamp::from_unix_micros)))
    }

    async fn letters(
        &self,
        consumer: &str,
        place: Place,
        after: LetterId,
        limit: u32,
    ) -> Result<Vec<Letter>, StoreError> {
        let rows = sqlx::query(include_str!("../../sql/sqlite/inbox_letters.sql"))
            .bind(consumer)
            .bind(place.as_str())
            .bind(after.number())
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(|source| error("read letters", source))?;
        rows.iter().map(letter).collect()
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl Marks for Transaction<'_, Sqlite> {
    async fn mark(&mut self, consumer: &str, stream: &Stream) -> Result<Option<Mark>, StoreError> {
        let row = sqlx::query(include_str!("../../sql/sqlite/marks_mark.sql"))
            .bind(consumer)
            .bind(stream.source.as_str())
            .bind(i64::from(stream.slot.number()))
            .fetch_optional(self.connection())
            .await
            .map_err(|source| error("read a mark", source))?;
        let Some(row) = row else { return Ok(None) };
        let sequence: String = get(&row, "sequence")?;
        let sequence = sequence.parse().map_err(|_| unreadable("sequence"))?;
        Ok(Some(Mark::new(sequence, get::<String>(&row, "event_id")?.into())))
    }

    async fn move_mark(&mut self, consumer: &str, stream: &Stream, mark: &Mark) -> Result<(), StoreError> {
        sqlx::query(include_str!("../../sql/sqlite/marks_move_mark.sql"))
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
        let done = sqlx::query(include_str!("../../sql/sqlite/marks_remember.sql"))
            .bind(consumer)
            .bind(source.as_str())
            .bind(id.as_str())
            .bind(now.unix_micros())
            .execute(self.connection())
            .await
            .map_err(|source| error("remember an event", source))?;
        Ok(done.rows_affected() == 1)
    }
}

impl InboxTransaction for Transaction<'static, Sqlite> {
    type Context<'c> = Context<'c, Sqlite>;

    async fn savepoint<'c>(&'c mut self, message: &'c Message) -> Result<Context<'c, Sqlite>, StoreError> {
        let savepoint = Transaction::savepoint(self).await.map_err(|source| error("open a savepoint", source))?;
        Ok(Context::new(savepoint, message))
    }

    async fn commit(self) -> Result<(), StoreError> {
        Transaction::commit(self).await.map_err(|source| error("commit a batch", source))
    }
}
