//! The consumer's side: transactions, and what can be tried.

/// The same steps over the statements of one database.
macro_rules! inbox {
    ($db:ty, $folder:literal) => {
        use event_core::runtime::{Inbox, InboxTransaction, StoreError};
        use event_core::{Letter, LetterId, Message, Place, Timestamp};

        use super::row::letter;
        use crate::context::Context;
        use crate::dialect::{Time, statement};
        use crate::store::{Store, error};
        use crate::transaction::{Transaction, begin_own};

        impl Inbox for Store<$db> {
            type Transaction = Transaction<'static, $db>;

            async fn begin(&self) -> Result<Transaction<'static, $db>, StoreError> {
                let transaction = begin_own(&self.pool).await.map_err(|source| error("begin a transaction", source))?;
                Ok(transaction.with_clock(self.clock.clone()))
            }

            async fn due(
                &self,
                consumer: &str,
                now: Timestamp,
                limit: u32,
            ) -> Result<(Vec<LetterId>, Option<Timestamp>), StoreError> {
                let due = sqlx::query_scalar(statement!($folder, inbox_due))
                    .bind(consumer)
                    .bind(Time(now))
                    .bind(i64::from(limit))
                    .fetch_all(&self.pool)
                    .await
                    .map_err(|source| error("look for retries", source))?;
                let next: Option<Time> = sqlx::query_scalar(statement!($folder, inbox_next_due))
                    .bind(consumer)
                    .fetch_one(&self.pool)
                    .await
                    .map_err(|source| error("look for retries", source))?;
                Ok((due.into_iter().map(LetterId::new).collect(), next.map(|Time(next)| next)))
            }

            async fn letters(
                &self,
                consumer: &str,
                place: Place,
                after: LetterId,
                limit: u32,
            ) -> Result<Vec<Letter>, StoreError> {
                let rows = sqlx::query(statement!($folder, inbox_letters))
                    .bind(consumer)
                    .bind(place.as_str())
                    .bind(after.number())
                    .bind(i64::from(limit))
                    .fetch_all(&self.pool)
                    .await
                    .map_err(|source| error("read letters", source))?;
                rows.iter().map(letter).collect()
            }

            async fn forget(&self, consumer: &str, before: Timestamp) -> Result<bool, StoreError> {
                let failed = |source| error("forget what is old", source);
                let forget = sqlx::query(statement!($folder, inbox_forget)).bind(consumer).bind(Time(before));
                let forgotten = forget.execute(&self.pool).await.map_err(failed)?.rows_affected();
                let gaps = sqlx::query(statement!($folder, inbox_forget_gaps)).bind(consumer);
                gaps.execute(&self.pool).await.map_err(failed)?;
                Ok(forgotten > 0)
            }

            fn now(&self) -> Timestamp {
                self.clock.now()
            }
        }

        impl InboxTransaction for Transaction<'static, $db> {
            type Context<'c> = Context<'c, $db>;

            async fn savepoint<'c>(&'c mut self, message: &'c Message) -> Result<Context<'c, $db>, StoreError> {
                let savepoint =
                    Transaction::savepoint(self).await.map_err(|source| error("open a savepoint", source))?;
                Ok(Context::new(savepoint, message))
            }

            async fn commit(self) -> Result<(), StoreError> {
                Transaction::commit(self).await.map_err(|source| error("commit a batch", source))
            }
        }
    };
}
pub(crate) use inbox;
