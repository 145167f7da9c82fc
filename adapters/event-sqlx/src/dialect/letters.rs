//! Letters, as people look for them.

/// The same steps over the statements of one database.
macro_rules! letters {
    ($db:ty, $folder:literal) => {
        use event_core::runtime::{Letters, StoreError};
        use event_core::{Action, Letter, LetterId, Selection};

        use super::row::{letter, unreadable};
        use crate::dialect::{json, statement};
        use crate::store::{Store, error};

        impl Letters for Store<$db> {
            async fn find(
                &self,
                selection: &Selection,
                after: LetterId,
                limit: u32,
            ) -> Result<Vec<Letter>, StoreError> {
                let rows = sqlx::query(statement!($folder, letters_find))
                    .bind(json(selection)?)
                    .bind(after.number())
                    .bind(i64::from(limit))
                    .fetch_all(&self.pool)
                    .await
                    .map_err(|source| error("look for letters", source))?;
                rows.iter().map(letter).collect()
            }

            async fn count(&self, selection: &Selection) -> Result<u64, StoreError> {
                let count: i64 = sqlx::query_scalar(statement!($folder, letters_count))
                    .bind(json(selection)?)
                    .fetch_one(&self.pool)
                    .await
                    .map_err(|source| error("count letters", source))?;
                Ok(count.unsigned_abs())
            }

            async fn read(&self, ids: &[LetterId]) -> Result<Vec<Letter>, StoreError> {
                let rows = sqlx::query(statement!($folder, letters_read))
                    .bind(json(&numbers(ids))?)
                    .fetch_all(&self.pool)
                    .await
                    .map_err(|source| error("read letters", source))?;
                rows.iter().map(letter).collect()
            }

            async fn behind(&self, ids: &[LetterId]) -> Result<Vec<u64>, StoreError> {
                let counts: Vec<i64> = sqlx::query_scalar(statement!($folder, letters_behind))
                    .bind(json(&numbers(ids))?)
                    .fetch_all(&self.pool)
                    .await
                    .map_err(|source| error("count held events", source))?;
                Ok(counts.into_iter().map(i64::unsigned_abs).collect())
            }

            async fn ended(&self, ids: &[LetterId]) -> Result<Vec<(LetterId, Action)>, StoreError> {
                let rows: Vec<(i64, String)> = sqlx::query_as(statement!($folder, letters_ended))
                    .bind(json(&numbers(ids))?)
                    .fetch_all(&self.pool)
                    .await
                    .map_err(|source| error("read the audit", source))?;
                let action = |word: &str| Action::from_word(word).ok_or_else(|| unreadable("action"));
                rows.iter().map(|(id, word)| Ok((LetterId::new(*id), action(word)?))).collect()
            }
        }

        fn numbers(ids: &[LetterId]) -> Vec<i64> {
            ids.iter().map(|id| id.number()).collect()
        }
    };
}
pub(crate) use letters;
